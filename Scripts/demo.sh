#!/usr/bin/env bash
# Shows clientsync at work on a copy of examples/clients, with nothing but this machine: the registries are embedded. All of
# it happens in .build/demo, which is gone afterwards. Every command is printed as one would type it, and a command that
# exits otherwise than it should ends the demo.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

# A release build of these sources is taken where there is one. From a fresh clone the debug build is there sooner, and
# make test builds on it.
binary=$root/.build/release/clientsync
if [[ ! -x $binary || -n $(find Sources Package.swift -newer "$binary" -type f -print -quit) ]]; then
  echo "Building clientsync (the first time takes a minute or two)"
  log=$(mktemp)
  if ! Scripts/build.sh executable >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  binary=$root/.build/debug/clientsync
fi

work=$root/.build/demo
provider=
stop_provider() {
  if [[ -n $provider ]]; then kill "$provider" 2>/dev/null || true; wait "$provider" 2>/dev/null || true; fi
  provider=
}
cleanup() {
  stop_provider
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
rm -rf "$work"
mkdir -p "$work/bin" "$work/user"
ln -s "$binary" "$work/bin/clientsync"
cp -R examples/clients "$work/clients"
cd "$work"
export PATH="$work/bin:$PATH"
# Nothing of the user's is read or written.
export XDG_STATE_HOME="$work/user" XDG_CONFIG_HOME="$work/user"
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
unset SOPS_AGE_KEY SOPS_AGE_KEY_FILE SOPS_AGE_KEY_CMD

say() { printf '\n'; printf '%s\n' "$@" | sed 's/^/# /'; }
shown() { printf '\n$ %s\n' "$*"; }
# $1: the exit code that is right; the rest: the command.
run() {
  local expected=$1 code=0; shift
  shown "$@"
  "$@" || code=$?
  if [[ $code != "$expected" ]]; then
    echo "demo: exit code $code, and it should have been $expected." >&2
    exit 1
  fi
  if [[ $code != 0 ]]; then printf '$ echo $?\n%s\n' "$code"; fi
}

say "A team's OAuth2 clients, as files:"
shown ls clients
ls clients

say 'Do the files make sense? Each mistake would be named with its file, line and column.'
run 0 clientsync validate

say 'What would change at the providers? Nothing is registered yet.'
run 0 clientsync plan

say 'Apply it. Secrets and registration access tokens go into the state files, sealed.'
run 0 clientsync apply --auto-approve

say 'A second plan finds nothing to do.'
run 0 clientsync plan --detailed-exitcode

registry=customers
state=state/$registry.json
# A client with redirect URIs and a name, so that there is something to change below.
name=$(jq -r 'first(.clients | to_entries[] | select(.value.applied | .client_name and .redirect_uris)).key' "$state")
id=$(jq -r --arg name "$name" '.clients[$name].client_id' "$state")

say "Now somebody changes $name past the files, through the provider's admin port."
shown "clientsync provider --data state/embedded/$registry.db --port 0 --admin-port 0 \\
    --public-url http://$registry.embedded.localhost &"
mkfifo ready
clientsync provider --data "state/embedded/$registry.db" --port 0 --admin-port 0 \
  --public-url "http://$registry.embedded.localhost" >ready 2>provider.log &
provider=$!
if ! read -r -t 20 address <ready; then
  cat provider.log >&2
  echo 'demo: the provider did not start.' >&2
  exit 1
fi
echo "$address"
admin=$(jq -r .admin <<<"$address")
body='{"authorization_code_grant_access_token_lifespan":"720h0m0s"}'
url=$admin/admin/clients/$id/lifespans
shown "curl -sS -X PUT $url \\
    -H 'Content-Type: application/json' -d '$body' \\
    | jq '{client_name, authorization_code_grant_access_token_lifespan}'"
curl -sS -f -X PUT "$url" -H 'Content-Type: application/json' -d "$body" \
  | jq '{client_name, authorization_code_grant_access_token_lifespan}'
stop_provider

say 'Drift is what somebody else changed.'
run 2 clientsync drift --detailed-exitcode

say 'Apply sets it back.'
run 0 clientsync apply --auto-approve
run 0 clientsync plan --detailed-exitcode

say 'From here on, a change is an edit of a file, and its plan goes into the review.'
source=$(jq -r --arg name "$name" '.clients[$name].source' "$state")
edit="/name: $name( |,|}|\$)/,/client_name:/ s/client_name: .*/client_name: Renamed in a review/"
shown "sed -E -i '$edit' $source"
sed -E -i.before "$edit" "$source" && rm "$source.before"
run 2 clientsync plan --detailed-exitcode
run 0 clientsync apply --auto-approve
run 0 clientsync plan --detailed-exitcode

say "That was all: plan, review, apply. The copy in .build/demo is removed; the manifests are in examples/clients."
