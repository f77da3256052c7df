#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A point in time as Go's `time.Time` reads and writes it in JSON (RFC 3339), kept in UTC.
struct GoTime: Sendable, Hashable, CustomStringConvertible {
  /// Seconds since 1970.
  var seconds: Int
  var nanoseconds: Int

  init(seconds: Int, nanoseconds: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  static var now: GoTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return GoTime(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  var roundedToSecond: GoTime { GoTime(seconds: nanoseconds >= 500_000_000 ? seconds + 1 : seconds) }

  var truncatedToMicrosecond: GoTime { GoTime(seconds: seconds, nanoseconds: nanoseconds / 1_000 * 1_000) }

  /// With as many digits after the point as there are, and none where it is a whole second.
  var description: String {
    let days = (seconds - modulo(seconds, 86_400)) / 86_400
    let rest = modulo(seconds, 86_400)
    let (year, month, day) = civil(days)
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    text += "T\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    if nanoseconds > 0 {
      var fraction = padded(nanoseconds, 9)
      while fraction.last == "0" { fraction.removeLast() }
      text += "." + fraction
    }
    return text + "Z"
  }

  /// Days since 1970 of a date in the Gregorian calendar, whatever the year.
  static func days(year: Int, month: Int, day: Int) -> Int {
    // Years are counted from March, so that the leap day comes last.
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private func modulo(_ value: Int, _ divisor: Int) -> Int { (value % divisor + divisor) % divisor }

  private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
