import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// RFC 6749, section 3.3.
  static let scopeGrammar = Rule("scope-grammar", about: ["scope"]) { client in
    guard let scope = client.text("scope") else { return [] }
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

  /// Pages, pictures and documents that somebody fetches.
  static let webURL: Rule = {
    let fields = ObjectSchema.clientMetadata.fields.filter { field in
      switch field.type {
      case .string(.webURL), .string(.securedURL): true
      default: false
      }
    }
    return Rule("web-url", about: Set(fields.map(\.name))) { client in
      client.metadata.compactMap { member -> Finding? in
        guard let text = member.value.string, !text.isEmpty else { return nil }
        let name = String(member.name.prefix { $0 != "#" })
        guard let field = fields.first(where: { $0.name == name }) else { return nil }
        do throws(HTTPURL.Mistake) {
          let url = try HTTPURL(text)
          if case .string(.securedURL) = field.type, !url.isSecure {
            return .value(.member(member.name), message: "\(quoted(member.name)) takes an https: URL")
          }
          return nil
        } catch {
          // Logout pages and the like may have a fragment; what counts is that they can be fetched.
          return error.words == "has a fragment" ? nil : .value(.member(member.name), message: "\(quoted(text)) \(error.words)")
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

  static let lifespan: Rule = {
    let names = Set(ObjectSchema.lifespanFields.map(\.name))
    return Rule("lifespan", about: names) { client in
      client.metadata.compactMap { member in
        guard names.contains(member.name), let text = member.value.string, GoDuration(text) == nil else { return nil }
        return .value(
          .member(member.name), message: "\(quoted(text)) is no duration in Go's grammar",
          hint: "Write it like 90m or 1h30m. It knows h, m, s, ms, us and ns, and no days.")
      }
    }
  }()
}
