/// How a value is written.
public struct JSONFormat: Sendable {
  public enum Indentation: Sendable {
    /// All on one line, without blanks.
    case none
    case spaces(Int)
    case tab
  }

  public var indentation: Indentation
  /// Also escapes `<`, `>`, `&`, U+2028 and U+2029 as `\u00XX`, as Go's encoder does (and so Hydra and sops).
  public var escapesForHTML: Bool

  public init(indentation: Indentation, escapesForHTML: Bool = false) {
    self.indentation = indentation
    self.escapesForHTML = escapesForHTML
  }

  /// One line, nothing escaped that need not be.
  public static let compact = JSONFormat(indentation: .none)
  /// Two blanks a level, for people.
  public static let pretty = JSONFormat(indentation: .spaces(2))
  /// One tab a level and Go's escapes: as `sops` writes a file.
  public static let sops = JSONFormat(indentation: .tab, escapesForHTML: true)
  /// One line with Go's escapes: as Hydra answers.
  public static let go = JSONFormat(indentation: .none, escapesForHTML: true)
}

extension JSONValue {
  /// The value as text; no newline at the end.
  public func text(_ format: JSONFormat = .compact) -> String { String(decoding: utf8(format), as: UTF8.self) }

  /// The value as UTF-8; no newline at the end.
  public func utf8(_ format: JSONFormat = .compact) -> [UInt8] {
    var writer = JSONWriter(format: format)
    writer.write(self, level: 0)
    return writer.output
  }
}

extension JSONObject {
  /// The object as text; no newline at the end.
  public func text(_ format: JSONFormat = .compact) -> String { JSONValue.object(self).text(format) }
}

private struct JSONWriter {
  let format: JSONFormat
  var output: [UInt8] = []

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number): append(number.spelling)
    case .string(let text): write(text)
    case .array(let elements):
      write(opening: "[", closing: "]", count: elements.count, level: level) { writer, index in
        writer.write(elements[index], level: level + 1)
      }
    case .object(let object):
      write(opening: "{", closing: "}", count: object.count, level: level) { writer, index in
        writer.write(object.members[index].name)
        writer.append(writer.isIndented ? ": " : ":")
        writer.write(object.members[index].value, level: level + 1)
      }
    }
  }

  private var isIndented: Bool { if case .none = format.indentation { false } else { true } }

  private mutating func write(
    opening: String, closing: String, count: Int, level: Int, element: (inout JSONWriter, Int) -> Void
  ) {
    append(opening)
    for index in 0..<count {
      if index > 0 { append(",") }
      newline(level: level + 1)
      element(&self, index)
    }
    if count > 0 { newline(level: level) }
    append(closing)
  }

  private mutating func newline(level: Int) {
    switch format.indentation {
    case .none: return
    case .spaces(let width): output.append(0x0a); output.append(contentsOf: repeatElement(0x20, count: width * level))
    case .tab: output.append(0x0a); output.append(contentsOf: repeatElement(0x09, count: level))
    }
  }

  private mutating func write(_ text: String) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case "\u{8}": append("\\b")
      case "\u{c}": append("\\f")
      case "\u{0}"..<"\u{20}": escape(scalar)
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        if format.escapesForHTML { escape(scalar) } else { output.append(contentsOf: UTF8.encode(scalar)!) }
      default: output.append(contentsOf: UTF8.encode(scalar)!)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    let digits = String(scalar.value, radix: 16)
    append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}
