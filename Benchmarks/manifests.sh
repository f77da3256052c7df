#!/usr/bin/env bash
# Measures `validate` beside bare libyaml on the same files, what a client takes of memory, and how the time grows with their
# number. Nothing fails here.
set -euo pipefail
cd "$(dirname "$0")/.."
clientsync=${CLIENTSYNC:-$PWD/.build/release/clientsync}
clients=${MANIFESTS:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset SOPS_AGE_KEY SOPS_AGE_KEY_FILE SOPS_AGE_KEY_CMD
export HOME="$work"
# shellcheck disable=SC2046 # pkg-config prints words
cc -O2 -o "$work/parse-yaml" Benchmarks/references/parse-yaml.c $(pkg-config --cflags --libs yaml-0.1)

python3 - "$work" "$clients" <<'END'
import os, sys
work, clients = sys.argv[1], int(sys.argv[2])
registry = "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: bench }\nspec: { embedded: {} }\n"

def client(i):
    return f"""apiVersion: clientsync/v1
kind: Client
metadata:
  name: client-{i}
  labels: {{ team: team-{i % 40} }}
spec:
  registry: bench
  client:
    client_name: Client {i}
    redirect_uris:
      - https://client-{i}.example.com/callback
      - http://localhost:8080/callback
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    scope: openid offline_access
    contacts: [team-{i % 40}@example.com]
    client_uri: https://client-{i}.example.com/
"""

def write(name, text):
    os.makedirs(os.path.dirname(f"{work}/{name}"), exist_ok=True)
    with open(f"{work}/{name}", "w") as file: file.write(text)

write("few/registry.yaml", registry)
write("few/client.yaml", client(0))
write("files/registry.yaml", registry)
for i in range(clients): write(f"files/client-{i}.yaml", client(i))
for name, count in [("one", clients), ("ten", 10 * clients)]:
    write(f"{name}/clients.yaml", registry + "".join("---\n" + client(i) for i in range(count)))
END

python3 - "$work" "$clientsync" "$clients" <<'END'
import os, subprocess, sys, time
work, clientsync, clients = sys.argv[1], sys.argv[2], int(sys.argv[3])

def run(command):
    """Least wall time and CPU time of five runs in seconds, most memory in KB."""
    wall = cpu = 9e9
    peak = 0
    for _ in range(5):
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status: sys.exit(f"{command} failed")
        wall = min(wall, time.monotonic() - start)
        cpu = min(cpu, usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
    return wall, cpu, peak

def validate(folder): return run([clientsync, "validate", "-f", f"{work}/{folder}"])
bare, few, files = run([f"{work}/parse-yaml", f"{work}/files"]), validate("few"), validate("files")
one, ten = validate("one"), validate("ten")
def line(title, measured, rest=""):
    print(f"{title:<44} {measured[0] * 1000:6.0f} ms, {measured[1] * 1000:6.0f} ms of CPU, {measured[2] / 1024:5.0f} MB{rest}")
line(f"bare libyaml, {clients} files", bare)
line(f"clientsync validate, {clients} files", files,
     f"  {files[0] / bare[0]:.2f} times, {files[1] / bare[1]:.2f} of CPU; {(files[2] - few[2]) / clients:.1f} KB a client")
line(f"clientsync validate, {clients} clients in a file", one, f"  {one[0] / clients * 1e6:.0f} us a client")
line(f"clientsync validate, {10 * clients} clients in a file", ten,
     f"  {ten[0] / clients * 1e5:.0f} us a client; {(ten[2] - few[2]) / clients / 10:.1f} KB a client")
END
