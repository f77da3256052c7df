import FoundationEssentials
import OpenIDJSON

/// OpenID Connect Dynamic Client Registration over any transport (RFC 7591, RFC 7592, OpenID Connect Registration 1.0).
///
///     let client = OpenIDRegistrationClient(transport: CurlTransport())
///     let provider = try await client.discoverOidcConfiguration(issuer: "https://auth.example.com/")
///     let created = try await client.createOidcDynamicClient(
///       ["client_name": "Billing", "redirect_uris": ["https://billing.example.com/callback"]],
///       at: provider.registrationEndpoint!)
///
/// Nothing is repeated by itself: every error says its ``Effect``, and whoever calls decides (``RetryPolicy`` is one way).
public struct OpenIDRegistrationClient: Sendable {
  /// Keeps what an answer brought, durably, before the call returns.
  ///
  /// It runs to its end also where the task was cancelled meanwhile.
  public typealias Persist = @Sendable (ClientInformation) async throws -> Void

  /// What sends the requests.
  public let transport: any HTTPTransport
  /// Header fields that each request carries, for a gateway in front of the provider. What an operation needs itself wins.
  public let headers: HTTPFields
  /// How long a call that changes something may still wait for its answer after its task was cancelled: the answer of a create
  /// or a set holds credentials that are shown once.
  public let cancellationGrace: Duration
  /// The time in seconds since 1970: when a proof is made, and whether a signed answer is too old.
  public let currentTime: @Sendable () -> Int

  /// - Parameters:
  ///   - transport: what sends the requests.
  ///   - headers: fields that each request carries.
  ///   - cancellationGrace: how long a call that changes something may go on after its task was cancelled.
  ///   - currentTime: the time in seconds since 1970; the machine's clock where left out.
  public init(
    transport: any HTTPTransport, headers: HTTPFields = [:], cancellationGrace: Duration = .seconds(5),
    currentTime: (@Sendable () -> Int)? = nil
  ) {
    self.transport = transport
    self.headers = headers
    self.cancellationGrace = cancellationGrace
    self.currentTime = currentTime ?? { Int(Date().timeIntervalSince1970) }
  }
}

extension OpenIDRegistrationClient {
  /// Sends the call and returns its answer, a success.
  func answer(to call: Call) async throws(RegistrationError) -> HTTPResponse {
    let response = try await anyAnswer(to: call)
    guard (200..<300).contains(response.status) else { throw RegistrationError(call, response) }
    return response
  }

  /// Sends the call and returns its answer, whatever its status.
  func anyAnswer(to call: Call) async throws(RegistrationError) -> HTTPResponse {
    do { _ = try HTTPURL(call.endpoint) } catch {
      throw RegistrationError(call, HTTPTransportError(.invalidURL, effect: .none, "the URL \(error.words)"))
    }
    do { return try await transport.send(call.request) } catch { throw RegistrationError(call, error) }
  }

  /// Sends the call, hands what its answer brings to `persist`, and returns it.
  ///
  /// Whatever arrived is handed over, also of an answer that is odd or broke off; only then does the call fail.
  func information(
    of call: Call, knownURI: String? = nil, persist: Persist?
  ) async throws(RegistrationError) -> ClientInformation {
    let response: HTTPResponse
    var failure: RegistrationError?
    do {
      response = try await answer(to: call)
    } catch {
      guard case .transport = error.code, let partial = error.answer, (200..<300).contains(partial.status) else { throw error }
      response = partial
      failure = error
    }
    let reading = ClientInformationReading(response, knownURI: knownURI)
    let received = reading.identifiesClient ? reading.information : nil
    // A cache or a gateway mixed two clients up. What it brought is not this one's, and must not take the place of what is.
    if let expected = call.clientID, let received, !expected.isEmpty, !received.clientID.isEmpty,
      !received.clientID.isIdentical(to: expected)
    {
      throw RegistrationError(
        call, .mismatch("client_id"), effect: call.operation.isRead ? .none : .unknown, answer: response,
        words: "it is about another client, \(received.clientID)", received: received)
    }
    if let persist, let received {
      // In a task of its own it does not see a cancellation, neither of the caller nor at the end of the grace.
      do { try await Task { try await persist(received) }.value } catch {
        // A read that hands out a token may have ended the one before it.
        let isDone = !call.operation.isRead || received.registrationAccessToken != nil
        throw RegistrationError(
          call, .persist, effect: isDone ? .done : .none, answer: response, words: String(describing: error),
          received: received, underlying: error)
      }
    }
    if let failure { throw failure.adding(received) }
    if let problem = reading.problem { throw RegistrationError(call, problem, answer: response, received: received) }
    return reading.information
  }

  /// Runs the work to its end, or until the grace is over, where the task around it is cancelled.
  func shielded<Value: Sendable>(
    _ call: Call, _ work: @escaping @Sendable () async throws(RegistrationError) -> Value
  ) async throws(RegistrationError) -> Value {
    if Task.isCancelled { throw RegistrationError(call, HTTPTransportError(.cancelled, effect: .none, "cancelled")) }
    let task = Task { () async -> Result<Value, RegistrationError> in
      do throws(RegistrationError) { return .success(try await work()) } catch { return .failure(error) }
    }
    let grace = cancellationGrace
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      Task {
        try? await Task.sleep(for: grace)
        task.cancel()
      }
    }
    return try result.get()
  }
}
