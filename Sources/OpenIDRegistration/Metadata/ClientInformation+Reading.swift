import OpenIDJSON

import struct OpenIDCryptography.Secret

/// An answer taken apart: what it brought, and what is wrong with it.
///
/// The two stand side by side because credentials are shown once: a token that arrived in an answer that is odd otherwise is
/// handed on all the same.
struct ClientInformationReading {
  enum Problem {
    /// Not JSON, or JSON that breaks off, or that says a name twice.
    case notJSON(JSONParsingError)
    /// JSON of another kind or with members that cannot be used, as a phrase.
    case invalid(String)
  }

  let information: ClientInformation
  let problem: Problem?

  /// The members that ``ClientInformation`` has properties for.
  private static let ownProperties = [
    "client_id", "client_secret", "registration_access_token", "registration_client_uri", "client_secret_expires_at",
    "client_id_issued_at",
  ]

  /// Whether the answer brought anything by which the client can be known or used.
  var identifiesClient: Bool {
    !information.clientID.isEmpty || information.clientSecret != nil || information.registrationAccessToken != nil
  }

  /// Reads an answer.
  ///
  /// - Parameter knownURI: where the client was read or set; holds where the answer names no URI.
  init(_ response: HTTPResponse, knownURI: String?) {
    do {
      var document = try JSONDocument(parsing: response.body)
      let flaw = response.flaw(of: document)
      if let members = document.takeObject() {
        self.init(members, of: response, knownURI: knownURI, problem: flaw.map(Problem.invalid))
      } else {
        let problem = Problem.invalid("it is \(document.value.kind), not an object")
        self.init(credentialMembers(in: response.body), of: response, knownURI: knownURI, problem: problem)
      }
    } catch {
      let coding = response.headers["Content-Encoding"].flatMap { $0.isEmpty || $0.lowercased() == "identity" ? nil : $0 }
      let problem = coding.map { Problem.invalid("it is encoded as \($0), which was not asked for") } ?? .notJSON(error)
      self.init(credentialMembers(in: response.body), of: response, knownURI: knownURI, problem: problem)
    }
  }

  /// Reads the members of an answer, or of one client of a list.
  init(_ members: consuming JSONObject, of response: HTTPResponse, knownURI: String?, problem: Problem? = nil) {
    var members = consume members
    var found = ClientInformation(clientID: "", status: response.status, headers: response.headers)
    var problems: [String] = []

    // What has a property of its own is taken out of the members.
    let names = Self.ownProperties
    let values = members.removeValues(forNames: names)
    func text(_ index: Int) -> String? {
      switch values[index] {
      case .string(let text)?: return text.isEmpty ? nil : text
      case .null?, nil: return nil
      case let other?:
        problems.append("\(names[index]) is \(other.kind), not a string")
        return nil
      }
    }
    /// Seconds since 1970. Some clocks have a fraction, and some providers write numbers as strings.
    func time(_ index: Int) -> Int? {
      let number: JSONNumber?
      switch values[index] {
      case .number(let said)?: number = said
      case .string(let said)?: number = try? JSONValue(parsing: said).number
      case .null?, nil: return nil
      default: number = nil
      }
      let limit = 9_007_199_254_740_992
      if let whole = number.flatMap({ Int($0.spelling) }), (-limit...limit).contains(whole) { return whole }
      guard let seconds = number?.double, abs(seconds) <= Double(limit) else {
        problems.append("\(names[index]) is no time in seconds since 1970")
        return nil
      }
      return Int(seconds)
    }
    found.clientID = text(0) ?? ""
    found.clientSecret = text(1).map(Secret.init)
    found.registrationAccessToken = text(2).map(Secret.init)
    found.registrationClientURI = text(3)
    found.clientSecretExpiresAt = time(4)
    found.clientIDIssuedAt = time(5)
    found.metadata = ClientMetadata(members)

    if let uri = found.registrationClientURI {
      // The one that was asked has been looked at, and most answers name it again.
      if !uri.isIdentical(to: knownURI ?? "") {
        do { _ = try HTTPURL(uri) } catch { problems.append("its registration_client_uri \(error.words)") }
      }
    } else {
      found.registrationClientURI = knownURI
    }
    if let token = found.registrationAccessToken?.exposed, !token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
      problems.append("its registration_access_token has characters that no header field can carry")
    }
    if let secret = found.clientSecret?.exposed, secret.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      problems.append("its client_secret has control characters in it")
    }
    if found.clientID.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      problems.append("its client_id has control characters in it")
    }
    if problems.isEmpty, found.clientID.isEmpty { problems.append("it names no client_id") }

    information = found
    self.problem = problem ?? (problems.isEmpty ? nil : .invalid(problems.joined(separator: "; ")))
  }
}

/// What can be saved of a text that is no object: an answer cut off in its middle may hold the only copy of a token.
private func credentialMembers(in body: [UInt8]) -> JSONObject {
  let lenient = JSONParsingOptions(duplicates: .lastWins, ignoresTrailingContent: true)
  if let value = try? JSONValue(parsing: body, options: lenient), let object = value.object { return object }
  var members: JSONObject = [:]
  for name in ["client_id", "client_secret", "registration_access_token", "registration_client_uri"] {
    members[name] = firstString(under: name, in: body).map(JSONValue.string)
  }
  return members
}

/// The first whole string that follows `"name":`.
private func firstString(under name: String, in body: [UInt8]) -> String? {
  let key = Array("\"\(name)\"".utf8)
  let quote = UInt8(ascii: "\"")
  var start = body.startIndex
  while let range = body[start...].firstRange(of: key) {
    start = range.upperBound
    var position = start
    func skipBlanks() { while position < body.count, [0x20, 0x09, 0x0a, 0x0d].contains(body[position]) { position += 1 } }
    skipBlanks()
    guard position < body.count, body[position] == UInt8(ascii: ":") else { continue }
    position += 1
    skipBlanks()
    guard position < body.count, body[position] == quote else { continue }
    var end = position + 1
    while end < body.count, body[end] != quote { end += body[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < body.count else { return nil }
    if let text = try? JSONValue(parsing: body[position...end]).string { return text }
  }
  return nil
}
