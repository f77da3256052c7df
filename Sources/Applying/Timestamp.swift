package import FoundationEssentials

/// Times as the state and the journal write them: RFC 3339, UTC, whole seconds.
package enum Timestamp {
  package static func text(_ date: Date) -> String { date.formatted(.iso8601) }

  /// The whole seconds from one time to another; `nil` where either cannot be read, none where the clock went back.
  static func seconds(from start: String, to end: String) -> Int? {
    guard let start = try? Date(start, strategy: .iso8601), let end = try? Date(end, strategy: .iso8601) else { return nil }
    return max(0, Int(end.timeIntervalSince(start)))
  }
}
