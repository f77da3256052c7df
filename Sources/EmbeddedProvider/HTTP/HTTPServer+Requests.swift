import COpenIDMicroHTTPD
import OpenIDRegistration

/// What happens on the server's thread.
extension HTTPServer {
  /// Called for the header, for each piece of the body, at the end of the request, and again when the answer is there.
  func receive(
    _ exchange: Exchange, _ connection: OpaquePointer, _ method: UnsafePointer<CChar>, _ upload: UnsafePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>
  ) -> MHD_Result {
    switch exchange.phase {
    case .started:
      exchange.method = unsafe String(cString: method)
      exchange.phase = .reading
      guard let announced = unsafe header("content-length", connection).flatMap({ Int($0) }), announced > limits.bodyBytes
      else { return .YES }
      return unsafe refuse(exchange, .bodyTooLarge(limits.bodyBytes), connection)
    case .reading, .discarding:
      let count = unsafe size.pointee
      guard count > 0 else { return unsafe handOver(exchange, connection) }
      unsafe size.pointee = 0
      return unsafe take(upload, count, exchange)
    case .handled:
      return exchange.answer.map { unsafe send($0, connection) } ?? .NO
    }
  }

  private func take(_ upload: UnsafePointer<CChar>?, _ count: Int, _ exchange: Exchange) -> MHD_Result {
    if exchange.body.count + count > limits.bodyBytes {
      exchange.phase = .discarding
      exchange.body = []
    }
    if exchange.phase == .discarding {
      // A body without end is not read to its end.
      exchange.discarded += count
      return exchange.discarded > 16 * limits.bodyBytes ? .NO : .YES
    }
    unsafe exchange.body.append(contentsOf: UnsafeRawBufferPointer(start: upload, count: count))
    return .YES
  }

  private func handOver(_ exchange: Exchange, _ connection: OpaquePointer) -> MHD_Result {
    if exchange.phase == .discarding { return unsafe refuse(exchange, .bodyTooLarge(limits.bodyBytes), connection) }
    let isEnding = load.update { load in
      if !load.isEnding {
        load.unanswered += 1
        load.unsent += 1
      }
      return load.isEnding
    }
    if isEnding { return unsafe refuse(exchange, .stopping, connection) }
    exchange.phase = .handled
    exchange.isHandedOver = true
    let target = exchange.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let request = unsafe ServerRequest(
      method: exchange.method, path: String(target.first ?? ""), query: target.count > 1 ? String(target[1]) : "",
      authorization: header("authorization", connection), accept: header("accept", connection),
      contentType: header("content-type", connection), cookie: header("cookie", connection), body: exchange.body)
    exchange.body = []
    handler(request) { [load] answer in
      if exchange.reply(answer) { load.update { $0.unanswered -= 1 } }
    }
    return unsafe exchange.answer(orSuspend: connection).map { unsafe send($0, connection) } ?? .YES
  }

  /// Answers what never comes to the handler.
  private func refuse(_ exchange: Exchange, _ answer: ServerAnswer, _ connection: OpaquePointer) -> MHD_Result {
    exchange.phase = .handled
    exchange.reply(answer)
    return unsafe send(answer, connection)
  }

  /// The exchange is over, one way or another.
  func end(_ exchange: Exchange, _ connection: OpaquePointer?, isComplete: Bool) {
    if isComplete, exchange.answer?.delivery == .thenClosed, let connection = unsafe connection {
      endConnection(unsafe openid_connection_socket(connection))
    }
    log?(exchange.logLine)
    if exchange.isHandedOver { load.update { $0.unsent -= 1 } }
  }

  private func header(_ name: String, _ connection: OpaquePointer) -> String? {
    unsafe MHD_lookup_connection_value(connection, .HEADER_KIND, name).map { unsafe String(cString: $0) }
  }

  private func send(_ answer: ServerAnswer, _ connection: OpaquePointer) -> MHD_Result {
    if answer.delivery == .none { return .NO }
    guard let response = unsafe response(to: answer) else { return .NO }
    defer { unsafe MHD_destroy_response(response) }
    for field in answer.headers.fields { unsafe MHD_add_response_header(response, field.name, field.value) }
    return unsafe MHD_queue_response(connection, CUnsignedInt(answer.status), response)
  }

  private func response(to answer: ServerAnswer) -> OpaquePointer? {
    if case .truncated(let bytes) = answer.delivery {
      return unsafe TruncatedBody.response(answer.body, sending: bytes)
    }
    return unsafe answer.body.withUnsafeBytes { bytes in
      // libmicrohttpd copies them; its older versions take no pointer to constants.
      unsafe MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
  }
}

extension ServerAnswer {
  fileprivate static func bodyTooLarge(_ limit: Int) -> ServerAnswer {
    ServerAnswer(Refusal(413, "The request body is too large", "This provider takes \(limit) bytes."))
  }

  fileprivate static let stopping = {
    var answer = ServerAnswer(Refusal(503, "The provider is stopping", "The request was not looked at."))
    answer.headers["Connection"] = "close"
    return answer
  }()
}
