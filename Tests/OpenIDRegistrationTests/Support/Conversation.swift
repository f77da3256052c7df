import Foundation
import OpenIDRegistration

/// A conversation recorded with a real provider, its matchers filled with made-up values.
struct Conversation: Sendable, CustomStringConvertible {
  struct Step: Sendable {
    let id: String
    let to: String
    let method: String
    /// The path with its query.
    let path: String
    let url: String
    let requestHeaders: [String: String]
    let requestBody: JSONObject?
    let response: HTTPResponse
    /// The body of the response, where it is JSON.
    let body: JSONValue?
    /// What later steps use of this answer, by the pointer into its body.
    let captured: [String: String]
  }

  /// Where a recording lies, of all that there are.
  struct File: Sendable, CustomStringConvertible {
    let provider: String
    let url: URL

    var description: String { "\(provider)/\(url.deletingPathExtension().lastPathComponent)" }

    static let all: [File] = {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      // The embedded provider's tests hold most of Hydra's; no recording need lie in both places.
      let folders = ["OpenIDRegistrationTests", "EmbeddedProviderTests"].map {
        tests.appending(path: "\($0)/Fixtures/conformance")
      }
      return ["hydra", "keycloak", "oidc-provider"].flatMap { provider -> [File] in
        var found: [String: URL] = [:]
        for folder in folders.map({ $0.appending(path: provider) }) {
          for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where name.hasSuffix(".json") {
            found[name] = folder.appending(path: name)
          }
        }
        return found.sorted { $0.key < $1.key }.map { File(provider: provider, url: $0.value) }
      }
    }()
  }

  let provider: String
  let name: String
  let steps: [Step]

  var description: String { "\(provider)/\(name)" }

  static let publicURL = "https://auth.example.com"
  static let adminURL = "https://admin.example.com"

  static let all: [Conversation] = File.all.compactMap { Conversation($0) }

  static func named(_ description: String) -> Conversation? { all.first { $0.description == description } }

  /// - Parameter url: the base of the provider's URLs in its answers.
  init?(_ file: File, publicURL: String = publicURL, adminURL: String = adminURL) {
    guard let bytes = try? Data(contentsOf: file.url), let document = try? JSONValue(parsing: bytes),
      let name = document["name"]?.string
    else { return nil }
    var filler = Filler(known: ["public": publicURL, "admin": adminURL])
    for variable in document["variables"]?.strings ?? [] { filler.known[variable] = "made-up-\(variable)" }
    var steps: [Step] = []
    for step in document["steps"]?.array ?? [] {
      if let proof = step["proof"]?["as"]?.string { filler.known[proof] = "made-up-proof" }
      let response = step["response"]?.object ?? [:]
      let to = step["request"]?["to"]?.string ?? "public"
      let path = filler.substitute(step["request"]?["path"]?.string ?? "")
      let capture = step["capture"]?.object ?? [:]
      let body = response["body"].map { filler.fill($0, capture: capture) }
      let text = response["bodyText"].map { filler.finish(filler.invent($0)) }?.string ?? ""
      var headers = HTTPFields()
      for member in response["headers"]?.object ?? [:] {
        if let value = filler.finish(filler.invent(member.value)).string { headers.append(member.name, value) }
      }
      filler.take(capture, fromLocation: headers["location"])
      guard let request = step["request"]?.object else { continue }
      // Of a key set only the status is recorded.
      let answer = path == "/jwks" ? Filler.keys.utf8() : body?.utf8() ?? Array(text.utf8)
      steps.append(
        Step(
          id: step["id"]?.string ?? "?", to: to, method: request["method"]?.string ?? "GET", path: path,
          url: (to == "admin" ? adminURL : publicURL) + path,
          requestHeaders: Dictionary(
            (request["headers"]?.object ?? [:]).map { ($0.name, filler.substitute($0.value.string ?? "")) },
            uniquingKeysWith: { $1 }),
          requestBody: request["body"].flatMap { filler.finish($0).object },
          response: HTTPResponse(
            status: response["status"]?.integer ?? 0, headers: headers, body: answer), body: body,
          captured: Dictionary(
            capture.compactMap { member in
              member.value.string.flatMap { pointer in filler.known[member.name].map { (pointer, $0) } }
            }, uniquingKeysWith: { $1 })))
    }
    provider = file.provider
    self.name = name
    self.steps = steps
  }
}
