import OpenIDRegistration

extension CurlTransport {
  /// Limits, TLS, and the way to the server.
  public struct Configuration: Sendable, Hashable {
    /// How long connecting may take, the TLS handshake included. Of each limit, what is less than a millisecond is one.
    public var connectTimeout: Duration
    /// How long a whole exchange may take, from the moment it gets a connection or starts one.
    public var timeout: Duration
    /// How long an exchange may go on without a sign of life once its request is on its way: no byte of the body, no line of the
    /// header. `nil` leaves that to ``timeout``: a provider may think for a while before it answers.
    public var silenceTimeout: Duration?
    /// How large the body of an answer may be.
    public var maximumResponseBytes: Int
    /// How large its header may be. libcurl itself takes no single line of more than 100 KiB.
    public var maximumHeaderBytes: Int
    /// The proxy, as libcurl writes it (`http://proxy:3128`, `socks5h://…`). `nil` takes those of the environment (`https_proxy`,
    /// `no_proxy`, …), but never for this machine; `""` takes none.
    public var proxy: String?
    /// A Unix socket to connect to, whatever the URL says.
    public var unixSocket: String?
    /// Certificates to trust, in PEM, instead of the system's.
    public var caFile: String?
    /// The client's certificate, in PEM.
    public var certificateFile: String?
    /// Its key, in PEM.
    public var keyFile: String?
    /// Other places for a host and port, in libcurl's notation `HOST:PORT:TO-HOST:TO-PORT`: the URL, the `Host` field and the name
    /// in the certificate stay as they are.
    public var connectTo: [String]
    /// How many exchanges run at once, at least one; more wait for their turn, and their time does not run meanwhile.
    public var maximumConnections: Int
    /// Whether `http:` may leave this machine. Credentials are then readable on the way.
    public var allowsInsecureHTTP: Bool
    /// What the field `User-Agent` says, where a request has none of its own; nothing is sent where this is empty.
    public var userAgent: String

    public init(
      connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(30), silenceTimeout: Duration? = nil,
      maximumResponseBytes: Int = 10 * 1024 * 1024, maximumHeaderBytes: Int = 256 * 1024,
      proxy: String? = nil, unixSocket: String? = nil, caFile: String? = nil, certificateFile: String? = nil,
      keyFile: String? = nil, connectTo: [String] = [], maximumConnections: Int = 16, allowsInsecureHTTP: Bool = false,
      userAgent: String = "clientsync"
    ) {
      self.connectTimeout = connectTimeout
      self.timeout = timeout
      self.silenceTimeout = silenceTimeout
      self.maximumResponseBytes = maximumResponseBytes
      self.maximumHeaderBytes = maximumHeaderBytes
      self.proxy = proxy
      self.unixSocket = unixSocket
      self.caFile = caFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
      self.connectTo = connectTo
      self.maximumConnections = maximumConnections
      self.allowsInsecureHTTP = allowsInsecureHTTP
      self.userAgent = userAgent
    }
  }
}

extension CurlTransport.Configuration {
  /// What has to be right before anything is sent: the URL, which is returned, its scheme, and the header fields.
  func check(_ request: HTTPRequest) throws(HTTPTransportError) -> HTTPURL {
    let url: HTTPURL
    do { url = try HTTPURL(request.url) } catch {
      throw HTTPTransportError(.invalidURL, effect: .none, "the URL \(error.words)")
    }
    if !url.isSecure, !allowsInsecureHTTP, !staysHere(url) {
      throw HTTPTransportError(
        .invalidURL, effect: .none,
        "http: to \(url.host) would show credentials on the way, and only https: may leave this machine, unless \"insecure\" is said by name"
      )
    }
    for field in request.headers.fields {
      if HTTPFields.endsMessage(field.name) {
        throw HTTPTransportError(
          .invalidRequest, effect: .none, "the header field \"\(field.name)\" is made by whatever sends the request")
      }
      let isName = HTTPFields.isName(field.name)
      guard isName, HTTPFields.isValue(field.value) else {
        throw HTTPTransportError(
          .invalidRequest, effect: .none,
          "the header field \"\(isName ? field.name : "?")\" has a character that no header field may have")
      }
    }
    return url
  }

  /// Whether a connection for that URL ends on this machine.
  func staysHere(_ url: HTTPURL) -> Bool {
    if unixSocket != nil { return true }
    if let target = connectionTarget(of: url) { return HTTPURL.isLoopback(host: target) }
    return url.isLoopback
  }

  /// The host that ``connectTo`` puts in the place of the URL's, without brackets.
  private func connectionTarget(of url: HTTPURL) -> String? {
    for entry in connectTo {
      let parts = Self.split(entry)
      guard parts.count == 4, parts[0].isEmpty || parts[0].lowercased() == url.host,
        parts[1].isEmpty || Int(parts[1]) == url.port
      else {
        continue
      }
      return parts[2].isEmpty ? url.host : parts[2].lowercased()
    }
    return nil
  }

  /// The four parts of an entry; colons in brackets part nothing.
  private static func split(_ entry: String) -> [String] {
    var parts = [""]
    var isBracketed = false
    for character in entry {
      switch character {
      case "[": isBracketed = true
      case "]": isBracketed = false
      case ":" where !isBracketed: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
