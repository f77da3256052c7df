#!/usr/bin/env bash
# The calls against known references, each pair in turns within one run, so that what else the machine does hits both.
# Prints ratios with what is asked of them; a ratio below is "short", and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
clientsync=${CLIENTSYNC:-$root/.build/release/clientsync}
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-2}
tools=$root/.build/benchmarks

"$root/Benchmarks/setup.sh"
mkdir -p "$tools"
for name in constant-answer:microhttpd group-commits:sqlite3; do
  cc -O2 -Wall -Wextra -o "$tools/${name%:*}" "Benchmarks/references/${name%:*}.c" "-l${name#*:}"
done
swift build -c release --package-path Benchmarks/Driver --scratch-path "$tools/driver" >"$tools/driver.log" 2>&1 \
  || { cat "$tools/driver.log" >&2; exit 1; }
driver=$tools/driver/release/RegistrationBenchmark

# On a disk unless asked otherwise: what is synced has to cost what it costs.
work=$(mktemp -d "${DATA:-$tools}/run.XXXXXX")
started=()
finish() {
  ((${#started[@]} == 0)) || kill "${started[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost

# provider NAME: starts one with its data in a file and leaves its address in $address, its process in $process.
provider() {
  "$clientsync" provider --port 0 --admin-port 0 --data "$work/$1.sqlite" >"$work/$1.json" 2>/dev/null &
  process=$!
  started+=("$process")
  for ((i = 0; i < 200; i++)); do [[ -s $work/$1.json ]] && break; sleep 0.05; done
  address=$(jq -r .public "$work/$1.json")
}

# load URL [OPTION...]: what wrk reaches with 16 connections.
load() {
  local url=$1; shift
  wrk -t1 -c16 "-d${duration:-$seconds}" "$@" "$url" >"$work/wrk.txt"
  if grep -q 'Non-2xx' "$work/wrk.txt"; then cat "$work/wrk.txt" >&2; exit 1; fi
  awk '/Requests\/sec/ { printf "%d\n", $2 }' "$work/wrk.txt"
}

# compare NAME DEMAND: runs `ours` and `reference` in turns; the medians, the median ratio of a round, and the ratios' range.
compare() {
  local round
  : >"$work/pairs"
  duration=1 ours >/dev/null
  duration=1 reference >/dev/null
  for ((round = 0; round < rounds; round++)); do
    if ((round % 2)); then a=$(reference) b=$(ours); else b=$(ours) a=$(reference); fi
    echo "$b $a" >>"$work/pairs"
  done
  jq -rRn --arg name "$1" --argjson demand "$2" '
    [inputs | split(" ") | map(tonumber)]
    | def median: sort | .[length / 2 | floor];
      (map(.[0] / .[1]) | sort) as $ratios
    | ($ratios | median) as $ratio
    | [$name, (map(.[0]) | median), (map(.[1]) | median), $ratio * 100, $ratios[0] * 100, $ratios[-1] * 100, $demand * 100,
       if $ratio >= $demand then "ok" else "short" end]
    | map(if type == "number" then round else . end) | @tsv' "$work/pairs" |
    awk -F '\t' '{ printf "%-44s %7d/s  reference %7d/s  %3d %% (%d to %d)  asked %d %%  %s\n", $1, $2, $3, $4, $5, $6, $7, $8 }'
}

client='{"client_name":"Benchmark","redirect_uris":["https://benchmark.example.com/callback"],
"grant_types":["authorization_code","refresh_token"],"scope":"openid offline_access"}'
echo "the calls, $rounds rounds of $seconds s each, 16 in flight; load $(cut -d ' ' -f 1-3 /proc/loadavg)"

provider reads
created=$(curl -sS -d "$client" "$address/oauth2/register")
uri=$(jq -r .registration_client_uri <<<"$created")
token=$(jq -r .registration_access_token <<<"$created")
bytes=$(curl -sS -H "Authorization: Bearer $token" "$uri" | wc -c)
"$tools/constant-answer" "$bytes" >"$work/constant" &
started+=($!)
for ((i = 0; i < 200; i++)); do [[ -s $work/constant ]] && break; sleep 0.05; done

ours() { "$driver" get "$uri" "$token" "${duration:-$seconds}" 16; }
reference() { load "$uri" -H "Authorization: Bearer $token"; }
compare 'library, GET of a client, against wrk' 0.60

ours() { load "$uri" -H "Authorization: Bearer $token"; }
# The same header, so that as much is parsed.
reference() { load "http://127.0.0.1:$(cat "$work/constant")/" -H "Authorization: Bearer $token"; }
compare 'provider, GET, against a constant answer' 0.333

provider creates
ours() { load "$address/oauth2/register" -s Benchmarks/references/create.lua; }
reference() { "$tools/group-commits" "$work/reference.sqlite" "${duration:-$seconds}" 16 "$bytes"; }
compare 'provider, durable creates, against SQLite' 0.45

# Idle connections, held by this shell.
provider connections
ulimit -n "$(ulimit -H -n)"
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$process/status"; }
curl -sS -o "$work/answer" "$address/.well-known/openid-configuration"
before=$(resident)
for ((i = 0; i < 1000; i++)); do exec {descriptor}<>"/dev/tcp/127.0.0.1/${address##*:}"; done
curl -sS -o "$work/answer" "$address/.well-known/openid-configuration"
awk -v all="$(($(resident) - before))" 'BEGIN {
  each = all / 1000
  printf "%-44s %7.1f KB  1,000 at once take %d KB; asked less than 64 KB  %s\n", "provider, memory for an idle connection", each, all,
    each < 64 ? "ok" : "short" }'
