package import OpenIDCryptography
package import Sealing

/// A state read without writing anything: for plan, drift and whoever looks. A leftover journal is folded in memory only.
package struct OpenedState: Sendable {
  /// `nil` where there is none, and no journal either.
  package let state: RegistryState?
  /// `nil` where no identity at hand opens it; then the MAC was not checked.
  package let seal: CredentialSeal?
  /// The age recipients.
  package let recipients: [String]
  /// For whom it is sealed, in words: age recipients, and whoever only sops knows.
  package let holders: [String]
  /// When the file was written (RFC 3339); `nil` where there is none, or it stands in clear.
  package let writtenAt: String?
  /// How many records of a leftover journal stand in ``state``.
  package let foldedRecords: Int
  /// The serial in the file itself; 0 where there is none.
  package let serial: Int
  /// Whether something in the file is as an earlier version of clientsync left it; the next write mends that.
  package let isOutdated: Bool
  /// Whether a journal lies there that says nothing any more.
  package let hasStaleJournal: Bool
  package let document: SOPSDocument?
  let place: String

  /// Whether credentials can be opened, and everything in the file was checked.
  package var isVerified: Bool { seal != nil }

  /// - Parameter allowsClear: whether the registry says `encryption: none`.
  package static func read(
    from keeper: some StateKeeper, registry: String, identities: AgeIdentities, allowsClear: Bool = false
  ) async throws(StateError) -> OpenedState {
    let file = try StateFile(
      try await keeper.read(), registry: registry, at: keeper.description,
      StateFile.Access(identities: identities, allowsClear: allowsClear))
    try await checkRescued(keeper)
    if let state = file.state {
      try await checkSerial(state, keeper)
      // Only what was checked is remembered: a made-up serial would lock everybody out.
      if file.seal != nil { await keeper.remember(state.serial, of: state.lineage) }
    }
    return OpenedState(
      state: file.state, seal: file.seal, recipients: file.recipients, holders: file.holders, writtenAt: file.writtenAt,
      foldedRecords: file.foldedRecords, serial: file.serial, isOutdated: file.isOutdated,
      hasStaleJournal: file.hasStaleJournal, document: file.document, place: keeper.description)
  }

  /// Whether both say the same, whoever wrote them.
  package func isSame(as other: OpenedState) -> Bool {
    state == other.state && serial == other.serial && foldedRecords == other.foldedRecords
  }

  package func token(of client: String) throws(StateError) -> Secret? { try open(.registrationAccessToken, of: client) }
  package func secret(of client: String) throws(StateError) -> Secret? { try open(.clientSecret, of: client) }

  private func open(_ member: SealedMember, of client: String) throws(StateError) -> Secret? {
    guard let sealed = state?.clients[client]?.sealed[member] else { return nil }
    guard let seal else {
      throw StateError(
        .noIdentity, "\(place) is sealed for \(holders.joined(separator: ", ")), and no identity at hand opens it.")
    }
    return try seal.open(sealed, as: member, of: client, at: place)
  }
}

/// What an earlier run learned and could not write where it belongs has to be there before anything goes on, also where the state is
/// gone or of another lineage: without it, its clients would be made a second time.
///
/// - Parameter butTokens: whether tokens that were put aside do not count.
func checkRescued(_ keeper: some StateKeeper, butTokens: Bool = false) async throws(StateError) {
  guard let place = await keeper.rescued(butTokens: butTokens) else { return }
  if await keeper.rescued(butTokens: true) == nil {
    throw StateError(
      .serialWentBack,
      "Reads brought new registration access tokens that could not be put in their place in \(keeper.description), so they are in \(place). Put them there first: state push \(place). Where all of them are in the state already, or it is another repository's, move the file away."
    )
  }
  throw StateError(
    .serialWentBack,
    "\(keeper.description) could not be written when an earlier run ended, and what that run learned is in \(place). Put it in place first: state push \(place). Where all of it is in the state already, or it is another repository's, move it away."
  )
}

/// An old state that was put back would send dead tokens about, and forget clients; so would one whose successor lies elsewhere.
func checkSerial(_ state: RegistryState, _ keeper: some StateKeeper) async throws(StateError) {
  guard let highest = await keeper.highestSerial(of: state.lineage), highest > state.serial else { return }
  throw StateError(
    .serialWentBack,
    "\(keeper.description) has serial \(state.serial), and \(highest) was seen before: an old state was put back. Take the newest one from git; its tokens are the ones that still work. If this one is meant, after a look: state push \(keeper.description) --force."
  )
}

extension SealedCredentials {
  package subscript(member: SealedMember) -> String? {
    get { member == .clientSecret ? clientSecret : registrationAccessToken }
    set { if member == .clientSecret { clientSecret = newValue } else { registrationAccessToken = newValue } }
  }
}
