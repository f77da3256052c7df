#!/usr/bin/env bash
# Runs the tests, at most so many at once. All of them at once hold more sockets open than Foundation's own, which wait by select(2),
# can bear, and what waits for a time waits for all the others.
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=(--skip-build --disable-xctest)
width=--experimental-maximum-parallelization-width
# The help is read to its end, for grep -q would end it early.
if [[ $(swift test --help-hidden 2>/dev/null) == *"$width"* ]]; then arguments+=("$width" "${WIDTH:-16}"); fi
exec swift test "${arguments[@]}" "$@"
