import Diagnostics
import YAML

extension ValueReader {
  /// The prefix of the only variables that a manifest can read, so that none prints a runner's secrets.
  static var prefix: String { "CLIENTSYNC_VAR_" }

  /// The text with `$(env:NAME)` and `$(env:NAME:-default)` replaced; `nil` where one cannot be.
  ///
  /// As in a shell, the default also stands in for a variable that is empty. What is put in is not looked at again. A variable that
  /// is not set is noted apart, for its registry may not be part of the run.
  mutating func substituted(_ text: String, at node: YAMLNode) -> String? {
    guard mayHoldVariable(text) else { return text }
    if let slip = Self.slips.first(where: text.contains) {
      findings.add(
        .variableSyntax, "\(quoted(slip + "…")) is no variable here", at: node,
        hint: "Write it like $(env:\(Self.prefix)HOST).")
      return nil
    }
    guard text.contains("$(env:") else { return text }
    var result = ""
    var rest = text[...]
    var isWhole = true
    while let start = rest.firstRange(of: "$(env:") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: ")") else {
        findings.add(.variableSyntax, "\"$(env:\" is not closed", at: node, hint: "Write it like $(env:\(Self.prefix)HOST).")
        return nil
      }
      let inside = rest[start.upperBound..<end]
      rest = rest[rest.index(after: end)...]
      if let value = variable(inside, at: node) { result += value } else { isWhole = false }
    }
    return isWhole ? result + rest : nil
  }

  /// How other tools would write what can only be meant for ``prefix``.
  private static let slips = ["${env:", "${\(prefix)", "$(\(prefix)", "$\(prefix)"]

  private func mayHoldVariable(_ text: String) -> Bool {
    unsafe text.utf8.withContiguousStorageIfAvailable { unsafe $0.contains(UInt8(ascii: "$")) } ?? true
  }

  private mutating func variable(_ inside: Substring, at node: YAMLNode) -> String? {
    let separator = inside.firstRange(of: ":-")
    let name = String(inside[..<(separator?.lowerBound ?? inside.endIndex)])
    guard name.hasPrefix(Self.prefix) else {
      findings.add(
        .variableName, "\(quoted(name)) cannot be read from a manifest", at: node,
        hint: "Only variables whose names begin with \(Self.prefix) can, so that no manifest prints a runner's secrets.")
      return nil
    }
    guard name.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }) else {
      findings.add(
        .variableSyntax, "\(quoted(name)) cannot name an environment variable", at: node,
        hint: "Write it like $(env:\(Self.prefix)HOST) or $(env:\(Self.prefix)HOST:-app.example.com).")
      return nil
    }
    let value = environment[name]
    if let separator { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(inside[separator.upperBound...]) }
    guard let value else {
      missingVariables.append(
        findings.diagnostic(
          .error, ManifestRule.missingVariable.rawValue, "the environment variable \(name) is not set", from: node.start,
          to: node.end,
          hint: "Set it, or give a default: $(env:\(name):-…)."
        ).withoutSecrets())
      return nil
    }
    return value
  }
}
