#!/usr/bin/env bash
# Reading a state, all checks included, beside jq on the same file; how many syncs of the journal a run of creates takes, how often
# it writes the state, and what sealing costs it.
set -euo pipefail
source "$(dirname "$0")/common.sh"
clients=${CLIENTS:-10000}

# What an apply leaves behind, sealed as ever.
manifests "$work/known" "$clients" '{ embedded: {} }'
"$clientsync" apply -f "$work/known" --state "$work/state" --auto-approve >/dev/null 2>&1
section "State of $clients clients, $(du -h --apparent-size "$work/state/bench.json" | cut -f1)"

ours() { user "$clientsync" state verify --state "$work/state"; }
reference() { user jq -n 'input|length' "$work/state/bench.json"; }
compare 'state verify, beside jq: user time' ms most 0.5

few=$(memory "$clientsync" --version)
figure 'state verify, memory for one client' \
  "$(awk -v all="$(memory "$clientsync" state verify --state "$work/state")" -v few="$few" -v n="$clients" \
    'BEGIN { printf "%.1f", (all - few) / n }')" KB most 12

# How many creates share a sync of the journal, at so many in flight, and how often the state itself is written.
manifests "$work/clients" 1000 '{ embedded: {} }'
for width in 16:2 48:5; do
  rm -rf "$work/applied"
  strace -f --seccomp-bpf -y -e trace=fsync,fdatasync,rename,renameat,renameat2 -o "$work/trace" \
    "$clientsync" apply -f "$work/clients" --state "$work/applied" --parallelism "${width%:*}" --auto-approve >/dev/null 2>&1
  figure "apply, creates to a sync of the journal, ${width%:*} in flight" \
    "$(awk '/journal>/ { n++ } END { printf "%.1f", 1000 / n }' "$work/trace")" creates least "${width#*:}"
done
figure 'apply of 1,000 clients, writes of the state' "$(grep -c 'rename.*bench\.json"' "$work/trace")" times most 1

# What sealing costs: the same run with a state that stands in clear.
manifests "$work/clear" 1000 '{ embedded: {}, encryption: none }'
applied() { rm -rf "$work/applied"; processor "$clientsync" apply -f "$work/$1" --state "$work/applied" --auto-approve; }
ours() { applied clients; }
reference() { applied clear; }
compare 'apply of 1,000 clients, beside a state in clear' ms most 1.05
