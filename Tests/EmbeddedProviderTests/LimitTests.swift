import Foundation
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// What a client may take of the server, and what becomes of one that takes more.
@Suite struct LimitTests {
  typealias Limits = EmbeddedProvider.Limits

  /// Long enough to be told from a limit of a fraction of a second, on a loaded machine too.
  private static let long = Duration.seconds(600)

  @Test("a body is refused with its limit, whether it is announced, comes in pieces or is sent all the same")
  func bodies() throws {
    let provider = try TestProvider(.init(limits: Limits(bodyBytes: 1_000)))
    let large = String(repeating: "x", count: 1_001)
    let announced = try provider.connection()
    try announced.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
    let sent = try provider.connection()
    try sent.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n" + large)
    let pieces = try provider.connection()
    try pieces.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    try pieces.send("3e8\r\n\(large.dropLast())\r\n1\r\nx\r\n0\r\n\r\n")
    for connection in [announced, sent, pieces] {
      let answer = try connection.answer()
      #expect(answer.status == 413)
      #expect(answer["error"] == "The request body is too large")
      #expect(answer["error_description"] == "This provider takes 1000 bytes.")
    }
    #expect(announced.isClosed())
    #expect(sent.isClosed())
    // What is read to its end leaves the connection as it was.
    #expect(try pieces.exchange("POST", "/oauth2/register", body: "{}").status == 201)
  }

