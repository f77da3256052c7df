import Diagnostics

extension Diagnostic {
  /// The diagnostic with everything in its excerpt covered that looks like a secret.
  ///
  /// An excerpt shows a line as it stands, and somebody may have put a private key or a client secret into a manifest: the very
  /// mistake that is reported would then carry it into the log of a pipeline. What is covered keeps its length, so that the
  /// caret still points where it should.
  func withoutSecrets() -> Diagnostic {
    guard let excerpt else { return self }
    var copy = self
    copy.excerpt?.text = Concealment.conceal(excerpt.text)
    return copy
  }
}

private enum Concealment {
  /// Members whose values are secret wherever they stand: JWK members of private keys (RFC 7518, section 6) and credentials.
  static let names: Set<String> = [
    "d", "p", "q", "dp", "dq", "qi", "k", "client_secret", "registration_access_token", "password", "token", "secret",
  ]
  /// Shorter runs of base64url letters are words and names; no key and no token of use is.
  static let longestWord = 40

  static func conceal(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    concealValues(&scalars)
    concealRuns(&scalars)
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
      let quote = scalars[index] == "\"" || scalars[index] == "'" ? scalars[index] : nil
      if quote != nil { index += 1 }
      while index < scalars.count {
        if let quote { if scalars[index] == quote { break } } else if ",}]# ".unicodeScalars.contains(scalars[index]) { break }
        scalars[index] = "*"
        index += 1
      }
    }
  }

  private static func concealRuns(_ scalars: inout [Unicode.Scalar]) {
    var start = 0
    for index in 0...scalars.count {
      if index < scalars.count, isNameScalar(scalars[index]) || scalars[index] == "+" || scalars[index] == "=" { continue }
      if index - start >= longestWord { for covered in start..<index { scalars[covered] = "*" } }
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
