import Sealing

/// Why the state cannot be read, trusted or written: one clear answer with the way out. The file is left as it was.
package struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// Another run holds the lock.
    case locked
    /// No identity at hand opens the data key.
    case noIdentity
    /// The MAC does not fit, or a value does not open at its place.
    case untrusted
    /// The file is no state, or a member is not what it should be.
    case damaged
    /// A newer version of clientsync wrote it.
    case fromTheFuture
    case damagedJournal
    /// The highest serial seen of this lineage is above the file's: an old state was put back.
    case serialWentBack
    /// Somebody else changed the state while a run was at work.
    case changedMeanwhile
    /// What is to be put in place does not go on from what is there: another lineage, a lower serial.
    case mismatch
    /// It stands in clear, and nobody asked for that.
    case clear
    case io
    /// There is no state any more where somebody looked at one, or meant to go on from it.
    case gone
    /// What was named is not there.
    case missing
  }

  package let code: Code
  package let description: String
  /// Where what a run learned was put instead; `nil` where it was not.
  package let rescuedTo: String?

  package init(_ code: Code, _ description: String, rescuedTo: String? = nil) {
    self.code = code
    self.description = description
    self.rescuedTo = rescuedTo
  }

  package static func gone(_ place: String) -> StateError {
    StateError(.gone, "\(place) is gone. Nothing was changed.")
  }

  package static func changedWhileReading(_ place: String) -> StateError {
    StateError(.changedMeanwhile, "\(place) was changed by another run while the clients were being read. Plan again.")
  }

  init(_ error: SOPSError, at place: String) {
    let code: Code =
      switch error.code {
      case .noIdentity: .noIdentity
      case .macMismatch, .damagedValue, .clearValue, .damagedDataKey: .untrusted
      default: .damaged
      }
    self.init(code, "\(place): \(error.description)")
  }
}
