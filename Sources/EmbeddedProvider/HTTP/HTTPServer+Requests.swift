import COpenIDMicroHTTPD
import OpenIDRegistration
import Synchronization

/// What happens on the server's threads.
extension HTTPServer {
  /// Called for the header, for each piece of the body, at the end of the request, and again when the answer is there.
  func receive(
    _ exchange: Exchange, _ connection: OpaquePointer, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>,
    _ upload: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>
  ) -> MHD_Result {
    switch exchange.phase {
    case .started:
      exchange.method = unsafe String(cString: method)
      exchange.phase = .reading
      let head = unsafe RequestHead(of: connection, version: String(cString: version))
      guard let refusal = refusal(of: head, exchange) else { return .YES }
      // It ends the connection, for what follows is not read.
      return unsafe refuse(exchange, refusal, connection)
    case .reading, .discarding:
      let count = unsafe size.pointee
      guard count > 0 else { return unsafe handOver(exchange, connection) }
      unsafe size.pointee = 0
      return unsafe take(upload, count, exchange)
    case .handled:
      return exchange.answer.map { unsafe send($0, exchange, connection) } ?? .NO
    }
  }

  /// Why a request is refused by its header alone.
  private func refusal(of head: RequestHead, _ exchange: Exchange) -> ServerAnswer? {
    if exchange.connection.isSurplus { return .tooManyConnections(limits.connections) }
    if let refusal = head.fault(method: exchange.method) { return ServerAnswer(refusal).closing }
    guard let announced = head.announcedBytes else { return nil }
    if announced > limits.bodyBytes { return .bodyTooLarge(limits.bodyBytes).closing }
    return hasRoom(for: announced) ? nil : .noRoom.closing
  }

  /// Two threads that ask at once may both be told so: then it is a little more than there should be, and never without end.
  private func hasRoom(for bytes: Int) -> Bool {
    bytes <= max(limits.allBodiesBytes, limits.bodyBytes) - heldBytes.load(ordering: .relaxed)
  }

  private func take(_ upload: UnsafePointer<CChar>?, _ count: Int, _ exchange: Exchange) -> MHD_Result {
    if case .reading = exchange.phase {
      if exchange.body.count + count > limits.bodyBytes {
        discard(exchange, .bodyTooLarge(limits.bodyBytes))
      } else if !hasRoom(for: count) {
        discard(exchange, .noRoom)
      }
    }
    if case .discarding = exchange.phase {
      // A body without end is not read to its end.
      exchange.discarded += count
      return exchange.discarded > 4 * limits.bodyBytes ? .NO : .YES
    }
    unsafe exchange.body.append(contentsOf: UnsafeRawBufferPointer(start: upload, count: count))
    hold(exchange, exchange.heldBytes + count)
    return .YES
  }

  private func discard(_ exchange: Exchange, _ answer: ServerAnswer) {
    exchange.phase = .discarding(answer)
    exchange.body = []
    hold(exchange, 0)
  }

  private func hold(_ exchange: Exchange, _ bytes: Int) {
    heldBytes.add(bytes - exchange.heldBytes, ordering: .relaxed)
    exchange.heldBytes = bytes
  }

  private func handOver(_ exchange: Exchange, _ connection: OpaquePointer) -> MHD_Result {
    watch.requestIsWhole(on: exchange.connection)
    if case .discarding(let answer) = exchange.phase { return unsafe refuse(exchange, answer, connection) }
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
    let target = HTTPServer.local(exchange.target)
    let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
    let request = unsafe ServerRequest(
      method: exchange.method, path: String(target[..<(mark ?? target.endIndex)]),
      query: mark.flatMap { String(target.utf8[$0...].dropFirst()) } ?? "",
      authorization: header("authorization", connection), accept: header("accept", connection),
      contentType: header("content-type", connection), cookie: header("cookie", connection), body: exchange.body)
    exchange.body = []
    handler(request) { [load] answer in
      if exchange.reply(answer) { load.update { $0.unanswered -= 1 } }
    }
    return unsafe exchange.answer(orSuspend: connection).map { unsafe send($0, exchange, connection) } ?? .YES
  }

  /// The path and the query of a target that may be a whole URL (RFC 9112, section 3.2.2).
  private static func local(_ target: String) -> Substring {
    guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://") else { return target[...] }
    let rest = target[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
    return rest.first == "/" ? rest : "/" + rest
  }

  /// Answers what never comes to the handler.
  private func refuse(_ exchange: Exchange, _ answer: ServerAnswer, _ connection: OpaquePointer) -> MHD_Result {
    exchange.phase = .handled
    exchange.reply(answer)
    return unsafe send(answer, exchange, connection)
  }

  /// The exchange is over, one way or another.
  func end(_ exchange: Exchange, isComplete: Bool) {
    if isComplete, exchange.answer?.delivery == .thenClosed { endConnection(exchange.connection.descriptor) }
    watch.exchangeEnds(on: exchange.connection)
    hold(exchange, 0)
    log?(exchange.logLine)
    if exchange.isHandedOver { load.update { $0.unsent -= 1 } }
  }

  private func header(_ name: String, _ connection: OpaquePointer) -> String? {
    unsafe MHD_lookup_connection_value(connection, .HEADER_KIND, name).map { unsafe String(cString: $0) }
  }

  private func send(_ answer: ServerAnswer, _ exchange: Exchange, _ connection: OpaquePointer) -> MHD_Result {
    // The body has been of use; whoever has the answer finds room again.
    hold(exchange, 0)
    if answer.delivery == .none { return .NO }
    watch.answerBegins(on: exchange.connection)
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

  fileprivate static let noRoom = ServerAnswer(
    Refusal(503, "The provider is busy", "The bodies of other requests take all the memory for them. Try again later.")
  ).later

  fileprivate static func tooManyConnections(_ limit: Int) -> ServerAnswer {
    ServerAnswer(Refusal(503, "Too many connections", "This provider takes \(limit), and none is idle. Try again later."))
      .later.closing
  }

  fileprivate static let stopping = ServerAnswer(
    Refusal(503, "The provider is stopping", "The request was not looked at.")
  ).closing

  private var later: ServerAnswer { with("Retry-After", "1") }

  /// Nothing else is read from the connection.
  fileprivate var closing: ServerAnswer { with("Connection", "close") }

  private func with(_ name: String, _ value: String) -> ServerAnswer {
    var answer = self
    answer.headers[name] = value
    return answer
  }
}
