import OpenIDCryptography
import OpenIDJSON
import Sealing
import Synchronization

/// Whom the state is sealed for.
extension StateRun {
  /// Makes the state open for others from here on; written when the run finishes.
  ///
  /// - Parameter rotatesDataKey: seals every credential anew under another data key, so that who left cannot open what comes.
  package func rekey(for encryption: StateEncryption, rotatesDataKey: Bool) throws(StateError) {
    let old = credentials.withLock { $0 }
    switch (encryption, old) {
    case (.age(let recipients), .sealed(let key)):
      let next = rotatesDataKey ? DataKey.generate() : key
      do throws(SOPSError) { try document?.setRecipients(recipients, of: next, isNewKey: rotatesDataKey) } catch {
        throw StateError(error, at: place)
      }
      if rotatesDataKey { try seal(anew: .sealed(next)) }
    case (.age(let recipients), .clear):
      let next = DataKey.generate()
      document = SOPSDocument.new(tree: [:], dataKey: next, recipients: recipients)
      try seal(anew: .sealed(next))
      leavesClear = true
    case (.none, _):
      document = nil
      try seal(anew: .clear)
    }
    mustWrite = true
  }

  private func seal(anew seal: CredentialSeal) throws(StateError) {
    for client in state.clients.keys {
      for member in SealedMember.allCases {
        guard let secret = try open(member, of: client) else { continue }
        state.clients[client]?.sealed[member] = seal.seal(secret, as: member, of: client)
      }
    }
    credentials.withLock { $0 = seal }
  }

  /// Has the state written when the run finishes, changed or not: in the newest format.
  package func rewrite() { mustWrite = true }
}
