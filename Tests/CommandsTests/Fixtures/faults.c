/* Preloaded into a process: kills it at the n-th step on a file below a folder, right after the step, or with half of it written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long steps;

static int is_meant(const char *path) {
  const char *folder = getenv("FAULT_FOLDER");
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_meant_descriptor(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_meant(path);
}

static int is_its_turn(void) {
  const char *step = getenv("FAULT_STEP");
  return step && atomic_fetch_add(&steps, 1) + 1 == atol(step);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define STEP(name, meant, ...)                    \
  int its_turn = (meant) && is_its_turn();        \
  __typeof__(NEXT(name)(__VA_ARGS__)) result = NEXT(name)(__VA_ARGS__); \
  if (its_turn) die();                            \
  return result

ssize_t write(int descriptor, const void *bytes, size_t count) {
  int its_turn = is_meant_descriptor(descriptor) && is_its_turn();
  const char *kind = getenv("FAULT_KIND");
  if (its_turn && kind && strcmp(kind, "torn") == 0) count /= 2;
  ssize_t result = NEXT(write)(descriptor, bytes, count);
  if (its_turn) die();
  return result;
}

int fsync(int descriptor) { STEP(fsync, is_meant_descriptor(descriptor), descriptor); }
int rename(const char *from, const char *to) { STEP(rename, is_meant(to), from, to); }
int unlink(const char *path) { STEP(unlink, is_meant(path), path); }
int link(const char *from, const char *to) { STEP(link, is_meant(to), from, to); }
int mkdir(const char *path, mode_t mode) { STEP(mkdir, is_meant(path), path, mode); }

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  STEP(open, (flags & O_CREAT) && is_meant(path), path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  STEP(open64, (flags & O_CREAT) && is_meant(path), path, flags, mode);
}
