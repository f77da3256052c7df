import OpenIDRegistration
import Testing

/// What the library makes of the answers of three real providers.
@Suite struct ConversationTests {
  @Test func `every recorded conversation could be read`() {
    #expect(Conversation.all.count == Conversation.File.all.count)
    #expect(Conversation.all.count { $0.provider == "hydra" } >= 96)
    #expect(Conversation.all.count { $0.provider == "keycloak" } == 30)
    #expect(Conversation.all.count { $0.provider == "oidc-provider" } == 30)
  }

  @Test(arguments: Conversation.all)
  func `each answer comes back as what it says`(_ conversation: Conversation) async throws {
    for step in conversation.steps {
      guard let operation = Operation(step) else { continue }
      let transport = StubTransport(step.response)
      let kept = Kept()
      let outcome = await operation.run(step, transport, kept)

      let request = try #require(transport.requests.first)
      #expect(transport.requests.count == 1)
      #expect(request.method.rawValue == step.method)
      #expect(request.url == step.url)

      switch outcome {
      case .success(let information) where (200..<300).contains(step.response.status):
        guard let information else { continue }
        let said = try #require(step.body?.object)
        #expect(information.clientID == said["client_id"]?.string)
        #expect(information.clientSecret?.exposed == said["client_secret"]?.string)
        #expect(information.registrationAccessToken?.exposed == said["registration_access_token"]?.string)
        #expect(
          information.registrationClientURI == said["registration_client_uri"]?.string
            ?? (operation == .create ? nil : step.url))
        #expect(information.clientSecretExpiresAt == said["client_secret_expires_at"]?.integer)
        #expect(information.metadata["client_secret"] == nil && information.metadata["registration_access_token"] == nil)
        if operation != .get { #expect(kept.all == [information]) }
      case .success: Issue.record("\(step.id): \(step.response.status) was taken for a success")
      case .failure(let error):
        #expect(error.status == step.response.status)
        #expect(error.code == expectedCode(step), "\(step.id)")
        #expect(error.effect == (step.response.status == 500 && step.method != "GET" ? .unknown : .none), "\(step.id)")
        if let text = step.body?["error"]?.string { #expect(error.error == text) }
        if let text = step.body?["error_description"]?.string, !text.isEmpty {
          #expect(error.errorDescription == text.singleSpaced)
        }
        if let text = step.body?["error"]?["reason"]?.string { #expect(error.errorDescription == text) }
        #expect(kept.all.isEmpty)
      }
    }
  }

  @Test func `there are many reads to compare`() {
    #expect(ReadAfterWrite.all.count { $0.profile == .hydra } > 30)
    #expect(ReadAfterWrite.all.count { $0.profile == .rfc7591 } > 25)
    // The two differ on the wire more often than not, so that the comparison shows something.
    #expect(ReadAfterWrite.all.count { $0.written.sorted() != $0.read.sorted() } > 50)
  }

  @Test(arguments: ReadAfterWrite.all)
  func `what a create or a set answers and what the next read says are equal in canonical form`(_ pair: ReadAfterWrite) {
    let canonical = pair.profile.canonical(pair.read)
    #expect(pair.profile.canonical(pair.written) == canonical)
    #expect(pair.profile.canonical(canonical) == canonical)
    let hidden: Set = [
      "client_id", "client_secret", "registration_access_token", "registration_client_uri", "client_id_issued_at",
    ]
    #expect(hidden.isDisjoint(with: canonical.names))
    #expect(canonical["redirect_uris"] != nil || pair.read["redirect_uris"]?.array?.isEmpty ?? true)
  }

  private func expectedCode(_ step: Conversation.Step) -> RegistrationError.Code {
    switch step.response.status {
    case 400: .refused
    case 401: .unauthorized
    case 403: .forbidden
    // Hydra writes a sentence there; Keycloak, of a client that is gone, a code.
    case 404: step.body?["error"]?.string?.contains(" ") ?? false ? .registrationDisabled : .notFound
    case 500: .serverError
    default: .unexpectedStatus
    }
  }
}

/// The answer of a create or a set, and the read that followed it.
struct ReadAfterWrite: Sendable, CustomStringConvertible {
  let description: String
  let profile: Profile
  let written: JSONObject
  let read: JSONObject

  static let all: [ReadAfterWrite] = Conversation.all.flatMap { conversation in
    var pairs: [ReadAfterWrite] = []
    var written: [String: JSONObject] = [:]
    for step in conversation.steps {
      guard (200..<300).contains(step.response.status), let said = step.body?.object, let id = said["client_id"]?.string else {
        // A failed call may have changed something (storage-fails says so), and so may a call of an administrator's.
        if step.method != "GET" { written = [:] }
        continue
      }
      if step.method == "GET" {
        guard let before = written[id] else { continue }
        pairs.append(
          ReadAfterWrite(
            description: "\(conversation), \(step.id)", profile: conversation.provider == "hydra" ? .hydra : .rfc7591,
            written: before, read: said))
      } else {
        written[id] = said
      }
    }
    return pairs
  }
}

/// The operation that a recorded request stands for.
private enum Operation {
  case create, get, set, delete

  init?(_ step: Conversation.Step) {
    let endpoints = ["/oauth2/register", "/clients-registrations/openid-connect", "/reg"]
    guard step.to == "public", !step.path.hasPrefix("/admin/"), endpoints.contains(where: { step.url.contains($0) }) else {
      return nil
    }
    switch step.method {
    case "POST": self = .create
    case "GET": self = .get
    case "PUT": self = .set
    case "DELETE": self = .delete
    default: return nil
    }
  }

  func run(_ step: Conversation.Step, _ transport: StubTransport, _ kept: Kept) async -> Result<
    ClientInformation?, RegistrationError
  > {
    let client = OpenIDRegistrationClient(transport: transport)
    let token = step.requestHeaders["authorization"].map { String($0.drop { $0 != " " }.dropFirst()) }
    let authentication = ClientAuthentication.registrationAccessToken(Secret(token ?? "made-up"))
    let body = ClientMetadata(step.requestBody ?? [:])
    do throws(RegistrationError) {
      switch self {
      case .create:
        return .success(
          try await client.createOidcDynamicClient(
            body, at: step.url, initialAccessToken: token.map(Secret.init), persist: kept.persist))
      case .get: return .success(try await client.getOidcDynamicClient(at: step.url, authentication: authentication))
      case .set:
        return .success(
          try await client.setOidcDynamicClient(body, at: step.url, authentication: authentication, persist: kept.persist))
      case .delete:
        try await client.deleteOidcDynamicClient(at: step.url, authentication: authentication)
        return .success(nil)
      }
    } catch { return .failure(error) }
  }
}

extension String {
  /// A message shows white space as one blank.
  fileprivate var singleSpaced: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
