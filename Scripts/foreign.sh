#!/usr/bin/env bash
# foreign.sh: builds and tests Tests/ForeignPackage, a package that takes our three products from outside, and runs the program
# of docs/use-the-library.md, which is compiled there.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build/foreign
swift build --package-path Tests/ForeignPackage --scratch-path "$scratch" --build-tests
swift test --package-path Tests/ForeignPackage --scratch-path "$scratch" --skip-build --disable-xctest

# Whoever has a transport of their own gets no other one, and no provider.
[[ $("$scratch/debug/Bare") == 'registered app' ]] || {
  echo 'foreign: the program over OpenIDRegistration alone said something else.' >&2
  exit 1
}
if ldd "$scratch/debug/Bare" | grep -E 'libcurl|libmicrohttpd|libsqlite3'; then
  echo 'foreign: OpenIDRegistration must not bring these along.' >&2
  exit 1
fi

said=$("$scratch/debug/Example")
echo "$said"
[[ $said == $'keep the token of '*$'\nits scope is now openid offline_access' ]] || {
  echo "foreign: the program of docs/use-the-library.md said something else." >&2
  exit 1
}
