import COpenIDCurl
import OpenIDRegistration

/// One exchange while libcurl works on it: what is left to send, and what has come.
final class Transfer {
  let exchange: Exchange
  let continuation: CurlLoop.Continuation
  let easy: EasyHandle
  let configuration: CurlTransport.Configuration
  private let fields: CurlList
  private(set) var hasBegun = false
  private var sentBytes = 0
  private var headerBytes = 0
  private var headers = HTTPFields()
  /// Whether the empty line after the header has come.
  private(set) var hasWholeHeader = false
  private var body: [UInt8] = []
  private(set) var isTooLarge = false
  /// When something last moved on the connection, where silence has a limit; `nil` before the request goes out.
  private(set) var lastSign: ContinuousClock.Instant?

  init(
    _ exchange: Exchange, _ continuation: CurlLoop.Continuation, _ easy: EasyHandle,
    _ configuration: CurlTransport.Configuration,
    connectTo: CurlList
  ) {
    self.exchange = exchange
    self.continuation = continuation
    self.easy = easy
    self.configuration = configuration
    // libcurl writes "Name:" for a field to leave out and "Name;" for an empty one. It would announce a body with `Expect`.
    fields = CurlList(
      exchange.request.headers.fields.map { $0.value.isEmpty ? $0.name + ";" : $0.name + ": " + $0.value } + ["Expect:"])
    let readiness: EasyHandle.Readiness = exchange.request.method == .get ? .read(staysHere: exchange.staysHere) : .nothing
    if easy.readiness == .nothing || easy.readiness != readiness {
      easy.reset()
      prepareConnection(connectTo)
      prepareAnswer()
      prepareMethod()
      easy.readiness = readiness
    }
    prepareRequest()
  }

  private func prepareConnection(_ connectTo: CurlList) {
    easy.collectWords()
    easy.keepSocketsPrivate()
    easy.leaveLookups()
    easy.set(CURLOPT_NOSIGNAL, 1)
    easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
    easy.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    easy.set(CURLOPT_FOLLOWLOCATION, 0)
    easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(configuration.connectTimeout))
    easy.set(CURLOPT_TIMEOUT_MS, milliseconds(configuration.timeout))
    easy.set(CURLOPT_CONNECT_TO, connectTo)
    if let unixSocket = configuration.unixSocket { easy.set(CURLOPT_UNIX_SOCKET_PATH, unixSocket) }
    if let caFile = configuration.caFile {
      easy.set(CURLOPT_CAINFO, caFile)
      easy.setNull(CURLOPT_CAPATH)
    }
    if let certificateFile = configuration.certificateFile { easy.set(CURLOPT_SSLCERT, certificateFile) }
    if let keyFile = configuration.keyFile { easy.set(CURLOPT_SSLKEY, keyFile) }
    if let proxy = configuration.proxy {
      easy.set(CURLOPT_PROXY, proxy)
    } else if exchange.staysHere {
      easy.set(CURLOPT_PROXY, "")
    }
    easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // A token goes to the very URI that it came with.
    easy.set(CURLOPT_PATH_AS_IS, 1)
    easy.set(CURLOPT_USERAGENT, configuration.userAgent)
  }

  /// Whoever sets no limit to silence need not look at the clock.
  private func noteSign() { if configuration.silenceTimeout != nil { lastSign = .now } }

  private var hasBody: Bool { !(exchange.request.body ?? []).isEmpty }

  /// What is another one in each exchange.
  private func prepareRequest() {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe easy.set(CURLOPT_PREREQDATA, context: context)
    unsafe easy.set(CURLOPT_HEADERDATA, context: context)
    unsafe easy.set(CURLOPT_WRITEDATA, context: context)
    easy.set(CURLOPT_URL, exchange.request.url)
    easy.set(CURLOPT_HTTPHEADER, fields)
  }

  private func prepareMethod() {
    let request = exchange.request
    if request.method == .get { return }

    // Servers close idle connections after a few seconds; one that was idle for less is hardly on its way out.
    easy.set(CURLOPT_MAXAGE_CONN, 2)
    if let body = request.body, hasBody {
      // libcurl sends a request again by itself where a kept connection ends before the first byte of the answer. Without a way
      // to rewind the body it cannot, and says so.
      easy.set(CURLOPT_UPLOAD, 1)
      easy.set(CURLOPT_INFILESIZE_LARGE, bytes: body.count)
      unsafe easy.set(CURLOPT_READFUNCTION, callback: Self.read)
      unsafe easy.set(CURLOPT_READDATA, context: Unmanaged.passUnretained(self).toOpaque())
    } else {
      // There is nothing to rewind, but a connection of its own is not one that was kept.
      easy.set(CURLOPT_FRESH_CONNECT, 1)
      if request.method != .delete {
        easy.set(CURLOPT_POST, 1)
        easy.set(CURLOPT_POSTFIELDSIZE, 0)
      }
    }
    easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
  }

  private func prepareAnswer() {
    unsafe easy.set(beforeRequest: Self.begin)
    unsafe easy.set(CURLOPT_HEADERFUNCTION, callback: Self.header)
    unsafe easy.set(CURLOPT_WRITEFUNCTION, callback: Self.write)
  }
}

