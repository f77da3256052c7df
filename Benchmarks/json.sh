#!/usr/bin/env bash
# Reads a state of ten thousand clients with the project's JSON reader and with jq, and prints the ratio of their user times;
# then what reading and writing cost inside one process. CLIENTS=N for another size.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build/benchmarks
CLIENTSYNC_BENCHMARKS=1 swift build -c release --scratch-path "$scratch" --product JSONBenchmark >/dev/null
program=$scratch/release/JSONBenchmark
state=$(mktemp)
times=$(mktemp)
trap 'rm -f "$state" "$times"' EXIT
"$program" make "${CLIENTS:-10000}" >"$state"

# user NAME COMMAND…: the median user time of seven runs on the state, in seconds.
TIMEFORMAT=%U
user() {
  local name=$1; shift
  for _ in 1 2 3 4 5 6 7; do { time "$@" <"$state" >/dev/null; } 2>>"$times.$name"; done
  sort -n "$times.$name" | sed -n 4p
  rm -f "$times.$name"
}
ours=$(user ours "$program" read)
theirs=$(user jq jq -n 'input|length')
awk -v ours="$ours" -v theirs="$theirs" -v size="$(stat -c %s "$state")" 'BEGIN {
  printf "reading a state of %.1f MB: %.3f s of user time, jq %.3f s, %.2f times (to be at most 0.5)\n",
    size / 1e6, ours, theirs, ours / theirs
}'
"$program" measure <"$state"
