import OpenIDJSON
import Sealing

/// A state's file read without opening anything.
package enum StateDocument {
  /// - Returns: the state, and for whom it is sealed in words; nobody where it stands in clear.
  /// - Throws: ``StateError`` where it is no state.
  package static func read(
    _ bytes: [UInt8], at place: String
  ) throws(StateError) -> (state: RegistryState, holders: [String]) {
    var tree: JSONObject
    var holders: [String] = []
    do throws(SOPSError) {
      tree = try SOPSDocument.object(in: bytes)
      if tree["sops"] != nil || tree[StateEncryption.member] != "none" {
        let document = try SOPSDocument(tree)
        tree = document.tree
        holders = document.holders
      }
    } catch {
      throw StateError(error, at: place)
    }
    return (try RegistryState(tree, at: place), holders)
  }
}
