import FoundationEssentials

extension HTTPFields {
  /// How long the server asks to wait: `Retry-After` (RFC 9110, section 10.2.3), else `x-ratelimit-reset`, as Ory Network answers.
  ///
  /// Both may give seconds or a time. A time counts from the answer's own `Date`, so that clocks that differ do no harm.
  package var retryAfter: Duration? {
    if let value = self["retry-after"]?.trimmed {
      if let pause = seconds(value) { return pause }
      if let time = HTTPDate.seconds(value) { return .seconds(max(0, time - now)) }
    }
    return self["x-ratelimit-reset"].flatMap { seconds($0.trimmed) }
  }

  private var now: Int { self["date"].flatMap { HTTPDate.seconds($0.trimmed) } ?? Int(Date().timeIntervalSince1970) }

  /// A count of seconds. What is too large for one is seconds since 1970, as some servers have it.
  private func seconds(_ text: String) -> Duration? {
    guard let value = Double(text), value.isFinite, value >= 0, value < 1e12 else { return nil }
    return .milliseconds(Int64(1000 * (value > 1e9 ? max(0, value - Double(now)) : value)))
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}

/// Times as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
  /// Seconds since 1970; `nil` for anything but the preferred form.
  static func seconds(_ text: String) -> Int? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else {
      return nil
    }
    // Days since 1970 in the Gregorian calendar, counted in years that begin in March, so that a leap day comes last.
    let shifted = month >= 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
  }
}
