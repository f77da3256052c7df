/// Sends one HTTP request and returns the answer; the one thing that this library asks of the outside world.
///
/// `OpenIDRegistrationCurl` brings one over libcurl. Whoever has an HTTP client of their own conforms to this with a few lines.
/// A transport follows no redirects, repeats no request by itself, and ends the transfer where its task is cancelled.
public protocol HTTPTransport: Sendable {
  /// - Throws: ``HTTPTransportError``, which says whether the request may have reached the server.
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}

/// One request. It prints its method and no more: URL, header fields and body may hold credentials.
public struct HTTPRequest: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  public enum Method: String, Sendable, Hashable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
  }

  public var method: Method
  /// The absolute URL.
  public var url: String
  public var headers: HTTPFields
  public var body: [UInt8]?

  public init(_ method: Method, _ url: String, headers: HTTPFields = [:], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  public var description: String { method.rawValue }
  public var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}

/// One final answer, whatever its status. It prints its status and the size of its body, which may hold credentials.
public struct HTTPResponse: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  public var status: Int
  public var headers: HTTPFields
  public var body: [UInt8]

  public init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public var description: String { "\(status), \(body.count) bytes" }
  public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}

/// Header fields in order; names compare without case (RFC 9110, section 5.1). They print their names, never their values.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible, CustomReflectable {
  public struct Field: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public var name: String
    public var value: String

    public var description: String { name }
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

    /// Names are tokens, so ASCII.
    fileprivate func isNamed(_ other: String) -> Bool {
      guard name.utf8.count == other.utf8.count else { return false }
      return name == other
        || zip(name.utf8, other.utf8).allSatisfy { $0 == $1 || (($0 ^ $1) == 0x20 && (0x61...0x7a).contains($0 | 0x20)) }
    }

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var fields: [Field] = []

  public init(_ fields: [Field] = []) { self.fields = fields }

  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value under that name. Setting replaces all of that name.
  public subscript(name: String) -> String? {
    get { fields.first { $0.isNamed(name) }?.value }
    set {
      fields.removeAll { $0.isNamed(name) }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Adds a field beside those of the same name.
  public mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  public var description: String { fields.map(\.name).joined(separator: ", ") }
  public var customMirror: Mirror { Mirror(self, children: ["names": fields.map(\.name)]) }
}

/// What a field may be.
extension HTTPFields {
  /// Whether a text can be a field's name: letters, digits and a few signs (RFC 9110, section 5.6.2).
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.hasOnly { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Whether a text can be a field's value: no control characters but tabs (RFC 9110, section 5.5).
  package static func isValue(_ text: String) -> Bool { text.hasOnly { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 } }

  /// Whether a field says where its message ends, which is not for its sender's caller to say (RFC 9112, section 6).
  package static func endsMessage(_ name: String) -> Bool {
    [14, 17].contains(name.utf8.count) && ["content-length", "transfer-encoding"].contains(name.lowercased())
  }
}

extension String {
  /// Whether the test holds for each byte, looked at where they lie.
  fileprivate func hasOnly(_ isAllowed: (UInt8) -> Bool) -> Bool {
    unsafe utf8.withContiguousStorageIfAvailable { unsafe $0.allSatisfy(isAllowed) } ?? utf8.allSatisfy(isAllowed)
  }
}

/// Why no answer came.
public struct HTTPTransportError: Error, Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  public enum Code: String, Sendable, Hashable {
    /// The URL cannot be used: its scheme, its form, or `http:` beyond loopback.
    case invalidURL
    case nameNotResolved
    case couldNotConnect
    /// The TLS handshake failed: an unknown issuer, another name, an expired certificate.
    case tls
    case timedOut
    /// The connection ended before the whole answer was there.
    case connectionLost
    case answerTooLarge
    /// What came is no HTTP.
    case invalidAnswer
    /// The request cannot be sent as it is: a header field with a line break in it, a certificate that cannot be read.
    case invalidRequest
    case cancelled
    case other
  }

  /// The kind of failure.
  public let code: Code
  /// Whether the request may have reached the server: `none` or `unknown`.
  public let effect: Effect
  /// What happened, as a phrase without a full stop and without any credential: `connection refused`.
  public let message: String
  /// What had arrived of a success when the connection broke or the body grew too large. It may hold the only copy of a token;
  /// a transport that cannot say leaves it out.
  public let partialAnswer: HTTPResponse?

  public init(_ code: Code, effect: Effect, _ message: String, partialAnswer: HTTPResponse? = nil) {
    self.code = code
    self.effect = effect
    self.message = message
    self.partialAnswer = partialAnswer
  }

  public var description: String { message }
  public var customMirror: Mirror { Mirror(self, children: ["message": message]) }
}
