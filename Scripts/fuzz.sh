#!/usr/bin/env bash
# Gives the JSON and the YAML reader inputs that nobody wrote (libFuzzer, AddressSanitizer). Starts from the fixtures and from
# what earlier runs found worth keeping, in .build/fuzz/corpus-*. A finding ends the run and leaves its input in .build/fuzz.
#   RUNS=N: how many inputs each gets (a million); ONLY=json or yaml: one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-1000000}
scratch=.build/fuzz
export CLIENTSYNC_FUZZING=1 ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
mkdir -p "$scratch"

# seed KIND FILE…: small files become seeds under the hash of what they hold.
seed() {
  local kind=$1 file; shift
  mkdir -p "$scratch/corpus-$kind" "$scratch/seeds-$kind"
  for file in "$@"; do
    (($(stat -c %s "$file") > 16384)) || cp "$file" "$scratch/seeds-$kind/$(sha1sum <"$file" | cut -c1-40)"
  done
}

# fuzz KIND PRODUCT: builds and runs one.
fuzz() {
  local kind=$1 product=$2
  swift build -c release --scratch-path "$scratch" --product "$product" --sanitize=fuzzer --sanitize=address \
    -Xswiftc -sanitize-coverage=edge,trace-cmp,indirect-calls,inline-8bit-counters >"$scratch/build.log" 2>&1 \
    || { cat "$scratch/build.log" >&2; exit 1; }
  local log=$scratch/$kind.log
  echo "fuzz: $product, $runs inputs"
  if ! "$scratch/release/$product" "$scratch/corpus-$kind" "$scratch/seeds-$kind" -runs="$runs" -max_len=8192 -timeout=10 \
    -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 -artifact_prefix="$scratch/$kind-" -dict="Fuzzing/$kind.dict" \
    >"$log" 2>&1; then
    grep -vE '# Uses: |^#+ |^Running|^Seed' "$log" | tail -n 60 >&2
    echo "fuzz: $product has found something; run it again with $scratch/release/$product FILE" >&2
    exit 1
  fi
  grep -E '^stat::' "$log"
}

mapfile -t json < <(find Tests -name '*.json' -path '*Fixtures*')
mapfile -t yaml < <(find examples Tests -name '*.yaml' -o -name '*.yml')
seed json "${json[@]}"
seed yaml "${yaml[@]}"
[[ ${ONLY:-json} != json ]] || fuzz json FuzzJSON
[[ ${ONLY:-yaml} != yaml ]] || fuzz yaml FuzzYAML
