import Foundation
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

import struct OpenIDCryptography.Secret

/// What a user of the library meets where a provider, or what stands in front of it, misbehaves.
///
/// Status and JSON decide what an answer brought: a client that was made stays made whatever the answer calls itself, and its
/// credentials are kept. Whether the answer is taken is another matter: one that calls itself a page, that holds what no other
/// program could hold (a NUL, a number of 400 digits), or that says a name twice, so that nobody can tell which of two tokens is
/// the living one, is an error.
@Suite(.timeLimit(.minutes(15))) struct FaultTests {
  private static let metadata: ClientMetadata = ["client_name": "Billing", "client_secret": "canary-declared"]
  private static let canaries = [
    "canary-declared", "canary-token", "canary-gateway", "canary-made", "canary-rat", "canary-second", "canary\u{7}",
  ]

  @Test(
    arguments: Fault.all,
    [OpenIDOperation.createOidcDynamicClient, .getOidcDynamicClient, .setOidcDynamicClient])
  func `every fault is an error that says what happened, and what came is kept`(
    _ fault: Fault, _ operation: OpenIDOperation
  ) async throws {
    try await withServer(fault.script) { server in
      let endpoint = server.url + "/register"
      let kept = Mutex<[ClientInformation]>([])
      let keep: OpenIDRegistrationClient.Persist = { information in kept.withLock { $0.append(information) } }
      let client = OpenIDRegistrationClient(transport: CurlTransport(fault.configuration), headers: ["X-Key": "canary-gateway"])
      let error = await failure { () async throws(RegistrationError) in
        switch operation {
        case .createOidcDynamicClient:
          _ = try await client.createOidcDynamicClient(
            Self.metadata, at: endpoint, initialAccessToken: Secret("canary-token"), persist: keep)
        case .setOidcDynamicClient:
          _ = try await client.setOidcDynamicClient(
            Self.metadata, at: endpoint, authentication: .registrationAccessToken(Secret("canary-token")), persist: keep)
        default:
          _ = try await client.getOidcDynamicClient(
            at: endpoint, authentication: .registrationAccessToken(Secret("canary-token")), persist: keep)
        }
      }
      #expect(outcome(error) == fault.outcome, "\(String(describing: error))")
      if let error {
        #expect(error.operation == operation && error.endpoint == endpoint)
        #expect(error.effect == (operation == .getOidcDynamicClient ? Effect.none : fault.effect), "\(error)")
        #expect(error.description.hasPrefix("\(operation.rawValue) at \(endpoint): "))
        #expect(error.description.contains(fault.words), "\(error)")
        #expect(Self.canaries.allSatisfy { !error.description.contains($0) }, "\(error)")
      }
      let all = kept.withLock { $0 }
      switch fault.kept {
      case .nothing: #expect(all.isEmpty)
      case .client: #expect(all.map(\.clientID) == ["c1"] && all.first?.registrationAccessToken == nil)
      case .otherClient: #expect(all.map(\.registrationAccessToken?.exposed) == ["canary-rat"])
      case .token(let token): #expect(all.map(\.registrationAccessToken?.exposed) == [token] && all.first?.clientID == "c1")
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: Fault.brokenOff.prefix(4) + Fault.noHTTP.prefix(1) + Fault.slow.prefix(1))
  func `a delete whose answer did not come may have happened`(_ fault: Fault) async throws {
    try await withServer(fault.script) { server in
      let client = OpenIDRegistrationClient(transport: CurlTransport(fault.configuration))
      let error = await failure { () async throws(RegistrationError) in
        try await client.deleteOidcDynamicClient(
          at: server.url + "/c1", authentication: .registrationAccessToken(Secret("canary-token")))
      }
      #expect(outcome(error) == fault.outcome && error?.effect == .unknown, "\(String(describing: error))")
      #expect(server.requests.count == 1)
    }
  }

  struct Distrust: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var days = 2
    var options: [String] = []
    var trusts = true
    var host = "localhost"
    let words: String
  }

  @Test(.enabled(if: TestCertificates.isInstalled, "the openssl program is not installed"))
  func `a server that cannot be trusted is told nothing`() async throws {
    for distrust in [
      Distrust(testDescription: "another name", host: "auth.example.com", words: "auth.example.com"),
      Distrust(testDescription: "expired", days: -1, words: "certificate has expired"),
      Distrust(testDescription: "self-signed", trusts: false, words: "self-signed certificate"),
      Distrust(
        testDescription: "TLS 1.1", options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
        words: "no connection that can be trusted"),
    ] {
      let server = try OpenSSLServer(days: distrust.days, options: distrust.options)
      let configuration = CurlTransport.Configuration(
        proxy: "", caFile: distrust.trusts ? server.certificate : nil,
        connectTo: ["auth.example.com:\(server.port):127.0.0.1:\(server.port)"])
      let client = OpenIDRegistrationClient(transport: CurlTransport(configuration))
      let endpoint = "https://\(distrust.host):\(server.port)/register"
      let error = await failure { () async throws(RegistrationError) in
        _ = try await client.createOidcDynamicClient(Self.metadata, at: endpoint, initialAccessToken: Secret("canary-token"))
      }
      #expect(outcome(error) == .transport(.tls) && error?.effect == Effect.none, "\(distrust): \(String(describing: error))")
      #expect(
        error?.description.hasPrefix("createOidcDynamicClient at \(endpoint): no connection that can be trusted: ") ?? false)
      #expect(error?.description.contains(distrust.words) ?? false, "\(distrust): \(String(describing: error))")
      #expect(Self.canaries.allSatisfy { !(error?.description.contains($0) ?? true) })
    }
  }

  private func failure(_ work: () async throws(RegistrationError) -> Void) async -> RegistrationError? {
    do throws(RegistrationError) {
      try await work()
      return nil
    } catch { return error }
  }

  private func outcome(_ error: RegistrationError?) -> Fault.Outcome? {
    switch error?.code {
    case nil: .fine
    case .transport(let code)?: .transport(code)
    case .notJSON(let mistake)?: .notJSON(mistake.reason)
    case .invalidAnswer?: .invalidAnswer
    case .unexpectedStatus?: .unexpectedStatus
    default: nil
    }
  }
}
