import Foundation
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl

extension Fault {
  /// A good answer but for its end.
  private static let beginning =
    #"{"client_id":"c1","client_secret":"canary-made","registration_access_token":"canary-rat","#
    + #""registration_client_uri":"https://auth.example.com/c1""#

  private static func good(_ more: String = "") -> [UInt8] { Array((beginning + more + "}").utf8) }

  static let all = brokenOff + noHTTP + slow + odd + accepted

  static let brokenOff: [Fault] = [
    Fault("no answer", .transport(.connectionLost), .unknown, .nothing, "closed before an answer came") { _ in },
    Fault("half a status line", .transport(.connectionLost), .unknown, .nothing, "closed before an answer came") {
      $0.send("HTTP/1.1 2")
    },
    Fault("half a header", .transport(.connectionLost), .unknown, .nothing, "broke off in its header") {
      $0.send("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Le")
    },
    Fault("a header without its end", .transport(.connectionLost), .unknown, .nothing, "broke off in its header") {
      $0.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n")
    },
    Fault("half a body of known length", .transport(.connectionLost), .unknown, .token("canary-rat"), "the answer broke off") {
      $0.send("HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n" + beginning)
    },
    Fault("half a chunk", .transport(.connectionLost), .unknown, .token("canary-rat"), "no whole answer came") {
      $0.send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + beginning)
    },
    Fault("no last chunk", .transport(.connectionLost), .unknown, .token("canary-rat"), "no whole answer came") {
      let body = beginning + "}"
      $0.send(
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n")
    },
    Fault("half a token", .transport(.connectionLost), .unknown, .client, "the answer broke off") {
      $0.send(
        "HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{\"client_id\":\"c1\",\"registration_access_token\":\"canary-")
    },
    Fault("half a body of no known length", .notJSON(.unexpectedEnd), .done, .token("canary-rat"), "ends too early") {
      $0.send("HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" + beginning)
    },
  ]

  static let noHTTP: [Fault] = [
    Fault("another protocol", .transport(.invalidAnswer), .unknown, .nothing, "no HTTP") { $0.send("SSH-2.0-OpenSSH_9.2\r\n") },
    Fault("a length that is none", .transport(.invalidAnswer), .unknown, .nothing, "no HTTP") {
      $0.send("HTTP/1.1 201 Created\r\nContent-Length: many\r\n\r\n{}")
    },
    Fault("a chunk of no size", .transport(.connectionLost), .unknown, .nothing, "no whole answer came") {
      $0.send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
    },
    Fault(
      "a header beyond measure", .transport(.answerTooLarge), .unknown, .nothing, "larger than",
      .init(timeout: .seconds(120), maximumHeaderBytes: 10_000)
    ) { connection in
      connection.send("HTTP/1.1 201 Created\r\n")
      while connection.send("X: \(String(repeating: "y", count: 1000))\r\n") {}
    },
    Fault("50 MB", .transport(.answerTooLarge), .unknown, .token("canary-rat"), "larger than 10485760 bytes") { connection in
      connection.send("HTTP/1.1 201 Created\r\nContent-Length: 50000000\r\n\r\n" + beginning + ",\"more\":\"")
      let part = [UInt8](repeating: 0x78, count: 1_000_000)
      for _ in 0..<50 where !connection.send(part) { break }
    },
  ]

  static let slow: [Fault] = [
    Fault(
      "nothing at all", .transport(.timedOut), .unknown, .nothing, "no answer within 500 ms",
      .init(connectTimeout: .seconds(60), timeout: .milliseconds(500))
    ) { _ = $0.waitForClose() },
    Fault(
      "silence after the token", .transport(.timedOut), .unknown, .token("canary-rat"), "no byte came for 500 ms",
      .init(timeout: .seconds(3600), silenceTimeout: .milliseconds(500))
    ) { connection in
      connection.send("HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n" + beginning)
      _ = connection.waitForClose()
    },
    Fault(
      "a byte now and then", .transport(.timedOut), .unknown, .nothing, "no answer within 1 s",
      .init(connectTimeout: .seconds(60), timeout: .seconds(1), silenceTimeout: .seconds(3600))
    ) { connection in
      connection.send("HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n")
      while connection.send(" ") { Thread.sleep(forTimeInterval: 0.05) }
    },
  ]

