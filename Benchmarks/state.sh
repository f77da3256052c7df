#!/usr/bin/env bash
# Measures how fast a state is read, all checks included, beside jq on the same file, and how many syncs of the journal a run of
# creates takes. Nothing fails here.
set -euo pipefail
cd "$(dirname "$0")/.."
clientsync=${CLIENTSYNC:-$PWD/.build/release/clientsync}
clients=${CLIENTS:-10000}
export PATH="$PWD/.build/tools/bin:$PATH"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/user" XDG_CONFIG_HOME="$work/user" HOME="$work"
unset SOPS_AGE_KEY_FILE SOPS_AGE_KEY_CMD CI
mkdir -p "$work/state" "$work/user"

# A state as sops seals it: about 2 KB a client.
recipient=$("$clientsync" keys new --out "$work/key.txt" 2>/dev/null)
SOPS_AGE_KEY=$(grep -v '^#' "$work/key.txt")
export SOPS_AGE_KEY
python3 - "$clients" >"$work/plain.json" <<'END'
import json, sys
clients = {}
for i in range(int(sys.argv[1])):
    name = f"client-{i:06d}"
    metadata = {
        "client_name": f"Client {i}", "redirect_uris": [f"https://client-{i}.example.com/callback"],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "scope": "openid offline_access",
        "token_endpoint_auth_method": "client_secret_basic", "contacts": [f"team-{i % 40}@example.com"],
        "client_uri": f"https://client-{i}.example.com/", "policy_uri": f"https://client-{i}.example.com/privacy",
    }
    clients[name] = {
        "client_id": f"00000000-0000-4000-8000-{i:012d}",
        "registration_client_uri": f"https://auth.example.com/oauth2/register/00000000-0000-4000-8000-{i:012d}",
        "managed_by": "registration", "generation": 1, "status": "ok", "applied": metadata,
        "observed": dict(metadata, subject_type="public", tos_uri=f"https://client-{i}.example.com/terms"),
        "applied_at": "2026-01-01T00:00:00Z", "plan_digest": "0" * 64, "deletion": "delete", "labels": {"team": f"team-{i % 40}"},
        "source": f"clients/{name}.yaml", "secret_issued_at": "2026-01-01T00:00:00Z", "token_issued_at": "2026-01-01T00:00:00Z",
        "client_secret_expires_at": 0,
        "sealed": {"client_secret": "s" * 32, "registration_access_token": "ory_at_" + "t" * 80},
    }
json.dump({"version": 1, "lineage": "abc", "serial": 1, "registry": "bench", "binding": {"issuer": "https://auth.example.com"}, "clients": clients}, sys.stdout)
END
sops encrypt --age "$recipient" --encrypted-regex '^sealed$' --output "$work/state/bench.json" "$work/plain.json"

# With what clientsync adds to it, so that all that it checks is there to be checked.
"$clientsync" state upgrade --state "$work/state" >/dev/null

measure() { # TITLE COMMAND…: least user time of five runs, and the most memory.
  python3 - "$@" <<'END'
import os, subprocess, sys
best, peak = None, 0
for _ in range(5):
    process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status: sys.exit(errors.decode())
    best, peak = min(best or 9e9, usage.ru_utime), max(peak, usage.ru_maxrss)
print(f"{sys.argv[1]:<44} {best * 1000:6.0f} ms user  {peak / 1024:6.0f} MB")
END
}
echo "$clients clients, $(du -h --apparent-size "$work/state/bench.json" | cut -f1)"
measure "jq -n 'input|length'" jq -n 'input|length' "$work/state/bench.json"
measure 'clientsync --version' "$clientsync" --version
measure 'clientsync state verify' "$clientsync" state verify --state "$work/state"

# How many syncs of the journal a run of creates takes, at so many in flight.
command -v strace >/dev/null || exit 0
mkdir "$work/clients"
{
  printf 'apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: syncs }\nspec: { embedded: {} }\n'
  for ((i = 0; i < 1000; i++)); do
    printf -- '---\napiVersion: clientsync/v1\nkind: Client\nmetadata: { name: client-%d }\nspec:\n  client: { client_name: Client %d, redirect_uris: [https://client-%d.example.com/callback] }\n' "$i" "$i" "$i"
  done
} >"$work/clients/all.yaml"
for width in 16 48; do
  rm -rf "$work/applied"
  strace -f --seccomp-bpf -y -e trace=fsync -o "$work/trace" \
    "$clientsync" apply -f "$work/clients" --state "$work/applied" --parallelism "$width" --auto-approve >/dev/null 2>&1
  awk -v width="$width" '/journal>/ { n++ } END { printf "1,000 creates, %d in flight: %d syncs of the journal, %.1f creates each\n", width, n, 1000 / n }' "$work/trace"
done
