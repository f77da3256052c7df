/// What a server wants to see before it answers: one challenge of `WWW-Authenticate` (RFC 9110, section 11.6.1).
///
/// A resource that takes access tokens says here what is wrong with the one that it got (RFC 6750, section 3).
public struct AuthenticationChallenge: Sendable, Hashable {
  /// The scheme as it was written: `Bearer`, `DPoP`, `Basic`.
  public var scheme: String
  /// The parameters by name, in lower case; of a name that comes twice, the first.
  public var parameters: [String: String]

  public init(scheme: String, parameters: [String: String] = [:]) {
    self.scheme = scheme
    self.parameters = parameters
  }

  /// What the credentials are good for.
  public var realm: String? { parameters["realm"] }
  /// `invalid_request`, `invalid_token`, `insufficient_scope` (RFC 6750, section 3.1), or the provider's own; absent where no
  /// credentials came at all.
  public var error: String? { parameters["error"] }
  /// The same for people.
  public var errorDescription: String? { parameters["error_description"] }
  /// A page about it.
  public var errorURI: String? { parameters["error_uri"] }
  /// The scopes that would be enough, each on its own; empty where the server does not say.
  public var scope: [String] { (parameters["scope"] ?? "").split(separator: " ").map(String.init) }

  /// Whether this is about access tokens.
  var isBearer: Bool { scheme.lowercased() == "bearer" }
}

extension HTTPFields {
  /// The challenges of an answer, in order; what cannot be read ends the list.
  public var challenges: [AuthenticationChallenge] {
    fields.filter { $0.name.lowercased() == "www-authenticate" }.flatMap { field in
      var reader = ChallengeReader(field.value)
      return reader.read()
    }
  }
}

/// Reads the list of challenges in one field.
private struct ChallengeReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func read() -> [AuthenticationChallenge] {
    var found: [AuthenticationChallenge] = []
    while true {
      skip(" \t,")
      let name = token()
      guard !name.isEmpty else { return found }
      skip(" \t")
      if take("="), !found.isEmpty {
        skip(" \t")
        guard let value = value() else { return found }
        let known = name.lowercased()
        if found[found.count - 1].parameters[known] == nil { found[found.count - 1].parameters[known] = value }
      } else {
        found.append(AuthenticationChallenge(scheme: name))
        skipToken68()
      }
    }
  }

  private func byte(_ offset: Int = 0) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }

  private mutating func skip(_ set: String) {
    while let next = byte(), set.utf8.contains(next) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// RFC 9110, section 5.6.2.
  private mutating func token() -> String {
    let start = position
    while let next = byte(), isWordByte(next) || "!#$%&'*+-.^_`|~".utf8.contains(next) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func value() -> String? {
    guard take("\"") else {
      let text = token()
      return text.isEmpty ? nil : text
    }
    var text: [UInt8] = []
    while let next = byte() {
      position += 1
      switch next {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = byte() else { return nil }
        position += 1
        text.append(escaped)
      default: text.append(next)
      }
    }
    return nil
  }

  /// The other form of a challenge, a blob without parameters (RFC 9110, section 11.2): it says nothing here.
  private mutating func skipToken68() {
    let start = position
    while let next = byte(), isWordByte(next) || "-._~+/".utf8.contains(next) { position += 1 }
    guard position > start else { return }
    while take("=") {}
    skip(" \t")
    if let next = byte(), next != UInt8(ascii: ",") { position = start }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
