#!/usr/bin/env bash
# build.sh debug|executable|release: builds, with the flags that this configuration always has.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
  debug)
    swift build --build-tests
    ;;
  executable)
    # Shares all that it builds with the debug build.
    swift build --product clientsync
    ;;
  release)
    # The manifest names the commit that --version prints; cached, the manifest or the plan made from it would name an old
    # one. The linker strips (-s), rather than strip afterwards, so that an unchanged tree is not linked anew.
    swift build -c release --static-swift-stdlib --product clientsync --manifest-cache none \
      --disable-build-manifest-caching -Xlinker -s
    # ICU and full Foundation are 40 MB that nothing here needs; one import brings them all.
    if ldd .build/release/clientsync | grep -iE 'foundation|icu|swift'; then
      echo "build: the executable must not link these; which import brought them?" >&2
      exit 1
    fi
    printf '%s  %s, %s\n' .build/release/clientsync "$(.build/release/clientsync --version)" \
      "$(du -h --apparent-size "$(readlink -f .build/release/clientsync)" | cut -f1)"
    ;;
  *)
    echo "usage: build.sh debug|executable|release" >&2
    exit 64
    ;;
esac
