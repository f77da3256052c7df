#!/usr/bin/env bash
# Whole runs: what an apply and a refresh reach beside bare loops over the same calls, and what a plan of many clients costs.
set -euo pipefail
source "$(dirname "$0")/common.sh"
section 'Runs, 16 in flight'
reference_program creates -lcurl
reference_program parse-yaml -lyaml
CLIENTSYNC_BENCHMARKS=1 swift build -c release --scratch-path "$tools" --product JSONBenchmark >"$tools/json.log" 2>&1 \
  || { cat "$tools/json.log" >&2; exit 1; }

# registry NAME: the spec of a registry at the provider that was started last.
registry() {
  printf '{ registrationEndpoint: "%s/oauth2/register", profile: hydra, encryption: none, http: { maxConcurrency: 16 } }' "$public"
}
apply() { "$clientsync" apply -f "$1" --state "$2" --auto-approve --new-state; }

# A thousand new clients. Each round has a state of its own.
provider creates
manifests "$work/thousand" 1000 "$(registry)"
ours() { rm -rf "$work/applied"; awk -v time="$(elapsed_apply)" 'BEGIN { print 1000000 / time }'; }
elapsed_apply() { elapsed "$clientsync" apply -f "$work/thousand" --state "$work/applied" --auto-approve --new-state; }
reference() { awk -v time="$("$tools/creates" "$public/oauth2/register" 1000 16 "$work/journal")" 'BEGIN { print 1000000 / time }'; }
compare 'apply of 1,000 new clients, beside a loop in C' /s least 0.6

echo '{"faults":[{"operation":"create","times":null,"action":"delay","milliseconds":10}]}' >"$work/faults-slow.json"
provider slow --fault-plan "$work/faults-slow.json"
manifests "$work/slowly" 1000 "$(registry)"
elapsed_apply() { elapsed "$clientsync" apply -f "$work/slowly" --state "$work/applied" --auto-approve --new-state; }
reference() { load "$public/oauth2/register" -s Benchmarks/references/create.lua; }
compare 'the same, where a create takes 10 ms, beside wrk' /s least 0.8

# Ten thousand clients, known and unchanged.
provider many
manifests "$work/files" 10000 "$(registry)" files
apply "$work/files" "$work/known" >/dev/null 2>&1
entry() { jq -r ".clients[\"client-000007\"].$1" "$work/known/bench.json"; }
uri=$(entry registration_client_uri) token=$(entry sealed.registration_access_token)
plan() { elapsed "$clientsync" plan -f "$work/files" --state "$work/known" "$@"; }
rounds=3
ours() { awk -v all="$(plan)" -v offline="$(plan --no-refresh)" 'BEGIN { print 10000000 / (all - offline) }'; }
reference() { load "$uri" -H "Authorization: Bearer $token"; }
compare 'refresh of 10,000 clients, beside wrk' /s least 0.8

ours() { plan --no-refresh; }
reference() {
  awk -v yaml="$(elapsed "$tools/parse-yaml" "$work/files")" -v json="$(elapsed "$tools/release/JSONBenchmark" "$work/known/bench.json")" \
    'BEGIN { print yaml + json }'
}
compare 'plan --no-refresh of them, beside bare parsing' ms most 2

few=$(memory "$clientsync" --version)
figure 'plan, memory for one of 10,000 clients' \
  "$(awk -v all="$(memory "$clientsync" plan -f "$work/files" --state "$work/known")" -v few="$few" 'BEGIN { printf "%.1f", (all - few) / 10000 }')" \
  KB most 30