  static let odd: [Fault] = [
    .answer("an empty answer", .notJSON(.empty), .unknown, .nothing, "no JSON in an empty text", []),
    .answer("no content", .notJSON(.empty), .unknown, .nothing, "no JSON in an empty text", status: "204 No Content", []),
    .answer(
      "a page", .notJSON(.unexpectedByte(UInt8(ascii: "<"))), .unknown, .nothing, "not the JSON that it should be",
      status: "200 OK",
      type: "Content-Type: text/html\r\n", Array("<!DOCTYPE html><title>Sign in</title>".utf8)),
    .answer("an array", .invalidAnswer, .unknown, .nothing, "it is an array, not an object", Array("[]".utf8)),
    .answer("an object of nothing", .invalidAnswer, .unknown, .nothing, "it names no client_id", Array("{}".utf8)),
    .answer(
      "a name twice", .notJSON(.duplicateMember), .done, .token("canary-second"), "a member name that stands twice",
      good(#","registration_access_token":"canary-second""#)),
    .answer(
      "bytes that are no UTF-8", .notJSON(.invalidUTF8), "invalid UTF-8",
      Array((beginning + ",\"a\":\"").utf8) + [0xff, 0x22, 0x7d]),
    .answer("a NUL as it is", .notJSON(.controlCharacterInString), "a control character in a string", good(",\"a\":\"\0\"")),
    .answer(
      "a NUL that is escaped", .invalidAnswer, "client_name has a NUL in it", good(#","client_name":"a\u0000b""#)),
    .answer("a NUL in a list", .invalidAnswer, "contacts has a NUL in it", good(#","contacts":["a","\u0000"]"#)),
    .answer("a NUL in a name", .invalidAnswer, "the name of a member has a NUL in it", good(#","a\u0000b":1"#)),
    .answer(
      "a number of 400 digits", .invalidAnswer, "default_max_age is a number that is too large",
      good(",\"default_max_age\":" + String(repeating: "7", count: 400))),
    .answer(
      "an expiry beyond all numbers", .invalidAnswer, "client_secret_expires_at is",
      good(",\"client_secret_expires_at\":" + String(repeating: "7", count: 400))),
    .answer(
      "an expiry that is no time", .invalidAnswer, "client_secret_expires_at is no time in seconds",
      good(#","client_secret_expires_at":{"never":true}"#)),
    .answer(
      "JSON that calls itself a page", .invalidAnswer, "it calls itself text/html, not application/json",
      type: "Content-Type: Text/HTML; charset=utf-8\r\n", good()),
    .answer(
      "an id with a line break", .invalidAnswer, .done, .otherClient, "its client_id has control characters in it",
      Array(#"{"client_id":"c\n1","registration_access_token":"canary-rat"}"#.utf8)),
    .answer(
      "a secret with a bell", .invalidAnswer, .done, .token("canary-rat"), "its client_secret has control characters in it",
      Array(#"{"client_id":"c1","client_secret":"canary\u0007","registration_access_token":"canary-rat"}"#.utf8)),
    .answer(
      "a NUL in the token", .invalidAnswer, .done, .token("canary\0"), "registration_access_token has a NUL in it",
      Array(#"{"client_id":"c1","registration_access_token":"canary\u0000"}"#.utf8)),
    .answer(
      "a line break in the token", .invalidAnswer, .done, .token("canary\r\nX: y"), "no header field can carry",
      Array(#"{"client_id":"c1","registration_access_token":"canary\r\nX: y"}"#.utf8)),
    .answer(
      "a token that is a number", .invalidAnswer, .done, .client, "registration_access_token is a number",
      Array(#"{"client_id":"c1","registration_access_token":17}"#.utf8)),
    .answer(
      "a URI that is none", .invalidAnswer, .done, .token("canary-rat"), "its registration_client_uri",
      Array(#"{"client_id":"c1","registration_access_token":"canary-rat","registration_client_uri":"/c1"}"#.utf8)),
    .answer(
      "nesting of 10,000 levels", .notJSON(.tooDeep(limit: 128)), "nested deeper than 128 levels",
      good(",\"a\":" + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000))),
    .answer("a byte order mark", .notJSON(.byteOrderMark), "a byte order mark", [0xef, 0xbb, 0xbf] + good()),
    .answer("something behind it", .notJSON(.trailingContent), "something follows", good() + Array("<html>".utf8)),
    .answer(
      "compressed unasked", .invalidAnswer, .unknown, .nothing, "it is encoded as gzip, which was not asked for",
      type: "Content-Encoding: gzip\r\n", [0x1f, 0x8b, 0x08, 0x00]),
    .answer(
      "a redirect to itself", .unexpectedStatus, .none, .nothing, "Redirects are not followed",
      status: "307 Temporary Redirect",
      type: "Location: /register\r\n", []),
  ]

  static let accepted: [Fault] = [
    .accepted("JSON of a kind", type: "Content-Type: application/vnd.example+json; charset=utf-8\r\n", good()),
    .accepted("JSON that calls itself nothing", type: "", good()),
    .accepted("another status of success", status: "200 OK", good()),
    .accepted("a number of forty digits", good(",\"a\":" + String(repeating: "7", count: 40))),
    .accepted("an expiry that is written as a text", good(#","client_secret_expires_at":"1700000000.5""#)),
    .accepted("white space around it", Array("\r\n\t ".utf8) + good() + Array("\n\n".utf8)),
  ]
}
