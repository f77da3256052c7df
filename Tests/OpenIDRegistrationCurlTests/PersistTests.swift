import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

import struct OpenIDCryptography.Secret

/// A task that is cancelled loses nothing that had come, at whatever moment it is cancelled.
@Suite(.timeLimit(.minutes(15))) struct PersistTests {
  private static let body =
    #"{"client_id":"c1","client_secret":"sec","registration_access_token":"tok","registration_client_uri":"https://auth.example.com/c1""#
  private static let whole = body + "}"

  enum Moment: CaseIterable {
    /// Another call has the only connection.
    case waiting
    /// The request is there, and the grace is over before the answer.
    case requestSent
    /// The token has come, and what follows it does not.
    case halfAnswered
    /// The request is there, and the answer comes within the grace.
    case withinGrace
    /// The answer is there and is being kept.
    case persisting
    /// It is kept.
    case kept
  }

  @Test(arguments: Moment.allCases, [OpenIDOperation.createOidcDynamicClient, .setOidcDynamicClient])
  func `what came is kept, and the error says what may have happened`(
    _ moment: Moment, _ operation: OpenIDOperation
  ) async throws {
    let (reached, reach) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let mayAnswer = DispatchSemaphore(value: 0)
    let kept = Mutex<[ClientInformation]>([])
    let client = OpenIDRegistrationClient(
      transport: CurlTransport(.init(timeout: .seconds(3600), maximumResponseBytes: 1 << 30, maximumConnections: 1)),
      cancellationGrace: [.waiting, .requestSent, .halfAnswered].contains(moment) ? .zero : .seconds(3600))
    try await withServer { connection in
      guard let request = connection.request() else { return }
      if request.hasPrefix("GET") {
        reach.yield()
        _ = connection.waitForClose()
        return
      }
      switch moment {
      case .waiting: break
      case .requestSent:
        reach.yield()
        _ = connection.waitForClose()
      case .halfAnswered:
        connection.send("HTTP/1.1 201 Created\r\nContent-Length: 900000000\r\n\r\n\(Self.body),\"x\":")
        // More than the system holds between the two: what was sent first has been read.
        let part = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<16 { connection.send(part) }
        reach.yield()
        _ = connection.waitForClose()
      case .withinGrace:
        reach.yield()
        mayAnswer.wait()
        connection.answer("201 Created", Self.whole)
      case .persisting, .kept: connection.answer("201 Created", Self.whole)
      }
    } _: { server in
      let persist: OpenIDRegistrationClient.Persist = { information in
        if moment == .persisting {
          reach.yield()
          for await _ in released { break }
        }
        #expect(!Task.isCancelled)
        kept.withLock { $0.append(information) }
      }
      let blocker =
        moment == .waiting
        ? Task { try await client.transport.send(HTTPRequest(.get, server.url)) } : nil
      if moment == .waiting { for await _ in reached { break } }
      let task = Task { () async -> Result<ClientInformation, RegistrationError> in
        do throws(RegistrationError) {
          if operation == .createOidcDynamicClient {
            return .success(try await client.createOidcDynamicClient([:], at: server.url, persist: persist))
          }
          return .success(
            try await client.setOidcDynamicClient(
              [:], at: server.url, authentication: .registrationAccessToken(Secret("old")), persist: persist))
        } catch { return .failure(error) }
      }
      switch moment {
      case .waiting: break
      case .kept: while kept.withLock({ $0.isEmpty }) { await Task.yield() }
      default: for await _ in reached { break }
      }
      task.cancel()
      release.yield()
      mayAnswer.signal()
      let result = await task.value
      blocker?.cancel()

      let tokens = kept.withLock { $0.map(\.registrationAccessToken?.exposed) }
      let effect = if case .failure(let error) = result { Effect?.some(error.effect) } else { Effect?.none }
      switch moment {
      case .waiting: #expect(effect == Effect.none && tokens.isEmpty)
      case .requestSent: #expect(effect == .unknown && tokens.isEmpty)
      case .halfAnswered:
        #expect(effect == .unknown && tokens == ["tok"])
        if case .failure(let error) = result { #expect(error.received == kept.withLock { $0.first }) }
      case .withinGrace, .persisting, .kept: #expect(effect == nil && tokens == ["tok"], "\(result)")
      }
      #expect(server.requests.count { !$0.hasPrefix("GET") } == (moment == .waiting ? 0 : 1))
    }
  }
}
