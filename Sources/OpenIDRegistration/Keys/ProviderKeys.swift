public import struct OpenIDCryptography.VerificationKey

/// The keys that a provider signs with, read from its `jwks_uri` (OpenID Connect Discovery 1.0, section 3) and kept.
///
/// A signature that names a key which is not among them makes them be read once more, for providers change their keys
/// (OpenID Connect Core 1.0, section 10.1.1). Keep one of these for each provider. Signatures that come at the same time share one request.
public struct ProviderKeys: Sendable {
  /// Where the keys are.
  public let jwksURI: String
  /// For how long they are used without asking again. What the answer's header fields say about caching means little here, for a new
  /// key announces itself; Hydra forbids keeping anything.
  public let lifetime: Duration
  private let client: OpenIDRegistrationClient
  private let answers: AnswerCache<[VerificationKey]>

  /// - Parameters:
  ///   - jwksURI: ``ProviderMetadata/jwksURI``.
  ///   - client: reads them.
  ///   - lifetime: after that a key that was taken back is not used any more.
  ///   - now: the clock; the machine's where left out.
  public init(
    jwksURI: String, client: OpenIDRegistrationClient, lifetime: Duration = .seconds(600),
    now: (@Sendable () -> ContinuousClock.Instant)? = nil
  ) {
    self.jwksURI = jwksURI
    self.client = client
    self.lifetime = lifetime
    answers = AnswerCache(now: now ?? { ContinuousClock.now })
  }

  /// Whether there are keys that were not read just now.
  var areKept: Bool { answers.kept(jwksURI) != nil }

  /// The keys. What is of another kind, for encryption, or too weak is left out.
  ///
  /// - Parameter fresh: whether they are read again.
  /// - Throws: ``RegistrationError`` of `discoverJsonWebKeys`.
  public func all(fresh: Bool = false) async throws(RegistrationError) -> [VerificationKey] {
    let lifetime = lifetime
    let client = client
    let call = Call(.discoverJsonWebKeys, .get, jwksURI, headers: client.headers)
    let answer = await answers.answer(for: jwksURI, fresh: fresh) { () async throws(RegistrationError) in
      (try await client.keys(call), lifetime)
    }
    guard let answer else {
      throw RegistrationError(call, HTTPTransportError(.cancelled, effect: .none, "cancelled"))
    }
    return try answer.get()
  }
}

extension OpenIDRegistrationClient {
  /// How many keys of a set are looked at. A provider has a handful, and each takes milliseconds to check.
  private static let mostKeys = 200

  /// The usable keys of a JWK Set (RFC 7517, section 5, which has what is not understood left out).
  fileprivate func keys(_ call: Call) async throws(RegistrationError) -> [VerificationKey] {
    let members = try object(in: try await answer(to: call), of: call)
    guard let elements = members["keys"]?.array else {
      throw RegistrationError(call, .invalidAnswer, effect: .none, words: "it has no list of keys")
    }
    return elements.prefix(Self.mostKeys).compactMap { $0.object.flatMap { try? VerificationKey(jwk: $0) } }
  }
}
