#pragma once

#include <sys/types.h>
#include <sys/socket.h>
#include <stdarg.h>
#include <stdint.h>
#include <microhttpd.h>

// Swift cannot call variadic functions: one door for each use.

typedef void *(*openid_uri_callback)(void *context, const char *uri, struct MHD_Connection *connection);

struct openid_daemon_callbacks {
  void *context;
  openid_uri_callback begin;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback end;
  MHD_NotifyConnectionCallback connection;
};

struct openid_daemon_limits {
  unsigned int threads;
  unsigned int connections;
  size_t memory;
};

/// Leaves paths and queries as they were sent.
static inline size_t openid_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

/// So many threads, over epoll where there is one, on a socket that listens already. A connection stays with the thread that took it.
static inline struct MHD_Daemon *openid_start_daemon(
    MHD_socket socket, struct openid_daemon_limits limits, struct openid_daemon_callbacks callbacks) {
#ifdef __linux__
  const unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
#else
  const unsigned int flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
#endif
  return MHD_start_daemon(
      flags, 0, NULL, NULL, callbacks.access, callbacks.context,
      MHD_OPTION_LISTEN_SOCKET, socket,
      MHD_OPTION_THREAD_POOL_SIZE, limits.threads > 1 ? limits.threads : 0,
      MHD_OPTION_CONNECTION_LIMIT, limits.connections,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.memory,
      MHD_OPTION_UNESCAPE_CALLBACK, openid_leave_escaped, NULL,
      MHD_OPTION_URI_LOG_CALLBACK, callbacks.begin, callbacks.context,
      MHD_OPTION_NOTIFY_COMPLETED, callbacks.end, callbacks.context,
      MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.context,
      MHD_OPTION_END);
}

/// The socket of a connection; -1 where it has none.
static inline MHD_socket openid_connection_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// What the callback for connections has left there.
static inline void *openid_connection_state(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}
