package import Diagnostics
package import OpenIDJSON

/// One change to one client, as the plan names it.
package struct Change: Sendable, Hashable {
  package var action: Action
  package var reason: Reason
  package var registry: String
  package var client: String
  /// The name that the state knows the client by, where the change renames it.
  package var movedFrom: String?
  /// Where the client is declared; `nil` where its document is gone.
  package var place: SourcePlace?
  package var fields: [FieldChange] = []
  /// How many members stay as they are.
  package var unchangedMembers = 0
  /// The metadata to register or set, registry defaults merged in, members kept from live included; `nil` where no body is sent.
  package var metadata: JSONObject?
  /// Members that a set takes over from the live read (`ignoreDrift`).
  package var keptFromLive: [String] = []
  /// Members that the provider holds without showing them, and that a set may reset.
  package var mayBeReset: [String] = []
  /// Why apply will not do it; `nil` where it will.
  package var refusal: Refusal?

  package init(_ action: Action, _ reason: Reason, registry: String, client: String, place: SourcePlace? = nil) {
    self.action = action
    self.reason = reason
    self.registry = registry
    self.client = client
    self.place = place
  }
}

/// A safety rule that a change runs into (exit code 7).
package enum Refusal: Sendable, Hashable {
  /// `deletion: prevent`, remembered in the state.
  case prevented
  case tooManyCreates(count: Int, limit: Int)
  case tooManyDeletes(count: Int, limit: Int)
  /// More than `safety.maxDeletePercent` of the registry's clients.
  case tooLargeAShare(count: Int, of: Int, limit: Int)

  /// The refusal as machines read it.
  package var name: String {
    switch self {
    case .prevented: "prevented"
    case .tooManyCreates: "max_creates"
    case .tooManyDeletes: "max_deletes"
    case .tooLargeAShare: "max_delete_percent"
    }
  }
}
