#!/usr/bin/env bash
# Reading and checking many manifests, beside bare libyaml on the same files.
set -euo pipefail
source "$(dirname "$0")/common.sh"
section 'Manifests'
reference_program parse-yaml -lyaml

registry='{ registrationEndpoint: "https://auth.example.com/register", encryption: none }'
manifests "$work/files" 10000 "$registry" files
manifests "$work/few" 10 "$registry" files
manifests "$work/one" 10000 "$registry"
manifests "$work/many" 100000 "$registry"

ours() { elapsed "$clientsync" validate -f "$work/files"; }
reference() { elapsed "$tools/parse-yaml" "$work/files"; }
compare 'validate of 10,000 files, beside libyaml' ms most 2

few=$(memory "$clientsync" validate -f "$work/few")
figure 'validate, memory for one of 10,000 clients' \
  "$(awk -v all="$(memory "$clientsync" validate -f "$work/files")" -v few="$few" 'BEGIN { printf "%.1f", (all - few) / 10000 }')" KB most 10

# A tenth of the time for a tenth of the clients, give or take what the machine does meanwhile.
rounds=3
ours() { awk -v time="$(elapsed "$clientsync" validate -f "$work/many")" 'BEGIN { print time / 10 }'; }
reference() { elapsed "$clientsync" validate -f "$work/one"; }
compare 'validate, 100,000 in a file: a tenth, beside 10,000' ms most 1.25
