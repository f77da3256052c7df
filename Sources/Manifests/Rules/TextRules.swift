import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// RFC 6749, section 3.3.
  static let scopeGrammar = Rule("scope-grammar", about: ["scope"]) { client in
    guard let scope = client.text("scope"), !isScope(scope) else { return [] }
    let message: String
    if let bad = scope.unicodeScalars.first(where: {
      $0 != " " && ($0.value < 0x21 || $0.value > 0x7e || $0 == "\"" || $0 == "\\")
    }) {
      message =
        bad == "\n" || bad == "\t"
        ? "scopes have a blank between them, nothing else" : "a scope cannot hold \(quoted(String(bad)))"
    } else if scope.hasPrefix(" ") || scope.hasSuffix(" ") || scope.contains("  ") {
      message = "scopes have one blank between them, and none around"
    } else {
      return []
    }
    return [.value(.member("scope"), message: message, hint: "Write it like scope: openid profile (RFC 6749, section 3.3).")]
  }

  /// A comma is a letter like any other (RFC 6749, section 3.3), so a list with commas is one scope that nobody grants.
  static let scopeSeparator = Rule("scope-separator", .warning, about: ["scope"]) { client in
    guard let scope = client.text("scope"), scope.utf8.contains(UInt8(ascii: ",")), isScope(scope) else { return [] }
    let parts = scope.split { $0 == "," || $0 == " " }.map(String.init)
    guard parts.contains(where: wellKnownScopes.contains) else { return [] }
    return [
      .value(
        .member("scope"), message: "scopes have blanks between them; with commas this is one scope",
        hint: "Write it like scope: \(parts.prefix(6).joined(separator: " ")) (RFC 6749, section 3.3).")
    ]
  }

  /// OpenID Connect Core 1.0, sections 3.1.2.1, 5.4 and 11.
  private static let wellKnownScopes: Set = ["openid", "profile", "email", "address", "phone", "offline_access"]

  private static func isScope(_ scope: String) -> Bool {
    var last = UInt8(ascii: " ")
    for byte in scope.utf8 {
      switch byte {
      case UInt8(ascii: " ") where last == UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "\\"), ..<0x20, 0x7f...:
        return false
      default: last = byte
      }
    }
    return last != UInt8(ascii: " ")
  }

  /// Pages, pictures and documents that somebody fetches.
  static let webURL: Rule = {
    var mustBeSecured: [String: Bool] = [:]
    for field in ObjectSchema.clientMetadata.fields {
      switch field.type {
      case .string(.webURL): mustBeSecured[field.name] = false
      case .string(.securedURL): mustBeSecured[field.name] = true
      default: break
      }
    }
    return Rule("web-url", about: Set(mustBeSecured.keys)) { [mustBeSecured] client in
      client.metadata.compactMap { member -> Finding? in
        guard let text = member.value.string, !text.isEmpty else { return nil }
        // A name with a language tag is one of the member before it.
        let hash = member.name.utf8.firstIndex(of: UInt8(ascii: "#"))
        guard let mustBeSecured = mustBeSecured[hash.map { String(member.name[..<$0]) } ?? member.name] else { return nil }
        do throws(HTTPURL.Mistake) {
          let url = try HTTPURL(text)
          guard mustBeSecured, !url.isSecure else { return nil }
          return .value(
            .member(member.name), message: "\(quoted(member.name)) takes an https: URL",
            hint: "Write https: instead of http:.")
        } catch {
          // A page may have a fragment; what counts is that it can be fetched.
          return error.words == "has a fragment"
            ? nil
            : .value(
              .member(member.name), message: "\(quoted(text)) \(error.words)",
              hint: "Write it whole, like https://www.example.com/\(member.name == "logo_uri" ? "logo.png" : "page").")
        }
      }
    }
  }()

  /// An origin is scheme, host and port (RFC 6454, section 4); Hydra refuses what has more.
  static let corsOrigin = Rule("cors-origin", about: ["allowed_cors_origins"]) { client in
    client.strings("allowed_cors_origins").enumerated().compactMap { index, text -> Finding? in
      let words: String
      do throws(HTTPURL.Mistake) {
        let url = try HTTPURL(text)
        guard !url.path.allSatisfy({ $0 == "/" }) || url.query != nil else { return nil }
        words = "has more than scheme, host and port"
      } catch {
        words = error.words
      }
      return .value(
        .member("allowed_cors_origins"), .index(index), message: "\(quoted(text)) \(words)",
        hint: "Write it like https://app.example.com.")
    }
  }

  /// Days as hours, and a number as the seconds that it most likely is.
  private static func inGo(_ text: String) -> String? {
    if let days = text.hasSuffix("d") ? Int(text.dropLast()) : nil, (1...3650).contains(days) { return "\(days * 24)h" }
    return Int(text).flatMap { $0 > 0 ? "\($0)s" : nil }
  }

  static let lifespan: Rule = {
    let names = Set(ObjectSchema.lifespanFields.map(\.name))
    return Rule("lifespan", about: names) { client in
      client.metadata.compactMap { member in
        guard names.contains(member.name), let text = member.value.string, GoDuration(text) == nil else { return nil }
        return .value(
          .member(member.name), message: "\(quoted(text)) is no duration in Go's grammar",
          hint: "Write it like \(inGo(text) ?? "90m or 1h30m"). It knows h, m, s, ms, us and ns, and no days.")
      }
    }
  }()
}
