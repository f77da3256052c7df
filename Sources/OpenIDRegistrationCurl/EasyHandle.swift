import COpenIDCurl
import OpenIDJSON
import OpenIDRegistration

/// libcurl's handle of one transfer, with the buffer for its words.
@safe final class EasyHandle {
  /// Which exchanges the options as they stand are right for, but for what is another one each time.
  enum Readiness: Equatable {
    case nothing
    case read(staysHere: Bool)
  }

  let pointer: UnsafeMutableRawPointer
  var readiness = Readiness.nothing
  private let errors: UnsafeMutablePointer<CChar>
  /// A URL without a query, taken apart, and the text that it was taken from.
  private let url: OpaquePointer
  private var urlText = ""

  init?() {
    guard let url = unsafe curl_url() else { return nil }
    guard let handle = unsafe curl_easy_init() else {
      unsafe curl_url_cleanup(url)
      return nil
    }
    unsafe pointer = handle
    unsafe self.url = url
    unsafe errors = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errors.pointee = 0
  }

  deinit {
    unsafe curl_easy_cleanup(pointer)
    unsafe curl_url_cleanup(url)
    unsafe errors.deallocate()
  }

  /// By which libcurl's word of an end is matched with its transfer.
  var address: UInt { unsafe UInt(bitPattern: pointer) }

  /// Forgets all options; connections stay with the multi handle.
  func reset() {
    unsafe curl_easy_reset(pointer)
    readiness = .nothing
  }

  /// Forgets what the exchange leaves: its header fields, which libcurl did not copy, and the words of its end.
  func rest() {
    setNull(CURLOPT_HTTPHEADER)
    setNull(CURLOPT_URL)
    unsafe errors.pointee = 0
    if readiness == .nothing { reset() }
  }

  /// Where the exchange goes.
  ///
  /// Handed a text alone, libcurl takes it apart and then writes it anew by its `printf`, a sixth of what the exchange costs it.
  func set(url text: String) {
    set(CURLOPT_URL, text)
    // In a query may stand a credential, of which nothing is to stay when the handle rests.
    let isPlain = !text.utf8.contains(UInt8(ascii: "?"))
    // Creates all go to one place, and a client is read again after it was set.
    if isPlain, !text.isIdentical(to: urlText) {
      let status = unsafe text.withCString { unsafe curl_url_set(url, CURLUPART_URL, $0, UInt32(CURLU_PATH_AS_IS)) }
      urlText = status == CURLUE_OK ? text : ""
    }
    // One that it cannot take apart is left to it as a text: it says what is wrong with it.
    let isTakenApart = isPlain && !urlText.isEmpty
    _ = unsafe openid_curl_set_pointer(pointer, CURLOPT_CURLU, isTakenApart ? UnsafeMutableRawPointer(url) : nil)
  }

  /// What libcurl says of the failure.
  var words: String { unsafe String(cString: errors) }

  func set(_ option: CURLoption, _ value: Int) { _ = unsafe openid_curl_set_long(pointer, option, value) }
  func set(_ option: CURLoption, bytes value: Int) { _ = unsafe openid_curl_set_offset(pointer, option, curl_off_t(value)) }
  func set(_ option: CURLoption, _ value: String) {
    _ = unsafe value.withCString { unsafe openid_curl_set_text(pointer, option, $0) }
  }
  func set(_ option: CURLoption, _ value: CurlList) { _ = unsafe openid_curl_set_list(pointer, option, value.pointer) }
  func setNull(_ option: CURLoption) { _ = unsafe openid_curl_set_text(pointer, option, nil) }
  func set(_ option: CURLoption, context: UnsafeMutableRawPointer) {
    _ = unsafe openid_curl_set_pointer(pointer, option, context)
  }
  func set(_ option: CURLoption, callback: openid_curl_bytes) { _ = unsafe openid_curl_set_bytes(pointer, option, callback) }
  func set(beforeRequest callback: curl_prereq_callback) { _ = unsafe openid_curl_set_prerequest(pointer, callback) }
  func keepSocketsPrivate() { _ = unsafe openid_curl_keep_sockets_private(pointer) }
  func leaveLookups() { _ = unsafe openid_curl_leave_lookups(pointer) }
  func collectWords() { _ = unsafe openid_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errors) }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    return unsafe openid_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }
}

/// libcurl's list of texts; the same from its making on, so that any thread may have it.
@safe final class CurlList: Sendable {
  nonisolated(unsafe) let pointer: UnsafeMutablePointer<curl_slist>?

  init(_ texts: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for text in texts { unsafe list = curl_slist_append(list, text) ?? list }
    unsafe pointer = list
  }

  /// The lines of a request's header.
  init(of request: HTTPRequest, userAgent: String) {
    var list: UnsafeMutablePointer<curl_slist>?
    var line: [UInt8] = []
    line.reserveCapacity(256)
    func append(_ name: String, _ value: String) {
      line.removeAll(keepingCapacity: true)
      line += name.utf8
      // libcurl takes "Name:" for a field to leave out and "Name;" for an empty one.
      if value.isEmpty { line += ";\0".utf8 } else { line += ": ".utf8 }
      line += value.utf8
      line.append(0)
      unsafe list = line.withUnsafeBytes { bytes in
        unsafe curl_slist_append(list, bytes.assumingMemoryBound(to: CChar.self).baseAddress) ?? list
      }
    }
    // libcurl would announce a body.
    if request.body != nil { unsafe list = curl_slist_append(list, "Expect:") }
    for field in request.headers.fields { append(field.name, field.value) }
    // Not by the option of that name: libcurl prints its value twice, and a character at a time.
    if request.headers["User-Agent"] == nil, !userAgent.isEmpty { append("User-Agent", userAgent) }
    unsafe pointer = list
  }

  deinit { unsafe curl_slist_free_all(pointer) }
}
