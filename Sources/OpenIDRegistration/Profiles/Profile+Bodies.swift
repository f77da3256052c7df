public import OpenIDJSON

public import struct OpenIDCryptography.Secret

extension Profile {
  /// The body of a create.
  ///
  /// - Parameters:
  ///   - declared: the metadata that is wanted. A member that is `null` is left out: it says the same, and some providers fail
  ///     over it. Empty lists are sent, for a provider's default may be another one.
  ///   - marker: goes where ``createMarker`` says, unless that member is declared.
  public func createBody(declared: JSONObject, marker: String? = nil) -> ClientMetadata {
    var body = declared.filter { $0.value != .null && !neverSent.contains($0.name) }
    if let createMarker, let marker, isAbsent(createMarker, body[createMarker]) { body[createMarker] = .string(marker) }
    return ClientMetadata(body)
  }

  /// The body of a set, which replaces everything.
  ///
  /// - Parameters:
  ///   - declared: the metadata that is wanted; `null` is left out.
  ///   - clientID: sent where this provider wants it.
  ///   - clientSecret: likewise; only few do, and most refuse a wrong one.
  ///   - marker: the one that the create carried, so that the set does not take it away.
  public func setBody(
    declared: JSONObject, clientID: String, clientSecret: Secret? = nil, marker: String? = nil
  ) -> ClientMetadata {
    var own: JSONObject = [:]
    if setClientID == .required { own["client_id"] = .string(clientID) }
    if setClientSecret == .required, let clientSecret { own["client_secret"] = .string(clientSecret.exposed) }
    return ClientMetadata(own.merging(createBody(declared: declared, marker: marker).members))
  }

  /// The body of a set that leaves everything as an answer says it is, to be changed and sent.
  ///
  ///     var body = Profile.hydra.setBody(changing: app)
  ///     body.clientName = "Billing"
  ///     app = try await client.setOidcDynamicClient(body, of: app, persist: keep)
  ///
  /// An answer itself is none: it has members that the provider alone writes, and some that it refuses to be told.
  public func setBody(changing answer: ClientInformation) -> ClientMetadata {
    let told = answer.metadata.members.filter { !serverOwned.contains($0.name) && !refuses($0.name, $0.value) }
    return setBody(declared: told, clientID: answer.clientID, clientSecret: answer.clientSecret)
  }
}
