import OpenIDCryptography

/// What a client knows a person by (OpenID Connect Core 1.0, section 8).
enum PairwiseSubject {
  /// The subject as the client gets it: the person's own, or, where the client is registered for that, one that only clients of
  /// the same sector have.
  static func subject(_ subject: String, for client: ClientRecord, salt: [UInt8]) throws(Refusal) -> String {
    guard client.subjectType == "pairwise" else { return subject }
    let sector = try sectorIdentifier(of: client)
    return Hex.encode(SHA2.sha256(Array(sector.utf8) + Array(subject.utf8) + salt))
  }

  private static func sectorIdentifier(of client: ClientRecord) throws(Refusal) -> String {
    if let url = try? GoURL(parsing: client.sectorIdentifierURI), !url.host.isEmpty { return url.host }
    let hosts = Set((client.redirectURIs ?? []).compactMap { try? GoURL(parsing: $0).host })
    guard hosts.count == 1, let host = hosts.first else {
      throw .oauth(
        .invalidRequest,
        "The client has redirect URIs of several hosts, or none, and no sector_identifier_uri; pairwise subjects want one of both."
      )
    }
    return host
  }
}
