import COpenIDMicroHTTPD

/// What the header says of how the request is to be read. libmicrohttpd is lenient here, and two readers of one message that
/// differ over where it ends are how a request is smuggled into another (RFC 9112, section 11.2).
struct RequestHead {
  /// HTTP/1.0, where no host has to be named.
  private let isOld: Bool
  private var hosts = 0
  private var lengths: [String] = []
  private var codings: [String] = []
  private var oddField = false

  init(of connection: OpaquePointer, version: String) {
    isOld = version == "HTTP/1.0"
    unsafe withUnsafeMutablePointer(to: &self) { head in
      _ = unsafe MHD_get_connection_values_n(
        connection, .HEADER_KIND,
        { context, _, name, nameSize, value, valueSize in
          guard let head = unsafe context?.assumingMemoryBound(to: RequestHead.self) else { return .NO }
          unsafe head.pointee.add(
            UnsafeRawBufferPointer(start: name, count: nameSize), UnsafeRawBufferPointer(start: value, count: valueSize))
          return .YES
        }, head)
    }
  }

  private mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    // RFC 9110, sections 5.1 and 5.5: a name is a token, a value has no control characters.
    let isClean =
      unsafe !name.isEmpty && name.allSatisfy(RequestHead.isTokenByte)
      && value.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    if !isClean {
      oddField = true
      return
    }
    switch name.count {
    case 4 where unsafe RequestHead.isName("host", name): hosts += 1
    case 14 where unsafe RequestHead.isName("content-length", name):
      unsafe lengths.append(String(decoding: value, as: UTF8.self))
    case 17 where unsafe RequestHead.isName("transfer-encoding", name):
      unsafe codings.append(String(decoding: value, as: UTF8.self))
    // A field that goes on in the next line (RFC 9112, section 5.2): libmicrohttpd (0.9.75) adds that line to the name, and so sees no
    // length where there is one, and the body as another request.
    case 15... where unsafe RequestHead.isName("content-length", UnsafeRawBufferPointer(rebasing: name.prefix(14))):
      oddField = true
    case 18... where unsafe RequestHead.isName("transfer-encoding", UnsafeRawBufferPointer(rebasing: name.prefix(17))):
      oddField = true
    default: break
    }
  }

  /// Whether a token is the name, which is given in small letters.
  private static func isName(_ name: String, _ token: UnsafeRawBufferPointer) -> Bool {
    unsafe token.lazy.map { $0 | 0x20 }.elementsEqual(name.utf8)
  }

  /// How long the body is, where that is said.
  var announcedBytes: Int? { lengths.first.map { Int($0) ?? .max } }

  /// Why the request cannot be read.
  func fault(method: String) -> Refusal? {
    if oddField || !method.utf8.allSatisfy(RequestHead.isTokenByte) {
      return .malformed("Its first line or a header field has a character that must not be there.")
    }
    // RFC 9112, section 3.2.
    if hosts > 1 || (hosts == 0 && !isOld) { return .malformed("It needs one Host header field, and has \(hosts).") }
    if !codings.isEmpty {
      // RFC 9112, section 6.1.
      if !lengths.isEmpty { return .malformed("It has both a Content-Length and a Transfer-Encoding.") }
      guard codings.count == 1, codings[0].lowercased() == "chunked" else {
        return Refusal(501, "The transfer coding is not supported", "This provider reads \"chunked\".")
      }
    }
    if Set(lengths).count > 1 { return .malformed("It has several values of Content-Length.") }
    return nil
  }

  /// RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"):
      true
    default: "!#$%&'*+.^_`|~".utf8.contains(byte)
    }
  }
}

extension Refusal {
  fileprivate static func malformed(_ words: String) -> Refusal { Refusal(400, "The request is malformed", words) }
}