  @Test("a body without end is not read to its end")
  func endlessBody() throws {
    let provider = try TestProvider(.init(limits: Limits(bodyBytes: 10_000)))
    let connection = try provider.connection()
    try connection.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"
    #expect(throws: TestConnection.Failure.self) {
      // More than the buffers of both ends hold.
      for _ in 0..<10_000 { try connection.send(chunk) }
    }
  }

  @Test("the bodies of all requests have room together, and what does not fit is told to come later")
  func allBodies() throws {
    let provider = try TestProvider(.init(limits: Limits(bodyBytes: 1_000, allBodiesBytes: 2_500)))
    let begun =
      "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{" + String(repeating: " ", count: 998)
    let waiting = try (0..<2).map { _ in try provider.connection() }
    for connection in waiting { try connection.send(begun) }
    try poll { provider.heldBytes == 1_998 }
    let refused = try provider.request("POST", "/oauth2/register", body: "{" + String(repeating: " ", count: 998) + "}")
    #expect(refused.headers["retry-after"] == "1")
    #expect(refused["error"] == "The provider is busy")
    let pieces = try provider.connection()
    try pieces.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{")
    try pieces.send(String(repeating: " ", count: 998) + "}\r\n0\r\n\r\n")
    #expect(try pieces.answer().status == 503)
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
    for connection in waiting {
      try connection.send("}")
      #expect(try connection.answer().status == 201)
    }
    let later = try provider.request("POST", "/oauth2/register", body: "{" + String(repeating: " ", count: 998) + "}")
    #expect(later.status == 201)
  }

  enum LargeHeader: String, Sendable, CaseIterable {
    case path, field, fields

    var request: String {
      switch self {
      case .path: "GET /" + String(repeating: "x", count: 100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
      case .field: "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + String(repeating: "x", count: 100_000) + "\r\n\r\n"
      case .fields: "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X-Many: x\r\n", count: 10_000) + "\r\n"
      }
    }
  }

  @Test("a header without measure is refused by the part that is too large", arguments: LargeHeader.allCases)
  func headers(_ header: LargeHeader) throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    // The answer may come, and the connection end, before all is sent.
    try? connection.send(header.request)
    #expect(try connection.answer().status == (header == .path ? 414 : 431))
    #expect(connection.isClosed())
    #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 200)
  }

  struct Slow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let limits: Limits
    /// Sent at once; then one more byte again and again.
    let begun: String
    let more: String
  }

  @Test(
    "a client that sends a byte now and then loses its connection all the same",
    arguments: [
      Slow(
        testDescription: "header", limits: Limits(idle: long, request: .milliseconds(300)),
        begun: "GET / HTTP/1.1\r\n", more: "X-Slow: x\r\n"),
      Slow(
        testDescription: "body", limits: Limits(idle: long, request: .milliseconds(300)),
        begun: "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", more: "x"),
      Slow(
        testDescription: "chunks", limits: Limits(idle: long, request: .milliseconds(300)),
        begun: "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", more: "1\r\nx\r\n"),
      Slow(testDescription: "first line", limits: Limits(idle: .milliseconds(300), request: long), begun: "GET ", more: "/"),
      Slow(testDescription: "empty lines", limits: Limits(idle: .milliseconds(300), request: long), begun: "", more: "\r\n"),
    ])
  func slowClients(_ slow: Slow) async throws {
    let provider = try TestProvider(.init(limits: slow.limits))
    let port = provider.provider.publicPort
    try await inBackground {
      let connection = try TestConnection(port: port)
      try connection.send(slow.begun)
      let end = ContinuousClock.now + .seconds(60)
      while true {
        try #require(ContinuousClock.now < end, "the connection is still open")
        do { try connection.send(slow.more) } catch { return }
        usleep(10_000)
      }
    }
    #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 200)
  }

  @Test("a connection on which nothing happens ends, also after a request")
  func idleConnections() async throws {
    let provider = try TestProvider(.init(limits: Limits(idle: .milliseconds(300), request: Self.long, answer: Self.long)))
    let fresh = try provider.connection()
    #expect(fresh.isClosed())
    let used = try provider.connection()
    #expect(try used.exchange("GET", "/.well-known/openid-configuration").status == 200)
    #expect(used.isClosed())
    try poll { provider.openConnections == 0 }
  }

  @Test(
    "a client that goes in the middle of something takes its connection with it",
    arguments: [
      "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET",
      "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
      "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{",
    ])
  func abandonedConnections(begun: String) throws {
    var limits = Limits(idle: Self.long, request: Self.long, answer: Self.long)
    limits.look = .milliseconds(50)
    let provider = try TestProvider(.init(limits: limits))
    let connection = try provider.connection()
    // Both arrive together, and that is what matters.
    try connection.send(begun)
    connection.endSending()
    #expect(connection.isClosed())
    try poll { provider.openConnections == 0 }
  }

  @Test("a client that does not fetch its answer loses its connection, and the others do not wait for it")
  func slowReaders() throws {
    let limits = Limits(idle: Self.long, request: Self.long, answer: .milliseconds(300))
    let provider = try TestProvider(.init(limits: limits))
    // More than the buffers of both ends hold: the server's is 4 MiB at most, and ours would grow with what arrives.
    let name = String(repeating: "n", count: 8 << 20)
    let client = try provider.register(#"{"client_name":"\#(name)"}"#)
    let slow = try provider.connection(receiveBuffer: 65_536)
    try slow.send("GET /oauth2/register/\(client.id) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.token)\r\n\r\n")
    #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 200)
    try poll { provider.openConnections == 0 }
    let answer = try slow.answer()
    let (status, isComplete) = (answer.status, answer.isComplete)
    #expect(status == 200 && !isComplete)
    // Somebody who reads has it all.
    #expect(try provider.read(client.id, client.token)["client_name"] == name)
  }

  @Test("an answer that takes its time is not the client's fault")
  func slowAnswers() throws {
    let limits = Limits(idle: .milliseconds(100), request: .milliseconds(100), answer: .milliseconds(100))
    let fault = Fault(.create, .before, .delay(milliseconds: 1_000))
    let provider = try TestProvider(.init(faultPlan: [fault], limits: limits))
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
  }

  @Test("a new connection takes the place of the one that was idle for longest, and is refused where none is idle")
  func tooManyConnections() throws {
    let fault = Fault(.create, times: nil, .before, .delay(milliseconds: 3_600_000))
    let provider = try TestProvider(.init(faultPlan: [fault], limits: Limits(connections: 3)))
    let oldest = try provider.connection()
    #expect(try oldest.exchange("GET", "/.well-known/openid-configuration").status == 200)
    let busy = try (0..<2).map { _ in try provider.connection() }
    for connection in busy { try connection.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}") }
    try poll { provider.unansweredRequests == 2 }
    // At first the idle one has not been idle for long enough.
    var refusals: [TestAnswer] = []
    try poll {
      let answer = try provider.request("GET", "/.well-known/openid-configuration")
      if answer.status == 503 { refusals.append(answer) }
      return answer.status == 200
    }
    #expect(oldest.isClosed())
    for answer in refusals {
      #expect(answer["error"] == "Too many connections")
      #expect(answer.headers["retry-after"] == "1")
      #expect(answer.headers["connection"]?.lowercased() == "close")
    }
    provider.provider.stop()
    for connection in busy { #expect(try connection.answer().status == 201) }
  }

  @Test("beyond the connections that are told so, others wait, and those that say nothing make room for them")
  func crowd() async throws {
    let fault = Fault(.create, times: nil, .before, .delay(milliseconds: 3_600_000))
    let provider = try TestProvider(.init(faultPlan: [fault], limits: Limits(connections: 1, idle: .milliseconds(500))))
    let busy = try provider.connection()
    try busy.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    try poll { provider.unansweredRequests == 1 }
    let silent = try (0..<100).map { _ in try provider.connection() }
    #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 503)
    withExtendedLifetime(silent) {}
    provider.provider.stop()
    #expect(try busy.answer().status == 201)
  }

  // Memory and open files belong to the process, so these two have one of their own.

  @Test(
    "a thousand idle connections cost less than 64 KiB each, and the next client is served",
    .enabled(if: !isSanitized, "a sanitizer keeps books of its own about every byte"))
  func manyIdleConnections() async {
    await #expect(processExitsWith: .success) {
      // Both ends are in this process.
      try #require(FileLimit.raise(to: 4_096) >= 4_096, "the system allows too few open files for this test")
      let provider = try TestProvider()
      #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 200)
      let before = residentBytes()
      let idle = try (0..<1_000).map { _ in try provider.connection() }
      // Half of them have been of use before.
      for connection in idle.prefix(500) {
        #expect(try connection.exchange("GET", "/.well-known/openid-configuration").status == 200)
      }
      #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
      try poll { provider.openConnections >= 1_000 }
      let each = (residentBytes() - before) / 1_000
      #expect(each < 64 << 10, "each takes \(each) bytes")
      for connection in idle { #expect(try connection.exchange("HEAD", "/.well-known/openid-configuration").status == 200) }
    }
  }

  @Test("a process that may open few files asks for more, and has as many connections as it gets")
  func fewFiles() async {
    await #expect(processExitsWith: .success) {
      // An error that leaves the process would tell no more than that it crashed.
      do {
        #expect(FileLimit.lower(to: 64, most: 600) == 64)
        let limits = Limits().attainable(servers: 2)
        #expect(FileLimit.raise(to: 1) == 600)
        #expect((1...200).contains(limits.connections))
        let provider = try TestProvider()
        // More than it has, and fewer than would have to wait before they are told so.
        let connections = try (0..<150).map { _ in try provider.connection() }
        // On a slow machine those that had to wait for their turn may have been ended to make room: no answer is one too.
        let statuses = connections.map { try? $0.exchange("GET", "/.well-known/openid-configuration").status }
        #expect(statuses.allSatisfy { [200, 503, nil].contains($0) })
        #expect(statuses.contains(200))
        for connection in connections { connection.close() }
        try poll { (try? provider.request("GET", "/.well-known/openid-configuration"))?.status == 200 }
      } catch {
        Issue.record(error)
      }
      #expect(Limits(connections: 10).attainable(servers: 2).connections == 10)
    }
  }
}

/// Asks again and again; a condition that never holds is a failure.
func poll(_ condition: () throws -> Bool) throws {
  let end = ContinuousClock.now + .seconds(60)
  while try !condition() {
    try #require(ContinuousClock.now < end, "what was waited for did not happen")
    usleep(5_000)
  }
}

/// Whether these tests run under a sanitizer, as Scripts/sanitize.sh starts them.
private let isSanitized = ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains { ProcessInfo.processInfo.environment[$0] != nil }

/// How much of the machine's memory the process has.
private func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
}

extension FileLimit {
  /// The other way round; how many files there may be then.
  fileprivate static func lower(to wanted: Int, most: Int) -> Int {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit(rlim_cur: rlim_t(wanted), rlim_max: rlim_t(most))
    return setrlimit(resource, &limit) == 0 ? raise(to: 1) : -1
  }
}
