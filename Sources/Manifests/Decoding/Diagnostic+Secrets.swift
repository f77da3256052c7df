import Diagnostics

extension Diagnostic {
  /// The diagnostic with everything in its excerpt covered that looks like a secret.
  ///
  /// An excerpt shows a line as it stands, and somebody may have put a private key or a client secret into a manifest: the very
  /// mistake that is reported would then carry it into the log of a pipeline. What is covered keeps its length, so that the
  /// caret still points where it should.
  func withoutSecrets() -> Diagnostic {
    var copy = self
    if message.contains("@") { copy.message = Concealment.concealUserInformation(message) }
    if let excerpt { copy.excerpt?.text = Concealment.conceal(excerpt.text) }
    return copy
  }
}

private enum Concealment {
  /// Members whose values are secret wherever they stand: JWK members of private keys (RFC 7518, section 6) and credentials.
  static let names: Set<String> = [
    "d", "p", "q", "dp", "dq", "qi", "k", "client_secret", "registration_access_token", "initialAccessToken", "token",
    "readToken",
    "password", "secret",
  ]
  /// Shorter runs of base64url letters are words and names; no key and no token of use is.
  static let longestWord = 40

  static func conceal(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    concealValues(&scalars)
    concealUserInformation(&scalars)
    concealRuns(&scalars)
    return string(scalars)
  }

  static func concealUserInformation(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    concealUserInformation(&scalars)
    return string(scalars)
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Covers what follows `NAME:`, up to the end of the value.
  private static func concealValues(_ scalars: inout [Unicode.Scalar]) {
    var index = 0
    while index < scalars.count {
      guard isNameScalar(scalars[index]), index == 0 || !isNameScalar(scalars[index - 1]) else {
        index += 1
        continue
      }
      var end = index
      while end < scalars.count, isNameScalar(scalars[end]) { end += 1 }
      let name = String(String.UnicodeScalarView(scalars[index..<end]))
      index = end
      guard names.contains(name) else { continue }
      if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
      while index < scalars.count, scalars[index] == " " || scalars[index] == "\t" { index += 1 }
      guard index < scalars.count, scalars[index] == ":" else { continue }
      index += 1
      while index < scalars.count, scalars[index] == " " || scalars[index] == "\t" { index += 1 }
      guard index < scalars.count else { return }
      // A mapping, a list or a block is no credential; what is in it has names of its own.
      guard !"{[|>".unicodeScalars.contains(scalars[index]) else { continue }
      let quote = scalars[index] == "\"" || scalars[index] == "'" ? scalars[index] : nil
      if quote != nil { index += 1 }
      while index < scalars.count {
        if let quote { if scalars[index] == quote { break } } else if ",}]# ".unicodeScalars.contains(scalars[index]) { break }
        scalars[index] = "*"
        index += 1
      }
    }
  }

  /// Covers what stands between `//` and `@` in a URL.
  private static func concealUserInformation(_ scalars: inout [Unicode.Scalar]) {
    for start in scalars.indices.dropFirst(2) where scalars[start - 1] == "/" && scalars[start - 2] == "/" {
      let end = scalars[start...].firstIndex { "/?# \t\"'".unicodeScalars.contains($0) } ?? scalars.endIndex
      guard let at = scalars[start..<end].lastIndex(of: "@") else { continue }
      for covered in start..<at { scalars[covered] = "*" }
    }
  }

  /// Covers long runs of base64url letters. Small letters alone are a name: Hydra has members of fifty.
  private static func concealRuns(_ scalars: inout [Unicode.Scalar]) {
    var start = 0
    for index in 0...scalars.count {
      if index < scalars.count, isNameScalar(scalars[index]) || scalars[index] == "+" || scalars[index] == "=" { continue }
      let run = scalars[start..<index]
      // A recipient is public, and of small letters; an identity is of capital ones.
      let isRecipient = run.starts(with: "age1".unicodeScalars) && !run.contains { ("A"..."Z").contains($0) }
      if run.count >= longestWord, !isRecipient, run.contains(where: { $0 < "_" && $0 != "-" }) {
        for covered in run.indices { scalars[covered] = "*" }
      }
      start = index + 1
    }
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