extension Transfer {
  private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The connection is ready, and the request goes out next.
  private static let begin: curl_prereq_callback = { context, _, _, _, _ in
    guard let transfer = unsafe transfer(context) else { return CInt(CURL_PREREQFUNC_ABORT) }
    // A second time, because a kept connection was dead: of a body libcurl has sent nothing until now, or it would have had to
    // rewind it; what it has taken and not sent is handed over again. Where there is no body, nothing vouches for that.
    let isRepetition = transfer.hasBegun && transfer.exchange.request.method != .get
    transfer.hasBegun = true
    transfer.noteSign()
    transfer.sentBytes = 0
    return CInt(isRepetition && !transfer.hasBody ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK)
  }

  private static let read: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context), let buffer = unsafe buffer, let body = transfer.exchange.request.body else {
      return 0
    }
    let part = body[transfer.sentBytes...].prefix(size * count)
    unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count).copyBytes(from: part)
    transfer.sentBytes += part.count
    transfer.noteSign()
    return part.count
  }

  /// One line of the header. What comes before the final status (1xx, a proxy's answer) is forgotten when the next status comes.
  private static let header: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context), let buffer = unsafe buffer else { return 0 }
    transfer.noteSign()
    let line = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
    transfer.headerBytes += size * count
    guard transfer.headerBytes <= transfer.configuration.maximumHeaderBytes else {
      transfer.isTooLarge = true
      return 0
    }
    if unsafe line.starts(with: "HTTP/".utf8) {
      transfer.headers = [:]
      transfer.hasWholeHeader = false
    } else if unsafe line.elementsEqual("\r\n".utf8) || line.elementsEqual("\n".utf8) {
      transfer.hasWholeHeader = true
    } else if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")), colon > 0, unsafe line[0] != 0x20,
      unsafe line[0] != 0x09
    {
      // What begins with a blank goes on with the field before it (RFC 9112, section 5.2); none that is read here is that long.
      // By bytes, in a tenth of the time that characters take. Blanks around a value are no part of it (RFC 9110, section 5.5).
      let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
      var value = unsafe line[(colon + 1)...].drop(while: isBlank)
      while let last = unsafe value.last, isBlank(last) { unsafe value.removeLast() }
      unsafe transfer.headers.append(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
    return size * count
  }

  private static let write: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context), let buffer = unsafe buffer else { return 0 }
    transfer.noteSign()
    let arrived = size * count
    guard arrived <= transfer.configuration.maximumResponseBytes - transfer.body.count else {
      transfer.isTooLarge = true
      return 0
    }
    unsafe transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: arrived))
    return arrived
  }
}

extension Transfer {
  /// What became of it, once libcurl is done.
  func outcome(_ result: CURLcode) -> Result<HTTPResponse, HTTPTransportError> {
    if result == CURLE_OK, hasWholeHeader { return .success(answer) }
    // libcurl takes a connection that ends within the header for the end of an answer without a body.
    let (code, words) = result == CURLE_OK ? (.connectionLost, "the answer broke off in its header") : reason(result)
    // A handshake that failed has done nothing, also where the failure came after the request.
    return .failure(HTTPTransportError(code, effect: code == .tls ? .none : effect, words, partialAnswer: partialAnswer))
  }

  private var answer: HTTPResponse {
    HTTPResponse(status: easy.long(CURLINFO_RESPONSE_CODE), headers: headers, body: body)
  }

  /// Whether the first line of an answer has come.
  var hasStatus: Bool { easy.long(CURLINFO_RESPONSE_CODE) > 0 }

  /// What has come of a success.
  var partialAnswer: HTTPResponse? { !body.isEmpty && (200..<300).contains(easy.long(CURLINFO_RESPONSE_CODE)) ? answer : nil }

  /// Whether the request may have reached the server: from the moment at which its connection was ready.
  var effect: Effect { hasBegun ? .unknown : .none }
}
