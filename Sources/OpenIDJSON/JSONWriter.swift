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

  /// A string in quotes. What needs no escape is copied in runs: nearly every string is one run.
  private mutating func write(_ text: String) {
    output.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      var index = 0
      while true {
        index = unsafe endOfRun(bytes, from: index)
        guard index < bytes.count else { break }
        let length = unsafe escapedLength(bytes, index)
        if length == 0 {
          index += 1
          continue
        }
        unsafe output.append(contentsOf: bytes[start..<index])
        unsafe escape(bytes, index)
        index += length
        start = index
      }
      unsafe output.append(contentsOf: bytes[start...])
    }
    output.append(UInt8(ascii: "\""))
  }

  /// The first byte from there on that may have to be escaped; the end where there is none.
  private func endOfRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    /// The highest bit of each byte that is this one. What is said of bytes behind the first such one may be wrong, and is not asked.
    func places(of byte: UInt8, in word: UInt64) -> UInt64 {
      let difference = word ^ (ones &* UInt64(byte))
      return (difference &- ones) & ~difference
    }
    var index = start
    // Eight at once: most of what is written are long texts with nothing to escape.
    while index + 8 <= bytes.count {
      let word = unsafe UInt64(
        littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self))
      var found = (word &- (ones &* 0x20)) & ~word
      found |= places(of: UInt8(ascii: "\""), in: word) | places(of: UInt8(ascii: "\\"), in: word)
      if format.escapesForHTML {
        found |= places(of: UInt8(ascii: "<"), in: word) | places(of: UInt8(ascii: ">"), in: word)
        found |= places(of: UInt8(ascii: "&"), in: word) | places(of: 0xe2, in: word)
      }
      found &= ones &* 0x80
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, unsafe escapedLength(bytes, index) == 0 { index += 1 }
    return index
  }

  /// How many bytes the scalar at that place has, where it is written as an escape; else 0.
  private func escapedLength(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    let byte = unsafe bytes[index]
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): return 1
    case _ where !format.escapesForHTML: return 0
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): return 1
    // U+2028 and U+2029: E2 80 A8 and E2 80 A9. A text is valid UTF-8, so the bytes are there.
    case 0xe2: return unsafe bytes[index + 1] == 0x80 && bytes[index + 2] & 0xfe == 0xa8 ? 3 : 0
    default: return 0
    }
  }

  private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) {
    switch unsafe bytes[index] {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x0a: append("\\n")
    case 0x0d: append("\\r")
    case 0x09: append("\\t")
    case 0x08: append("\\b")
    case 0x0c: append("\\f")
    case 0xe2: append(unsafe bytes[index + 2] == 0xa8 ? "\\u2028" : "\\u2029")
    case let byte:
      let digits = String(byte, radix: 16)
      append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}
