import COpenIDCurl
import OpenIDRegistration

/// One exchange while libcurl works on it: what is left to send, and what has come.
final class Transfer {
  let exchange: Exchange
  let continuation: CurlLoop.Continuation
  let easy: EasyHandle
  private let configuration: CurlTransport.Configuration
  private let fields: CurlList
  private var hasBegun = false
  private var sentBytes = 0
  private var headerBytes = 0
  private var headers = HTTPFields()
  private var body: [UInt8] = []
  private var isTooLarge = false

  /// Header fields beyond this are no answer to any of our calls.
  private static let maximumHeaderBytes = 256 * 1024

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
      exchange.request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" } + ["Expect:"])
    prepareConnection(connectTo)
    prepareRequest()
    prepareAnswer()
  }

  private func prepareConnection(_ connectTo: CurlList) {
    easy.collectWords()
    easy.keepSocketsPrivate()
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
    } else if let url = try? HTTPURL(exchange.request.url), configuration.staysHere(url) {
      easy.set(CURLOPT_PROXY, "")
    }
    easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  }

  private var hasBody: Bool { !(exchange.request.body ?? []).isEmpty }

  private func prepareRequest() {
    let request = exchange.request
    unsafe easy.set(beforeRequest: Self.begin)
    unsafe easy.set(CURLOPT_PREREQDATA, context: Unmanaged.passUnretained(self).toOpaque())
    easy.set(CURLOPT_URL, request.url)
    // A token goes to the very URI that it came with.
    easy.set(CURLOPT_PATH_AS_IS, 1)
    easy.set(CURLOPT_USERAGENT, configuration.userAgent)
    easy.set(CURLOPT_HTTPHEADER, fields)
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
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe easy.set(CURLOPT_HEADERFUNCTION, callback: Self.header)
    unsafe easy.set(CURLOPT_HEADERDATA, context: context)
    unsafe easy.set(CURLOPT_WRITEFUNCTION, callback: Self.write)
    unsafe easy.set(CURLOPT_WRITEDATA, context: context)
  }

  /// libcurl takes 0 for no limit at all.
  private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
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
    return part.count
  }

  /// One line of the header. What comes before the final status (1xx, a proxy's answer) is forgotten when the next status comes.
  private static let header: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context), let buffer = unsafe buffer else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
    transfer.headerBytes += size * count
    guard transfer.headerBytes <= maximumHeaderBytes else {
      transfer.isTooLarge = true
      return 0
    }
    if unsafe line.starts(with: "HTTP/".utf8) {
      transfer.headers = [:]
    } else if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) {
      // RFC 9110, section 5.5: blanks around a value are no part of it.
      let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
      var value = unsafe line[(colon + 1)...].drop(while: isBlank)
      while let last = unsafe value.last, isBlank(last) { unsafe value.removeLast() }
      unsafe transfer.headers.append(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
    return size * count
  }

  private static let write: openid_curl_bytes = { buffer, size, count, context in
    guard let transfer = unsafe transfer(context), let buffer = unsafe buffer else { return 0 }
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
    if result == CURLE_OK { return .success(answer) }
    let (code, words) = reason(result)
    return .failure(HTTPTransportError(code, effect: effect, words, partialAnswer: partialAnswer))
  }

  private var answer: HTTPResponse {
    HTTPResponse(status: easy.long(CURLINFO_RESPONSE_CODE), headers: headers, body: body)
  }

  /// What has come of a success.
  var partialAnswer: HTTPResponse? { !body.isEmpty && (200..<300).contains(easy.long(CURLINFO_RESPONSE_CODE)) ? answer : nil }

  /// Whether the request may have reached the server: from the moment at which its connection was ready.
  var effect: Effect { hasBegun ? .unknown : .none }

  private func reason(_ result: CURLcode) -> (HTTPTransportError.Code, String) {
    if isTooLarge {
      return (
        .answerTooLarge,
        "the answer is larger than \(configuration.maximumResponseBytes) bytes, or its header than \(Self.maximumHeaderBytes)"
      )
    }
    switch result {
    case CURLE_URL_MALFORMAT: return (.invalidURL, words(result))
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return (.nameNotResolved, words(result))
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: return (.couldNotConnect, systemWords ?? words(result))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND,
      CURLE_USE_SSL_FAILED,
      CURLE_SSL_CLIENTCERT:
      return (.tls, words(result))
    case CURLE_OPERATION_TIMEDOUT:
      return (
        .timedOut,
        effect == .none
          ? "no connection within \(shown(min(configuration.connectTimeout, configuration.timeout)))"
          : "no answer within \(shown(configuration.timeout))"
      )
    case CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK:
      return (.connectionLost, "the connection was closed before an answer came")
    case CURLE_PARTIAL_FILE: return (.connectionLost, "the answer broke off")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return (.connectionLost, systemWords ?? words(result))
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
      return (.invalidAnswer, "what the server sent is no HTTP: \(words(result))")
    default: return (.other, words(result))
    }
  }

  /// The system's words for the failure: `connection refused`.
  private var systemWords: String? {
    let number = easy.long(CURLINFO_OS_ERRNO)
    return number == 0 ? nil : systemMessage(CInt(number))
  }

  /// libcurl's words as a phrase.
  private func words(_ result: CURLcode) -> String {
    let said = easy.words.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : easy.words
    var phrase = said.split(whereSeparator: \.isNewline).first.map(String.init) ?? said
    while phrase.last == "." || phrase.last == " " { phrase.removeLast() }
    // A word like "SSL" keeps its capitals.
    let second = phrase.dropFirst().first
    return second?.isLowercase ?? false ? phrase.prefix(1).lowercased() + phrase.dropFirst() : phrase
  }

  private func shown(_ duration: Duration) -> String {
    let thousandths = milliseconds(duration)
    return thousandths % 1000 == 0 ? "\(thousandths / 1000) s" : "\(thousandths) ms"
  }
}
