/// A time limit for libcurl, which takes 0 for none at all.
func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  let (whole, isTooLong) = Int(clamping: seconds).multipliedReportingOverflow(by: 1000)
  // libcurl refuses more than 32 bits hold on some systems; three weeks are as good as no limit.
  return isTooLong ? Int(Int32.max) : min(Int(Int32.max), max(1, whole + Int(attoseconds / 1_000_000_000_000_000)))
}

/// A time limit for people: `30 s`, `200 ms`.
func shown(_ duration: Duration) -> String {
  let thousandths = milliseconds(duration)
  return thousandths % 1000 == 0 ? "\(thousandths / 1000) s" : "\(thousandths) ms"
}
