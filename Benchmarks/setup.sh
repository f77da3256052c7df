#!/usr/bin/env bash
# Installs what the benchmarks need besides what `make setup` brings; silent where nothing is missing.
set -euo pipefail

missing=()
for tool in hyperfine wrk strace jq gcc; do command -v "$tool" >/dev/null || missing+=("$tool"); done
((${#missing[@]} == 0)) && exit 0
if ! command -v apt-get >/dev/null || [[ $(id -u) != 0 ]]; then
  echo "bench: install ${missing[*]} first; as root: apt-get install -y ${missing[*]}" >&2
  exit 1
fi
echo "bench: installing from Debian: ${missing[*]}" >&2
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }
log=$(install 2>&1 </dev/null || { apt-get update -q && install; } 2>&1 </dev/null) || { echo "$log" >&2; exit 1; }
