#!/usr/bin/env bash
# conformance.sh [PATTERN…]: replays recorded conversations against the release build's embedded provider.
# Each set of settings that conversations were recorded with gets a provider of its own, in memory. Without patterns: all of
# them. Those that sign people in or out through Hydra's own pages are left out, and named; anything else that is left out, such as
# for want of Python's cryptography, fails.
set -euo pipefail
cd "$(dirname "$0")/.."

clientsync=${CLIENTSYNC:-.build/release/clientsync}
recordings=${RECORDINGS:-Tests/EmbeddedProviderTests/Fixtures/conformance}
patterns=("$@")
((${#patterns[@]} > 0)) || patterns=('*')
# Proofs of possession are made with a package from PyPI, which make setup puts there.
python=$PWD/.build/tools/venv/bin/python3
[[ -x $python ]] || python=python3

files=()
for pattern in "${patterns[@]}"; do
  while IFS= read -r file; do files+=("$file"); done < <(find "$recordings/hydra" -name "$pattern.json" | sort)
done
((${#files[@]} > 0)) || { echo "conformance: no recordings in $recordings/hydra." >&2; exit 1; }

work=$(mktemp -d)
provider=
stop() {
  if [[ -n $provider ]]; then kill "$provider" 2>/dev/null || true; wait "$provider" 2>/dev/null || true; fi
  provider=
}
trap 'stop; rm -rf "$work"' EXIT

failed=0
while IFS= read -r settings; do
  arguments=()
  while IFS= read -r setting; do arguments+=(--setting "$setting"); done \
    < <(jq -r 'to_entries[] | "\(.key)=\(.value | tojson)"' <<<"$settings")
  mkfifo "$work/ready"
  "$clientsync" provider --port 0 --admin-port 0 --data :memory: "${arguments[@]}" >"$work/ready" 2>"$work/log" &
  provider=$!
  if ! read -r -t 20 address <"$work/ready"; then
    cat "$work/log" >&2
    echo "conformance: the provider did not start with $settings." >&2
    exit 1
  fi
  [[ $settings == '{}' ]] || echo "with $settings"
  "$python" "$recordings/replay.py" --public "$(jq -r .public <<<"$address")" --admin "$(jq -r .admin <<<"$address")" \
    --login direct --settings "$settings" "${files[@]}" >"$work/out" || failed=1
  grep -v '^ok ' "$work/out" || true
  cat "$work/out" >>"$work/all"
  stop
  rm "$work/ready"
done < <(jq -c '.provider.settings // {}' "${files[@]}" | sort -u)

named() { awk -v verdict="$1" '$1 == verdict { sub(/:$/, "", $2); print $2 }' "$work/all" | sort; }
left_out=$(named skipped)
if [[ $left_out != "$(jq -r 'select(.needs).name' "${files[@]}" | sort)" ]]; then
  echo 'conformance: conversations were left out that need none of Hydra'"'"'s pages; make setup brings what Python lacks.' >&2
  failed=1
fi
printf '%d of %d conversations hold.%s\n' "$(named ok | wc -l)" ${#files[@]} \
  "${left_out:+ Left out, for they go through pages of Hydra: $(paste -sd ' ' <<<"$left_out" | sed 's/ /, /g').}"
exit "$failed"
