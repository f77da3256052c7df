#!/usr/bin/env bash
# run.sh [SECTION…]: measures the release build on this machine beside what is known, and prints a line for each thing that is
# wanted of it. Sections are the scripts beside this one; without a name, all of them.
#   ROUNDS=N: more rounds (5); SECONDS_EACH=N: longer loads (1); DATA=FOLDER: another disk.
set -euo pipefail
cd "$(dirname "$0")/.."
sections=("$@")
((${#sections[@]} > 0)) || sections=(start calls manifests state runs)
for name in "${sections[@]}"; do
  [[ -x Benchmarks/$name.sh && $name != run && $name != setup ]] \
    || { echo "bench: there is no section \"$name\"; the sections are start, calls, manifests, state, runs." >&2; exit 64; }
done

Benchmarks/setup.sh
RESULTS=$(mktemp)
export RESULTS
trap 'rm -f "$RESULTS"' EXIT

echo "$("${CLIENTSYNC:-.build/release/clientsync}" --version), $(nproc) cores, load $(cut -d ' ' -f 1-3 /proc/loadavg)"
echo "Ours, what stands beside it, the median ratio of the rounds (and its range), what is wanted."
begun=$SECONDS
for name in "${sections[@]}"; do "Benchmarks/$name.sh"; done
awk -F '\t' -v time=$((SECONDS - begun)) '{ n++; if ($1 == "holds") holds++; else short = short "\n  short: " $2 }
  END { printf "\n%d of %d hold. %d s.%s\n", holds, n, time, short }' "$RESULTS"
