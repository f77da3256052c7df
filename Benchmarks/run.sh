#!/usr/bin/env bash
# Measures the release build on this machine, beside something known in the same run, and prints differences and ratios.
# Nothing fails here: a threshold on a busy machine would only teach people to run it again.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
clientsync=${CLIENTSYNC:-$root/.build/release/clientsync}
clients=${CLIENTS:-100}

Benchmarks/setup.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/user"
export XDG_STATE_HOME="$work/user" XDG_CONFIG_HOME="$work/user"
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
unset SOPS_AGE_KEY SOPS_AGE_KEY_FILE SOPS_AGE_KEY_CMD
cp -R examples/clients "$work/clients"
cd "$work"

# beside TITLE COMMAND: the median beside that of `curl --version`, which loads the same libraries.
beside() {
  hyperfine -N --warmup 5 --runs "${RUNS:-60}" --style none --export-json times.json "$2" 'curl --version' \
    >/dev/null 2>hyperfine.log || { cat hyperfine.log >&2; exit 1; }
  jq -r --arg title "$1" '[.results[].median * 1000]
    | "\($title)\t\(.[0] * 10 | round / 10) ms\tcurl --version \(.[1] * 10 | round / 10) ms" +
      "\t\((.[0] - .[1]) * 10 | round / 10) ms more\t\(.[0] / .[1] * 100 | round / 100) times"' times.json |
    awk -F '\t' '{ printf "%-44s %10s  %-24s %-14s %s\n", $1, $2, $3, $4, $5 }'
}

echo "$("$clientsync" --version), $(nproc) cores, medians"
beside 'clientsync --version' "$clientsync --version"
"$clientsync" apply --auto-approve >/dev/null
beside 'clientsync plan --no-refresh, the examples' "$clientsync plan --no-refresh"

# A first apply at an embedded registry: what the process costs, provider included, in user and system time.
mkdir generated
{
  printf 'apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: bench }\nspec: { embedded: {} }\n'
  for ((i = 0; i < clients; i++)); do
    printf -- '---\napiVersion: clientsync/v1\nkind: Client\nmetadata: { name: client-%d }\nspec:\n  client:\n' "$i"
    printf '    client_name: Client %d\n    redirect_uris: [https://client-%d.example.com/callback]\n' "$i" "$i"
    printf '    grant_types: [authorization_code, refresh_token]\n    scope: openid offline_access\n'
  done
} >generated/clients.yaml

TIMEFORMAT='%R %U %S'
for _ in 1 2 3 4 5; do
  rm -rf applied
  { time "$clientsync" apply -f generated --state applied --auto-approve >/dev/null 2>&1; } 2>>applies
done
sort -n -k 2 applies | awk -v clients="$clients" 'NR == 3 {
  printf "%-44s %8.0f ms of CPU (%.0f user, %.0f system), %.0f ms in all; %.1f ms of CPU a client\n",
    "clientsync apply, " clients " new clients", ($2 + $3) * 1000, $2 * 1000, $3 * 1000, $1 * 1000, ($2 + $3) * 1000 / clients
}'

"$root/Benchmarks/operations.sh"
"$root/Benchmarks/manifests.sh"
