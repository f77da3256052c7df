package import OpenIDCryptography
package import Sealing

/// A state read without writing anything: for plan, drift and whoever looks. A leftover journal is folded in memory only.
package struct OpenedState: Sendable {
  /// `nil` where there is none, and no journal either.
  package let state: RegistryState?
  /// `nil` where no identity at hand opens it; then the MAC was not checked.
  package let dataKey: DataKey?
  package let recipients: [String]
  /// How many records of a leftover journal stand in ``state``.
  package let foldedRecords: Int
  /// The serial in the file itself; 0 where there is none.
  package let serial: Int
  private let place: String

  package static func read(
    from keeper: some StateKeeper, registry: String, identities: AgeIdentities
  ) async throws(StateError) -> OpenedState {
    let file = try StateFile(try await keeper.read(), registry: registry, at: keeper.description, identities: identities)
    if let state = file.state { try await checkSerial(state, keeper) }
    return OpenedState(
      state: file.state, dataKey: file.dataKey, recipients: file.recipients, foldedRecords: file.foldedRecords,
      serial: file.serial, place: keeper.description)
  }

  package func token(of client: String) throws(StateError) -> Secret? { try open(.registrationAccessToken, of: client) }
  package func secret(of client: String) throws(StateError) -> Secret? { try open(.clientSecret, of: client) }

  private func open(_ member: SealedMember, of client: String) throws(StateError) -> Secret? {
    guard let sealed = state?.clients[client]?.sealed[member] else { return nil }
    guard let dataKey else {
      throw StateError(
        .noIdentity, "\(place) is sealed for \(recipients.joined(separator: ", ")), and no identity at hand opens it.")
    }
    return try dataKey.open(sealed, as: member, of: client, at: place)
  }
}

/// An old state that was put back would send dead tokens about, and forget clients.
func checkSerial(_ state: RegistryState, _ keeper: some StateKeeper) async throws(StateError) {
  guard let highest = await keeper.highestSerial(of: state.lineage), highest > state.serial else { return }
  throw StateError(
    .serialWentBack,
    "\(keeper.description) has serial \(state.serial), and \(highest) was seen before: an old state was put back. Take the newest one from git; its tokens are the ones that still work."
  )
}

extension SealedCredentials {
  subscript(member: SealedMember) -> String? {
    get { member == .clientSecret ? clientSecret : registrationAccessToken }
    set { if member == .clientSecret { clientSecret = newValue } else { registrationAccessToken = newValue } }
  }
}

extension DataKey {
  func open(_ sealed: String, as member: SealedMember, of client: String, at place: String) throws(StateError) -> Secret {
    do throws(SOPSError) { return try open(sealed, at: member.path(of: client)) } catch { throw StateError(error, at: place) }
  }
}
