#!/usr/bin/env bash
# Reading a state, all checks included, beside jq on the same file, and how many syncs of the journal a run of creates takes.
set -euo pipefail
source "$(dirname "$0")/common.sh"
clients=${CLIENTS:-10000}
export PATH="$root/.build/tools/bin:$PATH"
command -v sops >/dev/null || { echo 'bench: the section state needs sops; make setup brings it.' >&2; exit 0; }
mkdir "$work/state"

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

section "State of $clients clients, $(du -h --apparent-size "$work/state/bench.json" | cut -f1)"

ours() { user "$clientsync" state verify --state "$work/state"; }
reference() { user jq -n 'input|length' "$work/state/bench.json"; }
compare 'state verify, beside jq: user time' ms most 0.5

few=$(memory "$clientsync" --version)
figure 'state verify, memory for one client' \
  "$(awk -v all="$(memory "$clientsync" state verify --state "$work/state")" -v few="$few" -v n="$clients" \
    'BEGIN { printf "%.1f", (all - few) / n }')" KB most 12

# How many creates share a sync of the journal, at so many in flight.
manifests "$work/clients" 1000 '{ embedded: {} }'
for width in 16:2 48:5; do
  rm -rf "$work/applied"
  strace -f -y -e trace=fsync,fdatasync -o "$work/trace" \
    "$clientsync" apply -f "$work/clients" --state "$work/applied" --parallelism "${width%:*}" --auto-approve >/dev/null 2>&1
  figure "apply, creates to a sync of the journal, ${width%:*} in flight" \
    "$(awk '/journal>/ { n++ } END { printf "%.1f", 1000 / n }' "$work/trace")" creates least "${width#*:}"
done
