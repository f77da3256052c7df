// The most that the provider's HTTP server can reach: libmicrohttpd set up as it is there, with an answer of as many bytes as a
// read has, made once. `constant-answer BYTES` prints its port and serves until it is killed.
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct MHD_Response *response;

static enum MHD_Result answer(
    void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *upload, size_t *size, void **state) {
  (void)context, (void)url, (void)method, (void)version, (void)upload;
  // The first call has the header alone, as in the provider.
  if (*state == NULL) {
    *state = &response;
    return MHD_YES;
  }
  if (*size > 0) {
    *size = 0;
    return MHD_YES;
  }
  return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int count, char **arguments) {
  const size_t bytes = count > 1 ? strtoul(arguments[1], NULL, 10) : 1000;
  char *body = malloc(bytes);
  if (body == NULL) return 1;
  memset(body, 'x', bytes);
  response = MHD_create_response_from_buffer(bytes, body, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(response, "Content-Type", "application/json; charset=utf-8");
  MHD_add_response_header(response, "Cache-Control", "private, no-cache, no-store, must-revalidate");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  // As many threads as the provider has.
  const unsigned int processors = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN), threads = processors > 4 ? 4 : processors;
  struct MHD_Daemon *daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
      MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_END);
  if (daemon == NULL) return 1;
  printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  fflush(stdout);
  for (;;) pause();
}
