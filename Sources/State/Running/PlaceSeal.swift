import OpenIDCryptography
import OpenIDJSON
import Sealing

/// A sealed hash over where credentials go (the binding, and each client's id and registration client URI) and over which state it
/// is (its lineage and registry).
///
/// SOPS's MAC covers values and neither their names nor where one ends, so whoever may write the file without holding its key could
/// move characters between neighbours: a part of a URI, or a digit of the serial into the lineage, so that an old state would pass for
/// one that was never seen. The serial itself needs no place in the hash: it stands between two texts that have one. This value stands in the file as any sealed one does, at
/// `sealed.places`; sops and its commands keep it as it is. It begins with a nonce, so that nobody without the key can tell its
/// text, and so cannot take it out and make up for it elsewhere in what the MAC covers.
struct PlaceSeal {
  static let member = "sealed"
  private static let name = "places"
  private static let path = [member, name]

  /// The value for a state; the one that is there where it still fits, so that git sees no change.
  static func sealed(for state: RegistryState, with key: DataKey, keeping old: JSONValue?) -> JSONValue {
    if let text = old?[name]?.string, (try? fits(text, state, key)) == true { return [name: .string(text)] }
    let nonce = Hex.encode(Random.bytes(16))
    return [name: .string(key.seal(Secret(text(nonce, state)), at: path))]
  }

  /// - Throws: ``StateError`` `untrusted` where it is there and does not fit.
  static func check(_ tree: JSONObject, _ state: RegistryState, with key: DataKey, at place: String) throws(StateError) {
    guard let text = tree[member]?[name]?.string else { return }
    let isFitting: Bool
    do throws(SOPSError) { isFitting = try fits(text, state, key) } catch { throw StateError(error, at: place) }
    guard isFitting else {
      throw StateError(
        .untrusted,
        "\(place): the lineage, or where credentials go (the binding, a client's id or registration_client_uri), was changed past clientsync. Take the file back from git; if the change is meant, put it in place with: state push \(place) --force"
      )
    }
  }

  /// Whether a file has none yet.
  static func isMissing(in tree: JSONObject) -> Bool { tree[member]?[name] == nil }

  private static func fits(_ sealed: String, _ state: RegistryState, _ key: DataKey) throws(SOPSError) -> Bool {
    let known = try key.open(sealed, at: path).exposed
    let nonce = String(known.prefix { $0 != ":" })
    return HMAC.areEqual(Array(known.utf8), Array(text(nonce, state).utf8))
  }

  /// The nonce, and a hash over it and all places, each with its length before it, so that none runs into the next.
  private static func text(_ nonce: String, _ state: RegistryState) -> String {
    var bytes: [UInt8] = []
    func add(_ text: String?) {
      bytes += (text.map { String($0.utf8.count) } ?? "-").utf8
      bytes.append(UInt8(ascii: ":"))
      bytes += (text ?? "").utf8
    }
    for text in [nonce, state.lineage, state.registry, state.binding.json.text()] { add(text) }
    for name in state.clients.keys.sorted() {
      let client = state.clients[name]
      add(name)
      add(client?.clientID)
      add(client?.registrationClientURI)
    }
    return nonce + ":" + Hex.encode(SHA2.sha256(bytes))
  }
}
