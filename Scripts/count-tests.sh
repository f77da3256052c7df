#!/usr/bin/env bash
# count-tests.sh LOG: reads what swift test printed and prints "N passed, N failed, N skipped".
# The run itself says how many tests it had. Where another process wrote into a line of it, that line is not seen; then what is missing
# counts as passed if the run passed, and that is said.
set -euo pipefail

awk '
  # "✔ Test name passed after 0.1 seconds." The sign in front depends on the terminal; suites and cases have other words.
  { line = $0; sub(/^[^ ]+ /, "", line) }
  line ~ /^Test run with [0-9]+ tests? .* (passed|failed) after [0-9.]+ seconds/ { runs++; split(line, words, " "); said += words[4]; if (line ~ / failed after /) lost = 1; next }
  line !~ /^Test / || line ~ /^Test case / { next }
  line ~ / passed after [0-9.]+ seconds( with [0-9]+ known issues?)?\.$/ { passed++; next }
  line ~ / failed after [0-9.]+ seconds( with [0-9]+ issues?.*)?\.$/ { failed++; next }
  line ~ / skipped(: ".*"|\.)$/ || line ~ / was cancelled after [0-9.]+ seconds/ { skipped++; next }
  END {
    if (!runs) { print "count-tests: the tests did not come to their end." > "/dev/stderr"; bad = 1 }
    else if (passed + failed + skipped != said) {
      unseen = said - passed - failed - skipped
      printf "count-tests: the run says %d tests, and the lines of %d were not seen.\n", said, unseen > "/dev/stderr"
      if (lost || unseen < 0) bad = 1; else passed += unseen
    }
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit bad
  }' "$1"
