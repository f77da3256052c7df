#pragma once

#include <sys/types.h>
#include <sys/socket.h>
#include <stdarg.h>
#include <stdint.h>
#include <microhttpd.h>
#include <errno.h>
#include <fcntl.h>

// Swift cannot call variadic functions: one door for each use.

typedef void *(*openid_uri_callback)(void *context, const char *uri, struct MHD_Connection *connection);

struct openid_daemon_callbacks {
  void *context;
  openid_uri_callback begin;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback end;
  MHD_NotifyConnectionCallback connection;
};

/// Leaves paths and queries as they were sent.
static inline size_t openid_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

/// One thread, over epoll where there is one, for connections that are handed to it, each with so much memory. Whoever hands them over
/// counts them: at a limit of its own that thread (0.9.75) waits for a lock that it holds.
static inline struct MHD_Daemon *openid_start_daemon(size_t memory, struct openid_daemon_callbacks callbacks) {
#ifdef __linux__
  const unsigned int polling = MHD_USE_EPOLL_INTERNAL_THREAD;
#else
  const unsigned int polling = MHD_USE_POLL_INTERNAL_THREAD;
#endif
  return MHD_start_daemon(
      polling | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
      callbacks.access, callbacks.context,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned int)INT32_MAX,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
      MHD_OPTION_UNESCAPE_CALLBACK, openid_leave_escaped, NULL,
      MHD_OPTION_URI_LOG_CALLBACK, callbacks.begin, callbacks.context,
      MHD_OPTION_NOTIFY_COMPLETED, callbacks.end, callbacks.context,
      MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.context,
      MHD_OPTION_END);
}

#ifdef __linux__
// The system's header shows it to those only who ask for all that GNU has.
extern int accept4(int socket, struct sockaddr *address, socklen_t *size, int flags);
#endif

/// Takes a connection from a listening socket, private to this process, and hands it over.
///
/// Returns 0, or the system's error where none was taken or it could not be handed over; then it is closed.
static inline int openid_take_connection(MHD_socket listening, struct MHD_Daemon *daemon) {
  // Room for whatever address there is.
  union { struct sockaddr any; char bytes[128]; } address;
  socklen_t size = sizeof address;
#ifdef __linux__
  MHD_socket taken = accept4(listening, &address.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (taken < 0) return errno;
#else
  MHD_socket taken = accept(listening, &address.any, &size);
  if (taken < 0) return errno;
  fcntl(taken, F_SETFD, FD_CLOEXEC);
  fcntl(taken, F_SETFL, O_NONBLOCK);
#endif
  return MHD_add_connection(daemon, taken, &address.any, size) == MHD_YES ? 0 : errno == EAGAIN ? ENOMEM : errno;
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
