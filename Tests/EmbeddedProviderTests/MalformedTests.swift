import Foundation
import OpenIDJSON
import Synchronization
import Testing

@testable import EmbeddedProvider

/// What is no HTTP, or nearly: it gets an answer or the end of its connection, and nobody else is harmed.
@Suite struct MalformedTests {
  struct Input: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    /// The status of the answer; `nil` where the connection ends without one.
    let status: Int?

    init(_ name: String, _ text: String, _ status: Int?) {
      (testDescription, bytes, self.status) = (name, Array(text.utf8), status)
    }

    init(_ name: String, bytes: [UInt8], _ status: Int?) { (testDescription, self.bytes, self.status) = (name, bytes, status) }
  }

  private static let post = "POST /oauth2/register HTTP/1.1\r\nHost: x\r\n"

  static let inputs = [
    Input("one word", "nonsense\r\n\r\n", nil),
    Input("no version, as in HTTP/0.9", "GET /.well-known/openid-configuration\r\n\r\n", 400),
    Input("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    Input("a version of the future", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505),
    Input("no version at all", "GET / HTCPCP\r\nHost: x\r\n\r\n", 400),
    Input("a method that is no token", "G\u{1}T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    Input("no host", "GET / HTTP/1.1\r\n\r\n", 400),
    Input("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    Input("a field without a colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400),
    Input("a field whose name ends in a blank", "GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", 400),
    Input("a name with NUL", "GET / HTTP/1.1\r\nHost: x\r\nX\0: a\r\n\r\n", 400),
    Input("a field with a control character", "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{7}b\r\n\r\n", 400),
    Input("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    Input("a length and chunks", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
    Input("chunks twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    Input("another coding", post + "Transfer-Encoding: gzip\r\n\r\n{}", 501),
    Input("a length on a line of its own", post + "Content-Length:\r\n 2\r\n\r\n{}", 400),
    Input("a length that goes on in the next line", post + "Content-Length: 1\r\n 2\r\n\r\n{          }", 400),
    Input("a length that is no number", post + "Content-Length: two\r\n\r\n{}", 400),
    Input("a negative length", post + "Content-Length: -1\r\n\r\n{}", 400),
    Input("a signed length", post + "Content-Length: +2\r\n\r\n{}", 400),
    Input("a list of lengths", post + "Content-Length: 2, 2\r\n\r\n{}", 400),
    Input("a length beyond all numbers", post + "Content-Length: 99999999999999999999999\r\n\r\n{}", 413),
    Input("a length of 2^63", post + "Content-Length: 9223372036854775808\r\n\r\n{}", 413),
    Input("a chunk that has no size", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    Input("a chunk with a negative size", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
    Input("a chunk beyond all numbers", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n", 413),
    Input("a chunk that does not end", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n", 400),
    Input(
      "a TLS client",
      bytes: [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + (0..<32).map { $0 + 100 } + [0x20] + [
        0, 10, 0, 4, 0, 2, 0, 29, 0, 13, 0,
      ],
      400),
  ]

  @Test("what is no request is answered with its status or not at all, and the connection ends", arguments: inputs)
  func malformed(_ input: Input) throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    try connection.send(input.bytes)
    if let status = input.status {
      let answer = try connection.answer()
      #expect(answer.status == status)
      #expect(!answer.body.isEmpty)
    }
    #expect(connection.isClosed())
    #expect(try provider.admin("GET", "/clients").text == "[]\n")
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
  }

  static let accepted = [
    Input("HTTP/1.0 without a host", "GET /.well-known/openid-configuration HTTP/1.0\r\n\r\n", 200),
    Input("a name in any case", "GET /.well-known/openid-configuration HTTP/1.1\r\nhOST: x\r\n\r\n", 200),
    Input("empty lines first", "\r\n\r\nGET /.well-known/openid-configuration HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    Input("two lengths that agree", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 201),
    Input("a chunk with an extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n", 201),
    Input("fields after the last chunk", post + "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n", 201),
    Input("bytes beyond ASCII in a path", "GET /\u{e9} HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    Input("escapes that are none", "GET /%zz%0 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    Input("a whole URL", "GET http://x/.well-known/openid-configuration?a HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    Input("a whole URL without a path", "GET http://x?a=http://y HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    Input("an asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    Input("a field without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 404),
    Input("NUL in a field", "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 404),
    Input("NUL in a path", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    Input("an unknown method", "BREW /oauth2/register HTTP/1.1\r\nHost: x\r\n\r\n", 404),
  ]

  @Test("what is odd and allowed is answered", arguments: accepted)
  func odd(_ input: Input) throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    try connection.send(input.bytes)
    #expect(try connection.answer().status == input.status)
  }

  @Test("thousands of garbled requests leave the server as it was")
  func garbled() async throws {
    var limits = EmbeddedProvider.Limits(bodyBytes: 4_096, allBodiesBytes: 1 << 20, headerBytes: 4_096)
    limits.look = .milliseconds(10)
    let provider = try TestProvider(.init(limits: limits))
    let client = try provider.register(#"{"client_name":"untouched"}"#)
    let seeds = [
      "GET /oauth2/register/\(client.id) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nAccept: */*\r\n\r\n",
      Self.post + "Content-Length: 20\r\n\r\n{\"client_name\":\"two\"}",
      Self.post + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\n{\"a\":\r\n3;x\r\n1 }\r\n0\r\nX: y\r\n\r\n",
      "HEAD /.well-known/openid-configuration?a=%20&b HTTP/1.0\r\nConnection: keep-alive\r\nCookie: a=b; c=\"d\"\r\n\r\n",
      "PUT /oauth2/register/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}DELETE /oauth2/register/y HTTP/1.1\r\nHost: x\r\n\r\n",
    ].map { Array($0.utf8) }
    let port = provider.provider.publicPort
    try await inBackground {
      var random = Generator(state: 20_260_724)
      for _ in 0..<50 {
        let requests = (0..<100).map { _ in Self.garble(seeds, &random) }
        let connections = try requests.map { bytes in
          let connection = try TestConnection(port: port)
          // A server that has seen enough may end the connection while more comes.
          try? connection.send(bytes)
          connection.endSending()
          return connection
        }
        for (bytes, connection) in zip(requests, connections) {
          try #require(connection.isClosed(), "\(bytes)")
          let start = connection.unread.prefix(7)
          try #require(start.isEmpty || start == Array("HTTP/1.".utf8)[...], "\(bytes)")
        }
      }
    }
    #expect(try provider.read(client.id, client.token)["client_name"] == "untouched")
    try poll { provider.openConnections <= 1 }
    #expect(provider.unansweredRequests == 0)
  }

  /// One of the seeds, with bytes turned, left out, repeated and put between.
  private static func garble(_ seeds: [[UInt8]], _ random: inout Generator) -> [UInt8] {
    var bytes = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.removeLast(bytes.count - place)
      case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: min(place, bytes.count))
      case 4: bytes.insert(contentsOf: bytes[min(place, bytes.count)...].prefix(40), at: min(place, bytes.count))
      case 5:
        let words = [
          "\r\n", "\n", "\0", " ", ":", "9999999999999999999", "ffffffffffffffff", "chunked", "Content-Length: 3\r\n",
        ]
        bytes.insert(contentsOf: Array((words.randomElement(using: &random) ?? "").utf8), at: min(place, bytes.count))
      default: bytes += seeds.randomElement(using: &random) ?? []
      }
    }
    return bytes
  }

  /// The same numbers each time (SplitMix64).
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  @Test("of many clients at once, half of them up to mischief, each sees its own data and no other's")
  func manyClients() async throws {
    let provider = try TestProvider(.init(limits: .init(bodyBytes: 100_000)))
    let port = provider.provider.publicPort
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<16 {
        group.addTask { try await inBackground { try Self.behave(number, port) } }
        group.addTask { try await inBackground { try Self.misbehave(number, port) } }
      }
      try await group.waitForAll()
    }
    try poll { provider.unansweredRequests == 0 }
  }

  private static func behave(_ number: Int, _ port: Int) throws {
    let connection = try TestConnection(port: port)
    for round in 0..<20 {
      let name = "client \(number), round \(round) " + String(repeating: "\(number)", count: number * 50)
      let created = try connection.exchange("POST", "/oauth2/register", body: #"{"client_name":"\#(name)"}"#)
      let id = try #require(created["client_id"])
      #expect(created["client_name"] == name)
      let path = "/oauth2/register/\(id)"
      let headers = ["Authorization": "Bearer " + (created["registration_access_token"] ?? "")]
      // In one go with a read that must not succeed.
      let host = "HTTP/1.1\r\nHost: x\r\n"
      try connection.send("GET \(path) \(host)Authorization: Bearer x\r\n\r\nGET \(path) \(host)")
      try connection.send(headers.map { "\($0): \($1)\r\n\r\n" }.joined())
      #expect(try connection.answer().status == 401)
      let read = try connection.answer()
      #expect(read["client_id"] == id)
      #expect(read["client_name"] == name)
      let set = try connection.exchange("PUT", path, headers: headers, body: #"{"client_name":"\#(name)!"}"#)
      #expect(set["client_id"] == id)
      #expect(set["client_name"] == name + "!")
      if round.isMultiple(of: 2) {
        let token = ["Authorization": "Bearer " + (set["registration_access_token"] ?? "")]
        #expect(try connection.exchange("DELETE", path, headers: token).status == 204)
      }
    }
  }

  private static func misbehave(_ number: Int, _ port: Int) throws {
    var halves: [TestConnection] = []
    for round in 0..<20 {
      let connection = try TestConnection(port: port)
      switch (number + round) % 8 {
      // Gone in the middle of a header, of a body, before the answer, and with an answer unread.
      case 0: try connection.send("GET /oauth2/register/x HTTP/1.1\r\nHost: x\r\nAuthoriz")
      case 1: try connection.send(post + "Content-Length: 100\r\n\r\n{\"client_name\":\"half")
      case 2: try connection.send(post + "Content-Length: 2\r\n\r\n{}")
      case 3: for _ in 0..<100 { try connection.send("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: x\r\n\r\n") }
      case 4: try? connection.send(post + "Content-Length: 200000\r\n\r\n" + String(repeating: "x", count: 200_000))
      case 5:
        try connection.send(inputs[(number * 20 + round) % inputs.count].bytes)
        #expect(connection.isClosed())
      case 6:
        try connection.send(post + "Content-Length: 2\r\n\r\n{}")
        connection.endSending()
        // libmicrohttpd takes whoever sends no more for gone, unless the answer is there before it sees that.
        if let answer = try? connection.answer() { #expect(answer.status == 201) }
      default:
        // Nothing more comes, and the connection stays.
        try connection.send(post + "Content-Length: 10\r\n\r\n{")
        halves.append(connection)
      }
    }
  }

  @Test("stopping amid requests of every kind answers those that are whole and ends the others")
  func stopping() async throws {
    let fault = Fault(.create, times: nil, .before, .delay(milliseconds: 3_600_000))
    let provider = try TestProvider(.init(faultPlan: [fault]))
    let whole = try (0..<20).map { _ in try provider.connection() }
    for connection in whole { try connection.send(Self.post + "Content-Length: 2\r\n\r\n{}") }
    let gone = try provider.connection()
    try gone.send(Self.post + "Content-Length: 2\r\n\r\n{}")
    try poll { provider.unansweredRequests == 21 }
    gone.close()
    let idle = try provider.connection()
    let half = try provider.connection()
    try half.send(Self.post + "Content-Length: 2\r\n\r\n{")
    let pipelined = try provider.connection()
    try pipelined.send(Self.post + "Content-Length: 2\r\n\r\n{}" + Self.post + "Content-Length: 2\r\n\r\n{}")
    try poll { provider.unansweredRequests == 22 }
    try await inBackground { [provider = provider.provider] in provider.stop() }
    for connection in whole { #expect(try connection.answer().status == 201) }
    #expect(try pipelined.answer().status == 201)
    // The second one came when no more were taken.
    if let second = try? pipelined.answer() { #expect(second.status == 503) }
    for connection in [idle, half] + whole { #expect(connection.isClosed()) }
  }
}
