import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// A provider of a test's own, and short ways to talk to it.
final class TestProvider {
  let provider: EmbeddedProvider

  init(_ configuration: EmbeddedProvider.Configuration = .init()) throws {
    provider = try EmbeddedProvider.start(configuration)
    guard configuration.data == .memory else { return }
    try store.writing.use { connection throws(StoreError) in
      _ = try Store.serverSecret(
        IDTokenKey.name, orElse: Array(TestProvider.idTokenKey.privateJWK.exposed.utf8), connection)
    }
  }

  /// The key of every provider in memory: making one takes long, and the threads that run tests are few.
  static let idTokenKey = SigningKey.generate(for: .rs256)

  deinit { provider.stop() }

  /// What lies behind the ports.
  var store: Store { provider.provider.store }

  /// How many answers wait for a fetch.
  var pendingFetches: Int { provider.provider.errands.count }

  /// How many connections the server of the public endpoints has.
  var openConnections: Int { provider.openConnections }

  /// How many requests to it wait for their answers.
  var unansweredRequests: Int { provider.unansweredRequests }

  /// How many bytes of bodies it has in memory.
  var heldBytes: Int { provider.heldBytes }

  func connection(receiveBuffer: CInt? = nil) throws -> TestConnection {
    try TestConnection(port: provider.publicPort, receiveBuffer: receiveBuffer)
  }

  func adminConnection() throws -> TestConnection { try TestConnection(port: try #require(provider.adminPort)) }

  func request(
    _ method: String, _ path: String, token: String? = nil, headers: [String: String] = [:], body: String? = nil
  ) throws -> TestAnswer {
    var headers = headers
    if let token { headers["Authorization"] = "Bearer \(token)" }
    return try connection().exchange(method, path, headers: headers, body: body)
  }

  func admin(_ method: String, _ path: String, body: String? = nil) throws -> TestAnswer {
    try adminConnection().exchange(method, path, body: body)
  }

  /// Registers a client; its id, its token and its secret.
  func register(_ body: String = "{}") throws -> (id: String, token: String, secret: String) {
    let answer = try request("POST", "/oauth2/register", body: body)
    try #require(answer.status == 201, "\(answer.text)")
    return (
      try #require(answer["client_id"]), try #require(answer["registration_access_token"]), answer["client_secret"] ?? ""
    )
  }

  func read(_ id: String, _ token: String) throws -> TestAnswer { try request("GET", "/oauth2/register/\(id)", token: token) }
}
