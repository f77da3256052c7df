package import OpenIDJSON

/// A call that was about to be sent: journaled before, taken back or replaced by its outcome after.
package struct PendingCall: Sendable, Hashable {
  package enum Action: String, Sendable, Hashable {
    case create
    case set
    case delete
  }

  package var action: Action
  /// When the intent was noted, RFC 3339.
  package var at: String
  /// What a create carried so that it can be found again.
  package var marker: String?
  /// The metadata that was to be registered or set.
  package var metadata: JSONObject
  /// When it was noted that what a create had made, and whose secret nobody has, is about to be deleted again, RFC 3339.
  package var deletionAt: String?

  package init(action: Action, at: String, marker: String?, metadata: JSONObject) {
    self.action = action
    self.at = at
    self.marker = marker
    self.metadata = metadata
  }

  var json: JSONObject {
    var object: JSONObject = ["action": .string(action.rawValue), "at": .string(at)]
    if let marker { object["marker"] = .string(marker) }
    if let deletionAt { object["deletion_at"] = .string(deletionAt) }
    object["metadata"] = .object(metadata)
    return object
  }

  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: "\(place).pending")
    guard let action = Action(rawValue: try reader.text("action")) else {
      throw reader.wrong("action", "create, set or delete")
    }
    self.action = action
    at = try reader.text("at")
    marker = try reader.optionalText("marker")
    deletionAt = try reader.optionalText("deletion_at")
    metadata = try reader.optionalObject("metadata") ?? [:]
  }
}
