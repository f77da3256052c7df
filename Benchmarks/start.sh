#!/usr/bin/env bash
# What a run costs before it has done anything, and a first apply.
set -euo pipefail
source "$(dirname "$0")/common.sh"
section 'Start'

# quick COMMAND…: the median of so many runs, in milliseconds. Some take less than a shell can measure.
quick() {
  hyperfine -N --warmup 3 --runs "${RUNS:-25}" --style none --export-json "$work/times.json" "$*" >/dev/null 2>"$work/hyperfine.log" \
    || { cat "$work/hyperfine.log" >&2; exit 1; }
  jq '.results[0].median * 1000' "$work/times.json"
}
# Which loads the same libraries.
reference() { quick curl --version; }
ours() { quick "$clientsync" --version; }
compare '--version, beside curl --version' ms most 5 difference

cp -R examples/clients "$work/clients"
cd "$work"
"$clientsync" apply --auto-approve >/dev/null 2>&1
ours() { quick "$clientsync" plan --no-refresh; }
compare 'plan --no-refresh of the examples, beside it' ms most 20 difference

manifests "$work/hundred" 100 '{ embedded: {} }'
: >"$work/applies"
for ((round = 0; round < rounds; round++)); do
  rm -rf "$work/applied"
  processor "$clientsync" apply -f "$work/hundred" --state "$work/applied" --auto-approve >>"$work/applies"
done
figure 'apply of 100 new clients, provider included' "$(sort -n "$work/applies" | sed -n "$((rounds / 2 + 1))p")" 'ms of CPU' most 1000
