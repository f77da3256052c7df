import OpenIDRegistration

/// An answer as its bytes came. It is read by the task that waits for it: the one thread has the others to serve.
struct ReceivedAnswer {
  var status = 0
  /// The lines of the last header that came, without the first one and the empty one; the trailer's (RFC 9110, section 6.5) after
  /// them.
  private(set) var header: [UInt8] = []
  private(set) var body: [UInt8] = []
  /// Whether the empty line after the header has come.
  private(set) var hasWholeHeader = false
  /// How long all headers are that have come, those before the final one too.
  private var headerBytes = 0

  /// Takes a line of a header, and forgets what came before the final status (1xx, a proxy's answer) when the next status comes.
  ///
  /// - Returns: whether there was room for it.
  mutating func take(line: UnsafeRawBufferPointer, atMost limit: Int) -> Bool {
    headerBytes += line.count
    guard headerBytes <= limit else { return false }
    // Behind a body comes a trailer, and no other answer.
    if unsafe line.first == UInt8(ascii: "H"), body.isEmpty, unsafe line.starts(with: "HTTP/".utf8) {
      header.removeAll(keepingCapacity: true)
      hasWholeHeader = false
    } else if (1...2).contains(line.count), unsafe line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
      hasWholeHeader = true
    } else {
      if header.isEmpty { header.reserveCapacity(512) }
      unsafe header.append(contentsOf: line)
    }
    return true
  }

  /// Takes a part of the body.
  ///
  /// - Returns: whether there was room for it.
  mutating func take(part: UnsafeRawBufferPointer, atMost limit: Int) -> Bool {
    guard part.count <= limit - body.count else { return false }
    unsafe body.append(contentsOf: part)
    return true
  }

  var response: HTTPResponse { HTTPResponse(status: status, headers: HTTPFields(lines: header), body: body) }
}

extension HTTPFields {
  /// Reads lines of a header (RFC 9112, section 5).
  fileprivate init(lines: [UInt8]) {
    var fields: [Field] = []
    fields.reserveCapacity(8)
    // By bytes, in a tenth of the time that characters take.
    var start = 0
    while start < lines.count {
      var (colon, end) = (lines.count, start)
      while end < lines.count, lines[end] != UInt8(ascii: "\n") {
        if lines[end] == UInt8(ascii: ":"), end < colon { colon = end }
        end += 1
      }
      // What begins with a blank goes on with the field before it (RFC 9112, section 5.2); none that is read here is that long.
      if colon > start, colon < end, lines[start] != 0x20, lines[start] != 0x09 {
        // Blanks around a value are no part of it (RFC 9110, section 5.5).
        var value = (colon + 1)..<end
        while let first = value.first, Self.isBlank(lines[first]) { value.removeFirst() }
        while let last = value.last, Self.isBlank(lines[last]) { value.removeLast() }
        fields.append(
          Field(
            name: String(decoding: lines[start..<colon], as: UTF8.self), value: String(decoding: lines[value], as: UTF8.self)))
      }
      start = end + 1
    }
    self.init(fields)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
