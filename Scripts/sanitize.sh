#!/usr/bin/env bash
# Runs all tests under ThreadSanitizer, then under AddressSanitizer. Any report fails, also one of a child process.
#   ONLY=thread or address: one of the two; FILTER=PATTERN: only these tests.
set -euo pipefail
cd "$(dirname "$0")/.."

# Leaks are not looked for: the test runner's own are all that would be found.
run() {
  local kind=$1; shift
  local scratch=$PWD/.build/sanitize-$kind reports
  reports=$scratch/reports
  rm -rf "$reports"
  mkdir -p "$reports"
  export TSAN_OPTIONS=log_path=$reports/thread ASAN_OPTIONS=detect_leaks=0:log_path=$reports/address:suppressions=$PWD/Scripts/Sanitizers/address.suppressions
  echo "sanitize: $kind: building"
  swift build --build-tests --sanitize="$kind" --scratch-path "$scratch" "$@" >"$scratch/build.log" 2>&1 \
    || { tail -n 40 "$scratch/build.log" >&2; exit 1; }
  local status=0
  Scripts/test.sh --sanitize="$kind" --scratch-path "$scratch" "$@" ${FILTER:+--filter "$FILTER"} \
    >"$scratch/test.log" 2>&1 || status=$?
  grep -E '^✘' "$scratch/test.log" || true
  tail -n 1 "$scratch/test.log"
  if compgen -G "$reports/*" >/dev/null; then
    head -n 200 "$reports"/* >&2
    echo "sanitize: $kind: $(ls "$reports" | wc -l) reports, in $reports" >&2
    exit 1
  fi
  if ((status != 0)); then
    echo "sanitize: $kind: tests failed; see $scratch/test.log" >&2
    exit 1
  fi
  echo "sanitize: $kind: no report"
}

# ThreadSanitizer has to be told of the standard library's Mutex; Scripts/Sanitizers/mutex.c says why. Whether it still finds what it
# should is tried first.
thread() {
  local folder=$PWD/.build/sanitize-thread
  mkdir -p "$folder"
  clang -O1 -fPIC -Wall -Werror -c -o "$folder/mutex.o" Scripts/Sanitizers/mutex.c
  cp Scripts/Sanitizers/Race.swift "$folder/main.swift"
  swiftc -sanitize=thread -Onone -o "$folder/race" "$folder/main.swift" -Xlinker "$folder/mutex.o"
  if ! TSAN_OPTIONS=exitcode=66 "$folder/race" >"$folder/race.log" 2>&1; then
    cat "$folder/race.log" >&2
    echo 'sanitize: thread: a lock that prevents a race is reported: does mutex.c still stand in front of the right functions?' >&2
    exit 1
  fi
  if TSAN_OPTIONS=exitcode=66 "$folder/race" racing >"$folder/race.log" 2>&1; then
    echo 'sanitize: thread: a race that was planted is not found, so nothing else would be.' >&2
    exit 1
  fi
  run thread -Xlinker "$folder/mutex.o"
}

[[ ${ONLY:-thread} != thread ]] || thread
[[ ${ONLY:-address} != address ]] || run address
