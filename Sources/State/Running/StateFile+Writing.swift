import FoundationEssentials
import OpenIDJSON
import Sealing

extension RegistryState {
  /// The bytes of its file.
  ///
  /// - Parameter document: what it stood in before, and stands in from here on; `nil` where it stands in clear.
  func bytes(
    sealedBy seal: CredentialSeal, in document: inout SOPSDocument?, at place: String
  ) throws(StateError) -> [UInt8] {
    guard case .sealed(let key) = seal, var written = document else {
      var tree = json
      tree[StateEncryption.member] = "none"
      return JSONValue.object(tree).utf8(.sops) + [0x0a]
    }
    let places = PlaceSeal.sealed(for: self, with: key, keeping: written.tree[PlaceSeal.member])
    written.tree = json
    written.tree[PlaceSeal.member] = places
    document = written
    do throws(SOPSError) { return try written.written(with: key, at: Date()) } catch { throw StateError(error, at: place) }
  }
}
