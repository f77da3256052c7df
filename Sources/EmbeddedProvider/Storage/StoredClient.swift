/// A client as its row holds it.
struct StoredClient: Sendable {
  var id: String
  /// For the filters of the list.
  var clientName: String
  var owner: String
  /// What a read of the registration endpoint answers, to the byte.
  var document: [UInt8]
  /// The member that only the admin API shows, as JSON.
  var metadata: [UInt8]
  /// Never changes; a set's answer does not say it.
  var createdAt: String
  /// The signature of the registration access token; `nil` where an admin's set has ended it.
  var tokenSignature: String?
}
