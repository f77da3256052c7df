import OpenIDCryptography
import OpenIDRegistration

/// The mark of a create: `clientsync/LINEAGE/NAME/NONCE`. With it an orphan is proved to be ours.
package struct Marker: Sendable, Hashable {
  package let lineage: String
  package let name: String
  package let nonce: String

  /// A marker with a nonce of its own.
  package init(lineage: String, name: String) {
    self.lineage = lineage
    self.name = name
    nonce = Hex.encode(Random.bytes(8))
  }

  /// `nil` where the text is no marker.
  package init?(parsing text: String) {
    guard text.hasPrefix(Profile.markerPrefix) else { return nil }
    let parts = text.dropFirst(Profile.markerPrefix.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    lineage = String(parts[0])
    name = String(parts[1])
    nonce = String(parts[2])
  }

  package var text: String { "\(Profile.markerPrefix)\(lineage)/\(name)/\(nonce)" }
}
