// Tells ThreadSanitizer what the standard library's Mutex does on Linux where two threads meet at it.
//
// Mutex is a futex. Its fast path is compiled into the code that uses it, so ThreadSanitizer sees it. Its slow path, taken where
// the lock is held, lies in libswiftSynchronization, which is not instrumented: the kernel hands the lock over, and
// ThreadSanitizer misses that whatever the last owner wrote is seen by the next. Both then look like a race.
//
// Loaded before that library, these stand in front of its slow path and say just that, of that one lock. Nothing is silenced: a
// race that no lock prevents is reported as ever (Scripts/sanitize.sh plants one to prove it).

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// There in a process that is sanitized, and nowhere else.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

static void *next(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void mutex_lock(uint32_t thread, SELF void *lock) __asm__(LOCK);
SWIFT void mutex_lock(uint32_t thread, SELF void *lock) {
  static SWIFT void (*original)(uint32_t, SELF void *);
  if (!original) original = next(LOCK);
  original(thread, lock);
  if (__tsan_acquire) __tsan_acquire(lock);
}

SWIFT _Bool mutex_try_lock(SELF void *lock) __asm__(TRY_LOCK);
SWIFT _Bool mutex_try_lock(SELF void *lock) {
  static SWIFT _Bool (*original)(SELF void *);
  if (!original) original = next(TRY_LOCK);
  _Bool is_locked = original(lock);
  if (is_locked && __tsan_acquire) __tsan_acquire(lock);
  return is_locked;
}

SWIFT void mutex_unlock(SELF void *lock) __asm__(UNLOCK);
SWIFT void mutex_unlock(SELF void *lock) {
  static SWIFT void (*original)(SELF void *);
  if (!original) original = next(UNLOCK);
  if (__tsan_release) __tsan_release(lock);
  original(lock);
}
