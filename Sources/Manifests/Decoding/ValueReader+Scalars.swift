import OpenIDJSON
import YAML

extension ValueReader {
  /// A scalar's text, whatever YAML would take it for, with variables put in, in the form that belongs there.
  mutating func string(_ node: YAMLNode, _ form: StringForm, of name: String) -> String? {
    guard let scalar = node.scalar else {
      _ = wrongType(node, "a string", of: name, hint: stringHint(node, form))
      return nil
    }
    guard let text = substituted(scalar.text, at: node) else { return nil }
    return check(text, form, at: node, of: name) ? text : nil
  }

  mutating func boolean(_ node: YAMLNode, of name: String) -> JSONValue? {
    guard let scalar = node.scalar else {
      return wrongType(node, "true or false", of: name, hint: "Write \(name): true, or \(name): false.")
    }
    if scalar.isPlain {
      switch scalar.text {
      case "true", "True", "TRUE": return .bool(true)
      case "false", "False", "FALSE": return .bool(false)
      default: break
      }
    }
    let meant: Bool? =
      switch scalar.text.lowercased() {
      case "true", "yes", "on", "y", "1": true
      case "false", "no", "off", "n", "0": false
      default: nil
      }
    let words = meant.map { "Write \(name): \($0)" } ?? "Write \(name): true, or \(name): false"
    return wrongType(
      node, "true or false", of: name,
      hint: hint(scalar, false) ?? words + (scalar.isPlain ? "." : ", without quotes."))
  }

  mutating func integer(_ node: YAMLNode, in range: ClosedRange<Int>, of name: String) -> JSONValue? {
    let bounds = range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    guard let scalar = node.scalar, scalar.isPlain, isInteger(scalar.text) else {
      return wrongType(
        node, "a whole number", of: name,
        hint: node.scalar.flatMap { hint($0, isInteger($0.text)) } ?? "Write a number of \(bounds), in digits alone.")
    }
    guard let number = Int(scalar.text), range.contains(number) else {
      findings.add(.invalidValue, "\(quoted(name)) takes \(bounds)", at: node, hint: "Write a number of \(bounds).")
      return nil
    }
    return .number(JSONNumber(number))
  }

  mutating func number(_ node: YAMLNode, of name: String) -> JSONValue? {
    guard let scalar = node.scalar, scalar.isPlain, case .number(let number)? = coreNumber(scalar.text) else {
      return wrongType(
        node, "a number", of: name,
        hint: node.scalar.flatMap { hint($0, coreNumber($0.text) != nil) } ?? "Write it in digits, like 50 or 0.5.")
    }
    guard number.double > 0, number.double.isFinite else {
      findings.add(
        .invalidValue, "\(quoted(name)) takes a number above zero", at: node, hint: "Write it in digits, like 50 or 0.5.")
      return nil
    }
    return .number(number)
  }

  /// How what is a list or a mapping would be written as a string.
  private func stringHint(_ node: YAMLNode, _ form: StringForm) -> String {
    guard let elements = node.elements else { return "Write a text; one with \": \" in it needs quotes." }
    let words = elements.compactMap(\.scalar?.text)
    guard words.count == elements.count, form == .scope || words.count == 1, !words.isEmpty else {
      return "Write one text, without brackets or dashes."
    }
    let text = words.joined(separator: " ")
    return text.utf8.count <= 60 ? "Write it as one text: \(text)" : "Write it as one text, without brackets or dashes."
  }

  /// How what is no list would be written as one.
  func listHint(_ node: YAMLNode, _ type: FieldType) -> String {
    guard let scalar = node.scalar else { return "Put it in brackets, or a \"- \" before its first line." }
    let text = scalar.text
    if scalar.isPlain, text.hasPrefix("-"), text.count > 1 {
      return "An element begins with \"- \", with a blank: - \(quotedIfLong(String(text.dropFirst())))"
    }
    guard case .string(let form) = type, !text.contains("\n") else { return "Write it as a list: [ … ]" }
    // Several words or several with commas are most likely several elements.
    var words = [text]
    if form != .any, text.contains(where: { $0 == "," || $0 == " " }), !text.contains("$(") {
      words = text.split { $0 == "," || $0 == " " }.map(String.init)
    }
    return "Write it as a list: [ \(quotedIfLong(words.joined(separator: ", "))) ]"
  }

  private func quotedIfLong(_ text: String) -> String { text.count <= 60 ? text : "…" }

  private func hint(_ scalar: YAMLScalar, _ wouldFitBare: Bool) -> String? {
    if scalar.text.contains("$(env:") { return "What $(env:…) puts in is always a string." }
    return !scalar.isPlain && wouldFitBare ? "Leave out the quotes." : nil
  }

  /// JSON of any shape: plain scalars are typed by YAML's core schema (YAML 1.2, section 10.3.2), so `no` is a string.
  mutating func json(_ node: YAMLNode) -> JSONValue? {
    switch node.content {
    case .scalar(let scalar):
      guard scalar.isPlain else { return substituted(scalar.text, at: node).map(JSONValue.string) }
      if node.isNull { return .null }
      switch scalar.text {
      case "true", "True", "TRUE": return .bool(true)
      case "false", "False", "FALSE": return .bool(false)
      case ".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
        findings.add(.wrongType, "JSON has no number \(scalar.text)", at: node, hint: "Put it in quotes if it is a string.")
        return nil
      default: break
      }
      if let number = coreNumber(scalar.text) { return number }
      return substituted(scalar.text, at: node).map(JSONValue.string)
    case .sequence(let elements):
      var values: [JSONValue] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard let value = json(element) else { return nil }
        values.append(value)
      }
      return .array(values)
    case .mapping(let entries):
      var members: [JSONMember] = []
      members.reserveCapacity(entries.count)
      for entry in entries {
        if entry.key.text == "sealed" { reserved(entry.key) }
        guard let value = json(entry.value) else { return nil }
        members.append(JSONMember(name: entry.key.text, value: value))
      }
      return .object(JSONObject(members))
    }
  }

  /// A number of the core schema. JSON's spelling is kept; others (`0x1f`, `0o17`, `+1`, `.5`, `007`) become JSON's.
  private func coreNumber(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first, first.isASCIIDigit || "+-.".utf8.contains(first) else { return nil }
    if let value = try? JSONValue(parsing: text), case .number = value { return value }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).map { .number(JSONNumber($0)) } }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8).map { .number(JSONNumber($0)) } }
    if isInteger(text) { return Int(text).map { .number(JSONNumber($0)) } }
    guard isFloat(text), let value = Double(text) else { return nil }
    return JSONNumber(value).map(JSONValue.number)
  }

  /// `[-+]?[0-9]+`
  private func isInteger(_ text: String) -> Bool {
    let digits = text.utf8.first.map { "+-".utf8.contains($0) } == true ? text.utf8.dropFirst() : text.utf8[...]
    return !digits.isEmpty && digits.allSatisfy(\.isASCIIDigit)
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, of which `Double` reads more: hexadecimal, infinities.
  private func isFloat(_ text: String) -> Bool {
    text.utf8.contains(where: \.isASCIIDigit) && text.utf8.allSatisfy { $0.isASCIIDigit || "+-.eE".utf8.contains($0) }
      && !(text.utf8.last.map { "eE+-".utf8.contains($0) } ?? true)
  }
}
