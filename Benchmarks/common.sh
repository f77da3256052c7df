# What the benchmarks share: sourced, not run. A section measures this project's program beside something known, in turns and within
# one run, so that whatever else the machine does hits both, and says what comes of it by `compare` or `figure`.
#
# A line of a result: what it is, ours, what stands beside it, their ratio with its range over the rounds, what is wanted, and
# whether that holds. Nothing fails here: a threshold on a busy machine would only teach people to run it again.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
clientsync=${CLIENTSYNC:-$root/.build/release/clientsync}
# What is built for the benchmarks alone.
tools=$root/.build/benchmarks
# Rounds of a comparison, and seconds that a load is kept up in each.
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-1}
# Where `run.sh` gathers the results.
results=${RESULTS:-/dev/null}

export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
unset SOPS_AGE_KEY SOPS_AGE_KEY_FILE SOPS_AGE_KEY_CMD CI
mkdir -p "$tools"

# On a disk unless asked otherwise: what is synced has to cost what it costs.
work=$(mktemp -d "${DATA:-$tools}/run.XXXXXX")
started=()
finish() {
  ((${#started[@]} == 0)) || kill "${started[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
mkdir -p "$work/user"
# Nothing of the user's is read or written.
export XDG_STATE_HOME=$work/user XDG_CONFIG_HOME=$work/user

section() { printf '\n%s\n' "$1"; }

# reference NAME LIBRARY: compiles Benchmarks/references/NAME.c.
reference_program() {
  cc -O2 -Wall -Wextra -o "$tools/$1" "Benchmarks/references/$1.c" -pthread "${@:2}"
}

# usage COMMAND…: runs it and prints its milliseconds of time, of user and system time together, of user time, and the most memory in KB.
usage() {
  python3 -c '
import os, sys, time
output = os.open(os.devnull, os.O_WRONLY)
begin = time.monotonic()
pid = os.fork()
if pid == 0:
    os.dup2(output, 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
real = time.monotonic() - begin
if status: sys.exit(f"bench: {sys.argv[1:]} failed")
print(f"{real * 1e3:.2f} {(used.ru_utime + used.ru_stime) * 1e3:.2f} {used.ru_utime * 1e3:.2f} {used.ru_maxrss}")' "$@" 2>>"$work/errors" ||
    { cat "$work/errors" >&2; exit 1; }
}
elapsed() { usage "$@" | cut -d ' ' -f 1; }
processor() { usage "$@" | cut -d ' ' -f 2; }
user() { usage "$@" | cut -d ' ' -f 3; }
memory() { usage "$@" | cut -d ' ' -f 4; }

# line TITLE OURS BESIDE RATIO WANTED HOLDS
line() {
  printf '  %-46s %14s %16s  %-22s %-18s %s\n' "$@"
  printf '%s\t%s\n' "$6" "$1" >>"$results"
}

# compare TITLE UNIT least|most WANTED [KIND]: runs `ours` and `reference`, which print a number each, in turns, and holds the
# median of the rounds' ratios (KIND ratio) or differences (KIND difference) against what is wanted.
compare() {
  local title=$1 unit=$2 bound=$3 wanted=$4 kind=${5:-ratio} round a b
  : >"$work/pairs"
  seconds=0.5 ours >/dev/null
  seconds=0.5 reference >/dev/null
  for ((round = 0; round < rounds; round++)); do
    if ((round % 2)); then a=$(reference) b=$(ours); else b=$(ours) a=$(reference); fi
    echo "$b $a" >>"$work/pairs"
  done
  local fields
  IFS=$'\t' read -r -a fields < <(jq -rRn --arg unit "$unit" --arg bound "$bound" --argjson wanted "$wanted" --arg kind "$kind" '
    def median: sort | .[length / 2 | floor];
    def shown: if . >= 100 then round else . * 10 | round / 10 end | tostring;
    def percent: if $kind == "difference" then shown + " " + $unit elif $bound == "most" and $wanted > 1 then . * 100 | round / 100 | tostring
      else . * 100 | round | tostring + " %" end;
    [inputs | split(" ") | map(tonumber)]
    | (map(if $kind == "difference" then .[0] - .[1] else .[0] / .[1] end) | sort) as $all
    | ($all | median) as $middle
    | [(map(.[0]) | median | shown) + " " + $unit, (map(.[1]) | median | shown) + " " + $unit,
       ($middle | percent) + " (" + ($all[0] | percent) + " to " + ($all[-1] | percent) + ")",
       "at " + $bound + " " + ($wanted | percent),
       if ($bound == "least") == ($middle >= $wanted) or $middle == $wanted then "holds" else "short" end]
    | @tsv' "$work/pairs")
  line "$title" "${fields[@]}"
}

# figure TITLE VALUE UNIT least|most WANTED [NOTE]: a number that stands for itself.
figure() {
  local verdict
  verdict=$(jq -nr --argjson value "$2" --arg bound "$4" --argjson wanted "$5" \
    'if $value == $wanted or ($bound == "least") == ($value > $wanted) then "holds" else "short" end')
  line "$1" "$2 $3" "${6-}" '' "at $4 $5 $3" "$verdict"
}

# provider NAME [OPTION…]: starts one with its data in a file; its addresses are in $public and $admin, its process in $process.
provider() {
  local name=$1; shift
  "$clientsync" provider --port 0 --admin-port 0 --data "$work/$name.db" "$@" >"$work/$name.json" 2>/dev/null &
  process=$!
  started+=("$process")
  for ((i = 0; i < 200; i++)); do [[ -s $work/$name.json ]] && break; sleep 0.05; done
  public=$(jq -r .public "$work/$name.json") admin=$(jq -r .admin "$work/$name.json")
}

# load URL [OPTION…]: how many requests a second wrk makes with 16 connections.
load() {
  local url=$1; shift
  # wrk takes whole seconds.
  wrk -t1 -c16 "-d$(awk -v s="$seconds" 'BEGIN { print s < 1 ? 1 : int(s) }')" "$@" "$url" >"$work/wrk.txt"
  if grep -q 'Non-2xx' "$work/wrk.txt"; then cat "$work/wrk.txt" >&2; exit 1; fi
  awk '/Requests\/sec/ { printf "%d\n", $2 }' "$work/wrk.txt"
}

# manifests FOLDER CLIENTS REGISTRY [files]: a Registry with that spec and so many clients, in one file or in a file each.
manifests() {
  python3 - "$@" <<'PROGRAM'
import os, sys
folder, count, registry = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.makedirs(folder)
head = f"apiVersion: clientsync/v1\nkind: Registry\nmetadata: {{ name: bench }}\nspec: {registry}\n"
def client(i):
    return f"""apiVersion: clientsync/v1
kind: Client
metadata:
  name: client-{i:06d}
  labels: {{ team: team-{i % 40} }}
spec:
  client:
    client_name: Client {i}
    redirect_uris: ["https://client-{i}.example.com/callback"]
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    scope: openid offline_access
    contacts: [team-{i % 40}@example.com]
"""
if len(sys.argv) > 4:
    open(f"{folder}/registry.yaml", "w").write(head)
    for i in range(count): open(f"{folder}/client-{i:06d}.yaml", "w").write(client(i))
else:
    with open(f"{folder}/all.yaml", "w") as file:
        file.write(head)
        for i in range(count): file.write("---\n" + client(i))
PROGRAM
}
