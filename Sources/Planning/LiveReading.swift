package import OpenIDJSON

/// What a read of one client gave in this run.
package enum LiveReading: Sendable, Hashable {
  /// The registration, in canonical form.
  case found(JSONObject)
  /// 401: the token is stale or wrong, or the client is gone. Nothing follows from it (facts differ from provider to provider).
  case unauthorized
  /// The admin API says that the client does not exist.
  case gone
  /// The admin API says that the client exists, so its token is the one that is stale.
  case tokenRejected
  /// 403, 404, 400 or another answer that names no cure of ours; in words.
  case failed(String)
  /// It was not asked for: no refresh, or nothing to ask with.
  case notRead
}

/// Which clients are read before planning.
package enum RefreshMode: String, Sendable, Hashable, CaseIterable {
  case all
  /// Only clients with a declared change.
  case changed
  /// The registry's list by its admin API.
  case admin
  case none
}

/// What was read from one registry, and how it went.
package struct LiveView: Sendable {
  package var mode: RefreshMode
  package var readings: [String: LiveReading]
  /// How long all reads took together, in seconds.
  package var seconds: Double

  package init(mode: RefreshMode, readings: [String: LiveReading] = [:], seconds: Double = 0) {
    self.mode = mode
    self.readings = readings
    self.seconds = seconds
  }

  /// How many clients answered with their registration.
  package var found: Int {
    readings.values.count { if case .found = $0 { true } else { false } }
  }

  /// The clients that the provider would not show to the token that was held, whatever that means.
  package var denied: [String] {
    readings.keys.filter { name in
      switch reading(of: name) {
      case .unauthorized, .gone, .tokenRejected, .failed: true
      case .found, .notRead: false
      }
    }.sorted()
  }

  package func reading(of client: String) -> LiveReading { readings[client] ?? .notRead }
}
