import COpenIDCurl
import OpenIDRegistration

/// One exchange while libcurl works on it: what is left to send, and what has come.
final class Transfer {
  let exchange: Exchange
  let continuation: CurlLoop.Continuation
  let easy: EasyHandle
  let configuration: CurlTransport.Configuration
  private(set) var hasBegun = false
  private var sentBytes = 0
  private(set) var received = ReceivedAnswer()
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
      // Not even asked of the environment, as libcurl does for each exchange.
      easy.set(CURLOPT_NOPROXY, "*")
    }
    easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // A token goes to the very URI that it came with.
    easy.set(CURLOPT_PATH_AS_IS, 1)
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
    easy.set(url: exchange.request.url)
    easy.set(CURLOPT_HTTPHEADER, exchange.fields)
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

  private static let header: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context) else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
    return transfer.take(line.count) { unsafe $0.take(line: line, atMost: transfer.configuration.maximumHeaderBytes) }
  }

  private static let write: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context) else { return 0 }
    let part = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
    return transfer.take(part.count) { unsafe $0.take(part: part, atMost: transfer.configuration.maximumResponseBytes) }
  }

  /// - Returns: how many bytes were taken, as libcurl wants to know it.
  private func take(_ count: Int, _ taking: (inout ReceivedAnswer) -> Bool) -> Int {
    noteSign()
    if taking(&received) { return count }
    isTooLarge = true
    return 0
  }
}

extension Transfer {
  /// What became of it, once libcurl is done.
  func outcome(_ result: CURLcode) -> Result<ReceivedAnswer, HTTPTransportError> {
    if result == CURLE_OK, received.hasWholeHeader { return .success(answer) }
    // libcurl takes a connection that ends within the header for the end of an answer without a body.
    let (code, words) = result == CURLE_OK ? (.connectionLost, "the answer broke off in its header") : reason(result)
    // A handshake that failed has done nothing, also where the failure came after the request.
    return .failure(HTTPTransportError(code, effect: code == .tls ? .none : effect, words, partialAnswer: partialAnswer))
  }

  private var answer: ReceivedAnswer {
    received.status = easy.long(CURLINFO_RESPONSE_CODE)
    return received
  }

  /// Whether the first line of an answer has come.
  var hasStatus: Bool { easy.long(CURLINFO_RESPONSE_CODE) > 0 }

  /// What has come of a success.
  var partialAnswer: HTTPResponse? {
    let answer = answer
    return !answer.body.isEmpty && (200..<300).contains(answer.status) ? answer.response : nil
  }

  /// Whether the request may have reached the server: from the moment at which its connection was ready.
  var effect: Effect { hasBegun ? .unknown : .none }
}
