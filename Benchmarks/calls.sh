#!/usr/bin/env bash
# The library's calls and the embedded provider, 16 in flight.
set -euo pipefail
source "$(dirname "$0")/common.sh"
section "Calls, 16 in flight, $rounds rounds of $seconds s"

reference_program constant-answer -lmicrohttpd
reference_program group-commits -lsqlite3
swift build -c release --package-path Benchmarks/Driver --scratch-path "$tools/driver" >"$tools/driver.log" 2>&1 \
  || { cat "$tools/driver.log" >&2; exit 1; }
driver=$tools/driver/release/RegistrationBenchmark

client='{"client_name":"Benchmark","redirect_uris":["https://benchmark.example.com/callback"],
"grant_types":["authorization_code","refresh_token"],"scope":"openid offline_access"}'

provider reads
created=$(curl -sS -d "$client" "$public/oauth2/register")
uri=$(jq -r .registration_client_uri <<<"$created")
token=$(jq -r .registration_access_token <<<"$created")
bytes=$(curl -sS -H "Authorization: Bearer $token" "$uri" | wc -c)
"$tools/constant-answer" "$bytes" >"$work/constant" &
started+=($!)
for ((i = 0; i < 200; i++)); do [[ -s $work/constant ]] && break; sleep 0.05; done

ours() { "$driver" get "$uri" "$token" "$seconds" 16; }
reference() { load "$uri" -H "Authorization: Bearer $token"; }
compare 'library, GET of a client, beside wrk' /s least 0.60

# The same with its tasks on Swift's threads, where each answer wakes one.
ours() { "$driver" get-elsewhere "$uri" "$token" "$seconds" 16; }
compare "library, the same on Swift's threads" /s least 0.50

ours() { load "$uri" -H "Authorization: Bearer $token"; }
# The same header, so that as much is parsed.
reference() { load "http://127.0.0.1:$(cat "$work/constant")/" -H "Authorization: Bearer $token"; }
compare 'provider, GET, beside a constant answer' /s least 0.3333

provider creates
ours() { load "$public/oauth2/register" -s Benchmarks/references/create.lua; }
reference() { "$tools/group-commits" "$work/reference.db" "$seconds" 16 "$bytes"; }
compare 'provider, durable creates, beside SQLite' /s least 0.45

# Idle connections, held by this shell.
provider connections
ulimit -n "$(ulimit -H -n)"
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$process/status"; }
curl -sS -o "$work/answer" "$public/.well-known/openid-configuration"
before=$(resident)
for ((i = 0; i < 1000; i++)); do exec {descriptor}<>"/dev/tcp/127.0.0.1/${public##*:}"; done
curl -sS -o "$work/answer" "$public/.well-known/openid-configuration"
figure 'provider, memory for one of 1,000 connections' "$(awk -v all="$(($(resident) - before))" 'BEGIN { printf "%.1f", all / 1000 }')" \
  KB most 64
