#!/usr/bin/env bash
# count-tests.sh LOG: reads what swift test printed and prints "N passed, N failed, N skipped".
# Fails where the counts do not add up to what the run itself says, so that no test is lost between the lines.
set -euo pipefail

awk '
  # "✔ Test name passed after 0.1 seconds." The sign in front depends on the terminal; suites and cases have other words.
  { line = $0; sub(/^[^ ]+ /, "", line) }
  line ~ /^Test run with [0-9]+ tests? .* (passed|failed) after [0-9.]+ seconds/ { runs++; split(line, words, " "); said += words[4]; next }
  line !~ /^Test / || line ~ /^Test case / { next }
  line ~ / passed after [0-9.]+ seconds( with [0-9]+ known issues?)?\.$/ { passed++; next }
  line ~ / failed after [0-9.]+ seconds( with [0-9]+ issues?.*)?\.$/ { failed++; next }
  line ~ / skipped(: ".*"|\.)$/ || line ~ / was cancelled after [0-9.]+ seconds/ { skipped++; next }
  END {
    if (!runs) { print "count-tests: the tests did not come to their end." > "/dev/stderr"; bad = 1 }
    else if (passed + failed + skipped != said) {
      printf "count-tests: the run says %d tests.\n", said > "/dev/stderr"; bad = 1
    }
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit bad
  }' "$1"
