#!/usr/bin/env bash
# Writes the manual pages to .build/man/man1 and lets mandoc check them.
set -euo pipefail
cd "$(dirname "$0")/.."

pages=.build/man/man1
rm -rf "$pages"
mkdir -p "$pages"
.build/release/clientsync manual "$pages"
if command -v mandoc >/dev/null; then
  # Pages refer to each other, and mandoc looks for them among the installed ones only.
  findings=$(cd "$pages" && { mandoc -T lint ./*.1 || true; } | sed '/referenced manual not found: Xr clientsync/d')
  if [[ -n $findings ]]; then
    echo "$findings" >&2
    exit 1
  fi
fi
echo "$(find "$pages" -name '*.1' | wc -l) pages in $pages; read one: man -l $pages/clientsync.1"
