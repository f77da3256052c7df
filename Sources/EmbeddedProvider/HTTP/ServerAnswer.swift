import OpenIDJSON
import OpenIDRegistration

/// What is answered, and how it is sent.
struct ServerAnswer: Sendable {
  /// What becomes of the answer on its way. Only a fault makes it anything but whole.
  enum Delivery: Sendable, Hashable {
    case whole
    /// The connection is closed without a byte.
    case none
    /// The header names the whole length; the connection is closed after so many bytes of the body.
    case truncated(bytes: Int)
    /// Whole, and then the connection is closed, unannounced.
    case thenClosed
  }

  var status: Int
  var headers: HTTPFields = [:]
  var body: [UInt8] = []
  var delivery = Delivery.whole

  static let noContent = ServerAnswer(status: 204)

  /// The connection ends without an answer.
  static let nothing = ServerAnswer(status: 500, delivery: .none)

  /// A success, as Hydra writes it: one line, with a newline at its end.
  static func json(_ body: [UInt8], status: Int = 200) -> ServerAnswer {
    ServerAnswer(status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: body + [0x0a])
  }

  static func json(_ value: JSONValue, status: Int = 200) -> ServerAnswer { json(value.utf8(.go), status: status) }

  /// An error of Hydra's. Its content type names no character set.
  init(_ refusal: Refusal) {
    let body: JSONValue = ["error": .string(refusal.error), "error_description": .string(refusal.description)]
    self.init(status: refusal.status, headers: ["Content-Type": "application/json"], body: body.utf8(.go) + [0x0a])
  }

  init(status: Int, headers: HTTPFields = [:], body: [UInt8] = [], delivery: Delivery = .whole) {
    self.status = status
    self.headers = headers
    self.body = body
    self.delivery = delivery
  }
}
