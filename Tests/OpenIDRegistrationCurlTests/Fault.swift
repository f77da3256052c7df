import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// What a server does instead of answering as it should, and what has to come of it.
struct Fault: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable, Hashable {
    case fine
    case transport(HTTPTransportError.Code)
    case notJSON(JSONParsingError.Reason)
    case invalidAnswer
    case unexpectedStatus
  }

  enum Kept: Sendable {
    case nothing
    case client
    case otherClient
    case token(String)
  }

  let testDescription: String
  let outcome: Outcome
  let effect: Effect
  let kept: Kept
  /// What the error says.
  let words: String
  let configuration: CurlTransport.Configuration
  let script: RawServer.Script

  init(
    _ name: String, _ outcome: Outcome, _ effect: Effect, _ kept: Kept, _ words: String,
    _ configuration: CurlTransport.Configuration = .init(timeout: .seconds(120)), _ script: @escaping RawServer.Script
  ) {
    testDescription = name
    self.outcome = outcome
    self.effect = effect
    self.kept = kept
    self.words = words
    self.configuration = configuration
    self.script = { connection in
      connection.request()
      script(connection)
    }
  }

  /// An answer that is whole, and brings a token.
  static func answer(
    _ name: String, _ outcome: Outcome, _ words: String, status: String = "201 Created",
    type: String = "Content-Type: application/json\r\n", _ body: [UInt8]
  ) -> Fault {
    answer(name, outcome, .done, .token("canary-rat"), words, status: status, type: type, body)
  }

  /// An answer that is odd, and taken.
  static func accepted(
    _ name: String, status: String = "201 Created", type: String = "Content-Type: application/json\r\n", _ body: [UInt8]
  ) -> Fault {
    answer(name, .fine, .done, .token("canary-rat"), "", status: status, type: type, body)
  }

  /// An answer that is whole.
  static func answer(
    _ name: String, _ outcome: Outcome, _ effect: Effect, _ kept: Kept, _ words: String,
    status: String = "201 Created", type: String = "Content-Type: application/json\r\n", _ body: [UInt8]
  ) -> Fault {
    Fault(name, outcome, effect, kept, words) { connection in
      connection.send("HTTP/1.1 \(status)\r\n\(type)Content-Length: \(body.count)\r\n\r\n")
      connection.send(body)
    }
  }
}
