import OpenIDRegistration
import YAML

extension ValueReader {
  /// Whether the text has the form that belongs there; notes what is wrong with it.
  mutating func check(_ text: String, _ form: StringForm, at node: YAMLNode, of name: String) -> Bool {
    switch form {
    case .any, .headerName, .headerValue, .redirectURI, .webURL, .securedURL, .origin, .scope, .goDuration, .usual: return true
    case .choice(let words, let notYet): return choice(text, words, notYet, at: node, of: name)
    case .clientName: return clientName(text, at: node)
    case .registryName:
      if text == "sealed" { return clientName(text, at: node) }
      guard isName(text, with: "-") else {
        findings.add(
          .invalidName, "\(quoted(text)) cannot name a registry", at: node,
          hint: nameHint(text, with: "-")
            + "Registries have DNS labels: at most 63 lower-case letters, digits and \"-\", a letter or digit first and last.")
        return false
      }
    case .endpoint: return endpoint(text, at: node)
    case .duration:
      guard let duration = SpanText.duration(text), duration > .zero else {
        findings.add(
          .invalidValue, "\(quoted(text)) is no span of time", at: node,
          hint: Int(text).map { $0 > 0 } == true ? "Write it with its unit, like \(text)s." : "Write it like 10s, 1m30s or 14d."
        )
        return false
      }
    case .path:
      guard !text.isEmpty, !text.utf8.contains(0) else {
        findings.add(
          .invalidValue, "\(quoted(name)) takes the path of a file", at: node,
          hint: "Write it like certificates/ca.pem; it counts from the manifest's folder.")
        return false
      }
    case .deliveryRoot:
      guard check(text, .path, at: node, of: name) else { return false }
      guard !text.split(separator: "/").contains(where: { $0.lowercased() == ".git" }) else {
        findings.add(
          .pathOutside, "\(quoted(text)) leads into .git, where git keeps what it runs", at: node,
          hint: "Write a folder of its own, like secrets.")
        return false
      }
    case .environmentVariable:
      guard let first = text.utf8.first, !first.isASCIIDigit,
        text.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") })
      else {
        findings.add(
          .invalidName, "\(quoted(text)) cannot name an environment variable", at: node,
          hint: "Write the name alone, like REGISTRATION_TOKEN: letters, digits and \"_\", no digit first.")
        return false
      }
    case .ageRecipient:
      guard text.hasPrefix("age1"), text.utf8.count > 20, text.utf8.allSatisfy({ $0.isASCIIDigit || (97...122).contains($0) })
      else {
        findings.add(
          .invalidValue,
          text.uppercased().hasPrefix("AGE-SECRET-KEY-")
            ? "this is an age identity, which is secret" : "\(quoted(text)) is no age recipient", at: node,
          hint: "A recipient begins with age1; clientsync keys show prints that of an identity.")
        return false
      }
    case .pathBelow: return pathBelow(text, at: node)
    case .manifestVariable:
      guard text.hasPrefix(Self.prefix) else {
        findings.add(
          .variableName, "\(quoted(text)) cannot be read from a Client", at: node,
          hint: "Only variables whose names begin with \(Self.prefix) can, so that no manifest reads a runner's secrets.")
        return false
      }
      return check(text, .environmentVariable, at: node, of: name)
    case .lintRule:
      let names = Rule.adjustableNames
      guard !names.contains(text) else { return true }
      let isFixed = (Rule.all.map(\.name) + ManifestRule.allCases.map(\.rawValue)).contains(text)
      findings.add(
        .unknownValue, isFixed ? "the rule \(quoted(text)) cannot be turned down" : "no lint rule is called \(quoted(text))",
        at: node,
        hint: isFixed
          ? "Take it out: it says what the format is, or that a secret has leaked."
          : nearest(to: text, among: names).map { "did you mean \(quoted($0))?" } ?? "docs/rules.md lists the lint rules.")
      return false
    case .memberName:
      if ObjectSchema.clientMetadata.field(text) == nil {
        findings.add(
          .unknownKey, "\(quoted(text)) is no member of client metadata", at: node,
          hint: nearest(to: text, among: ObjectSchema.clientMetadata.names).map { "did you mean \(quoted($0))?" }
            ?? "clientsync explain Client.spec.client lists them.")
        return false
      }
    }
    return true
  }

  private mutating func choice(
    _ text: String, _ words: [String], _ notYet: [String], at node: YAMLNode, of name: String
  ) -> Bool {
    if words.contains(text) { return true }
    if notYet.contains(text) {
      noteNotYet(quoted(name + ": " + text), from: node.start, to: node.end)
      return true
    }
    findings.add(
      .unknownValue, "\(quoted(name)) cannot be \(quoted(text))", at: node,
      hint: nearest(to: text, among: words).map { "did you mean \(quoted($0))?" }
        ?? "It can be \((words + notYet).joined(separator: ", ")).")
    return false
  }

  private mutating func clientName(_ text: String, at node: YAMLNode) -> Bool {
    if text == "sealed" {
      findings.add(
        .reservedName, "nothing can be called \"sealed\": in the state that name is kept for what is encrypted", at: node,
        hint: "Choose another name.")
      return false
    }
    guard isName(text, with: "-._") else {
      findings.add(
        .invalidName, "\(quoted(text)) cannot name a client", at: node,
        hint: nameHint(text, with: "-._")
          + "Names are at most 63 lower-case letters, digits, \"-\", \".\" and \"_\", a letter or digit first and last.")
      return false
    }
    return true
  }

  /// A path that cannot lead out of the folder it counts from, nor to where git keeps what it runs.
  private mutating func pathBelow(_ text: String, at node: YAMLNode) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let words: String? =
      if text.isEmpty { "is empty" } else if text.hasPrefix("/") {
        "is absolute"
      } else if text.contains("\\") || text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        "has a character in it that no such path may have"
      } else if parts.contains("..") {
        "leads out of the folder"
      } else if parts.contains(where: { $0.lowercased() == ".git" }) {
        "leads into .git"
      } else if parts.contains("") || parts.contains(".") {
        "has an empty part in it"
      } else {
        nil
      }
    guard let words else { return true }
    findings.add(
      .pathOutside, "\(quoted(text)) \(words)", at: node,
      hint: "Write a path that begins with a name and stays below its folder, like billing/web.")
    return false
  }

  /// The text as a name, where something of it is left: `Billing Web` → `billing-web`.
  private func nameHint(_ text: String, with marks: String) -> String {
    let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0))) }
    let name = String(parts.joined(separator: "-").drop { !$0.isLetter && !$0.isNumber })
    return name != text && isName(name, with: marks) ? "Write it like \(name). " : ""
  }

  private func isName(_ text: String, with marks: String) -> Bool {
    func isLetterOrDigit(_ byte: UInt8) -> Bool { (97...122).contains(byte) || byte.isASCIIDigit }
    guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && text.utf8.allSatisfy { isLetterOrDigit($0) || marks.utf8.contains($0) }
  }

  /// Where requests go, and with them credentials. Whether `http:` is allowed is for the registry to say.
  private mutating func endpoint(_ text: String, at node: YAMLNode) -> Bool {
    do {
      _ = try HTTPURL(text)
      return true
    } catch {
      findings.add(
        .invalidURL, "\(quoted(text)) \(error.words)", at: node,
        hint: (try? HTTPURL("https://" + text)) != nil && !text.contains("://")
          ? "Write it like https://\(text)" : "Write it like https://auth.example.com/.")
      return false
    }
  }
}
