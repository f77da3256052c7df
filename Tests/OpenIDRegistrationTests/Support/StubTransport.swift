import OpenIDRegistration
import Synchronization

/// Answers from a script, and remembers what was asked.
final class StubTransport: HTTPTransport {
  typealias Answer = @Sendable (HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

  private let answer: Answer
  private let seen = Mutex<[HTTPRequest]>([])

  init(_ answer: @escaping Answer) { self.answer = answer }

  /// Gives the answers one after the other; a call too many is an error of its own.
  convenience init(_ answers: HTTPResponse...) { self.init(giving: answers) }

  static func giving(_ answers: [HTTPResponse]) -> StubTransport { StubTransport(giving: answers) }

  private convenience init(giving answers: [HTTPResponse]) {
    let rest = Mutex(answers[...])
    self.init { request throws(HTTPTransportError) in
      guard let next = rest.withLock({ $0.popFirst() }) else {
        throw HTTPTransportError(.other, effect: .none, "nothing is scripted for \(request.url)")
      }
      return next
    }
  }

  var requests: [HTTPRequest] { seen.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    seen.withLock { $0.append(request) }
    return try await answer(request)
  }
}

extension HTTPResponse {
  static func json(_ status: Int, _ value: JSONValue, _ headers: HTTPFields = ["content-type": "application/json"])
    -> HTTPResponse
  {
    HTTPResponse(status: status, headers: headers, body: value.utf8())
  }

  static func text(_ status: Int, _ text: String, _ headers: HTTPFields = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }
}

/// What `persist` was given.
final class Kept: Sendable {
  private let list = Mutex<[ClientInformation]>([])

  var all: [ClientInformation] { list.withLock { $0 } }
  var persist: OpenIDRegistrationClient.Persist { { information in self.list.withLock { $0.append(information) } } }
}

/// The error that the work throws; `nil` where it throws none.
func failure(of work: () async throws -> Void) async -> RegistrationError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? RegistrationError
  }
}
