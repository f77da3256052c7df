import OpenIDCryptography
import OpenIDJSON

extension Change {
  /// A hash over all that will be done to the client, in hex: the action, the name, each field, the body. No credential is in it.
  ///
  /// Where the change is declared is left out, so that moving a document to another file is no other change.
  package var digest: String {
    let content: JSONObject = [
      "action": .string(action.rawValue),
      "registry": .string(registry),
      "client": .string(client),
      "moved_from": movedFrom.map(JSONValue.string) ?? .null,
      "fields": .array(fields.sorted { $0.member < $1.member }.map { $0.json.sorted() }),
      "metadata": metadata.map { .object($0.sorted()) } ?? .null,
    ]
    return Hex.encode(SHA2.sha256(JSONValue.object(content).utf8()))
  }
}

extension Plan {
  /// The hash over the sorted digests of all changes, in hex; people see its first twelve digits.
  package var digest: String {
    Hex.encode(SHA2.sha256(Array(changes.map(\.digest).sorted().joined(separator: "\n").utf8)))
  }
}
