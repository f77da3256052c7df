/// Sends one HTTP request and returns the answer; the one thing that this library asks of the outside world.
///
/// `OpenIDRegistrationCurl` brings one over libcurl. Whoever has an HTTP client of their own conforms to this with a few lines.
/// A transport follows no redirects, repeats no request by itself, and ends the transfer where its task is cancelled.
public protocol HTTPTransport: Sendable {
  /// - Throws: ``HTTPTransportError``, which says whether the request may have reached the server.
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}

/// One request.
public struct HTTPRequest: Sendable {
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
}

/// One final answer, whatever its status.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPFields
  public var body: [UInt8]

  public init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Header fields in order; names compare without case (RFC 9110, section 5.1). They print their names, never their values.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String

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
    get { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
    set {
      fields.removeAll { $0.name.lowercased() == name.lowercased() }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Adds a field beside those of the same name.
  public mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  public var description: String { fields.map(\.name).joined(separator: ", ") }
}

/// Why no answer came.
public struct HTTPTransportError: Error, Sendable, Hashable, CustomStringConvertible {
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
    case cancelled
    case other
  }

  public let code: Code
  /// Whether the request may have reached the server: `none` or `unknown`.
  public let effect: Effect
  /// What happened, as a phrase without a full stop and without any credential: `connection refused`.
  public let message: String

  public init(_ code: Code, effect: Effect, _ message: String) {
    self.code = code
    self.effect = effect
    self.message = message
  }

  public var description: String { message }
}
