#!/usr/bin/env bash
# docs.sh: makes the reference of the library products in .build/docs from their comments. A link that leads nowhere and a
# parameter that is passed over are errors.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
graphs=$(sed -n 's/^Files written to //p' "$log")

mkdir -p .build/docs
for module in OpenIDJSON OpenIDCryptography OpenIDRegistration OpenIDRegistrationCurl EmbeddedProvider; do
  # docc takes a folder, and a module of its own.
  graph=.build/docs/graph
  rm -rf "$graph" ".build/docs/$module"
  mkdir "$graph"
  cp "$graphs/$module.symbols.json" "$graph/"
  docc convert --warnings-as-errors --additional-symbol-graph-dir "$graph" --fallback-display-name "$module" \
    --fallback-bundle-identifier "clientsync.$module" --output-path ".build/docs/$module" >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
  rm -rf "$graph"
done
echo 'The reference of the library products is in .build/docs.'
