package import OpenIDCryptography
import OpenIDJSON
package import Sealing

/// Tokens that reads brought (RFC 7592, section 3) and that no run could write where they belong: put aside in a state of their own,
/// which is joined with the one that is there once that can be written.
package struct RescuedTokens: Sendable {
  private let state: RegistryState
  private let seal: CredentialSeal
  /// Each client whose token is new, and a hash of the token that its read was made with.
  private let marks: [(client: String, before: String)]
  private static let place = "the pushed state"

  /// Puts tokens aside, sealed for whom the state is sealed that the clients were read from.
  ///
  /// - Parameters:
  ///   - time: when they came, RFC 3339.
  ///   - earlier: where some of them are already.
  /// - Returns: where they are; `nil` where there is no such place.
  package static func save(
    _ tokens: [String: Secret], readWith opened: OpenedState, at time: String, to keeper: some StateKeeper,
    over earlier: String?
  ) async -> String? {
    guard var state = opened.state, let seal = opened.seal else { return nil }
    var marks: JSONObject = [:]
    for (client, token) in tokens.sorted(by: { $0.key < $1.key }) {
      guard let before = try? opened.token(of: client) else { continue }
      marks[client] = .string(seal.mark(of: before))
      state.clients[client]?.sealed.registrationAccessToken = seal.seal(token, as: .registrationAccessToken, of: client)
      state.clients[client]?.tokenIssuedAt = time
    }
    state.unknown[RegistryState.rescuedTokens] = .object(marks)
    var document = opened.document
    if document == nil, case .sealed(let key) = seal {
      document = try? StateRun.document(for: opened.recipients, key, at: opened.place)
      guard document != nil else { return nil }
    }
    guard let bytes = try? state.bytes(sealedBy: seal, in: &document, at: opened.place) else { return nil }
    return await keeper.rescue(bytes, lineage: state.lineage, serial: state.serial, tokensOnly: true, over: earlier)
  }

  /// - Returns: `nil` where those are the bytes of another state.
  /// - Throws: ``StateError`` where they are no state of this registry, or nobody here can open them.
  package init?(_ bytes: [UInt8], registry: String, identities: AgeIdentities) throws(StateError) {
    let access = StateFile.Access(identities: identities, allowsClear: true)
    guard let named = try StateDocument.read(bytes, at: Self.place).state.unknown[RegistryState.rescuedTokens] else {
      return nil
    }
    let file = try StateFile(KeptState(state: bytes), registry: registry, at: Self.place, access)
    guard let state = file.state else { return nil }
    self.state = state
    seal = try file.requireSeal(at: Self.place, identities)
    marks = (named.object ?? [:]).compactMap { member in member.value.string.map { (member.name, $0) } }
  }

  package var lineage: String { state.lineage }

  /// The run's clients that the tokens belong to, by the names that they have there, and those that are left out: the state has
  /// another registration in their place, none, or a token that is neither the one put aside nor the one before it.
  package func match(
    _ run: StateRun
  ) async throws(StateError) -> (tokens: [(client: String, token: Secret, at: String?)], leftOut: [String]) {
    let clients = await run.state.clients
    var tokens: [(client: String, token: Secret, at: String?)] = []
    var leftOut: [String] = []
    for (name, before) in marks {
      guard let entry = state.clients[name], let sealed = entry.sealed.registrationAccessToken else { continue }
      let token = try seal.open(sealed, as: .registrationAccessToken, of: name, at: Self.place)
      // It may have got another name meanwhile.
      let known = clients.first { entry.isSameRegistration(as: $0.value) }?.key
      guard let known, let held = try await run.token(of: known), held == token || seal.mark(of: held) == before else {
        leftOut.append(name)
        continue
      }
      if held != token { tokens.append((known, token, entry.tokenIssuedAt)) }
    }
    return (tokens, leftOut)
  }
}

extension ClientState {
  /// Whether both are the same client at the provider.
  package func isSameRegistration(as other: ClientState) -> Bool {
    clientID == other.clientID && registrationClientURI == other.registrationClientURI
  }
}
