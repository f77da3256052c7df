/// The URL that the provider gives for itself, and the endpoints below it.
struct PublicAddress: Sendable {
  /// As it was given, a trailing slash and all.
  let issuer: String
  private let base: String

  init(_ url: String) throws(EmbeddedProviderError) {
    guard let parts = try? GoURL(parsing: url), parts.scheme == "http" || parts.scheme == "https", !parts.host.isEmpty,
      parts.userinfo == nil, parts.query.isEmpty, parts.fragment.isEmpty, !url.contains(where: { "?# ".contains($0) })
    else {
      throw EmbeddedProviderError(
        .invalidPublicURL,
        "The public URL has to be an absolute URL without query and fragment, such as http://127.0.0.1:4444.")
    }
    issuer = url
    base = String(url.reversed().drop { $0 == "/" }.reversed())
  }

  /// The address of a path that begins with a slash.
  func url(_ path: String) -> String { base + path }

  /// Where a client is managed. Hydra names the endpoint alone where an admin's create left the id to it.
  func registration(of id: String) -> String {
    url("/oauth2/register") + (id.isEmpty ? "" : "/" + PublicAddress.escaped(id))
  }

  /// An id as a segment of a path.
  static func escaped(_ segment: String) -> String {
    var text = ""
    for byte in segment.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-_.~$&+=:@".contains(character) {
        text.append(character)
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
