import Synchronization

/// An OpenID provider inside the process, for tests and for trying things out: HTTP on loopback, data in SQLite, and the behaviour
/// of Ory Hydra, to the byte where it was recorded.
///
/// ```swift
/// let provider = try EmbeddedProvider.start()
/// defer { provider.stop() }
/// // POST \(provider.publicURL)/oauth2/register
/// ```
///
/// It has dynamic client registration (RFC 7591, RFC 7592) and discovery; authorization, tokens, userinfo, credentials and logout;
/// and on a second port the part of Hydra's admin API that is about clients. When ``start(_:)`` returns it serves.
///
/// Nobody is asked for a password. The authorization endpoint signs in the subject that `login_hint` names and grants what the client
/// asks for; `login_claims`, a JSON object, becomes claims of the ID token and of userinfo. Logout is accepted at once.
///
/// In one point it is stricter than Hydra: the writers of one client are serialised, so of several sets at once with one
/// registration access token a single one succeeds, and the others get 401.
public final class EmbeddedProvider: Sendable {
  /// The port of the public endpoints.
  public let publicPort: Int
  /// The port of the admin API; `nil` where there is none.
  public let adminPort: Int?
  /// The URL that the provider gives for itself, its issuer.
  public let publicURL: String
  /// Where the public endpoints can be reached, whatever ``publicURL`` says: `http://127.0.0.1:41234`.
  public let publicAddress: String
  /// Where the admin API can be reached; `nil` where there is none.
  public let adminAddress: String?
  /// Whether no other machine can reach it.
  public let isOnLoopback: Bool

  let provider: Provider
  private let servers: [HTTPServer]
  private let hasStopped = Mutex(false)

  /// Starts a provider and returns when it serves.
  ///
  /// - Throws: ``EmbeddedProviderError``: a port in use, data that cannot be opened, a setting that does not exist.
  public static func start(_ configuration: Configuration = Configuration()) throws(EmbeddedProviderError) -> EmbeddedProvider {
    try EmbeddedProvider(configuration)
  }

  private init(_ configuration: Configuration) throws(EmbeddedProviderError) {
    let settings = try Settings(configuration.settings)
    // A public URL that was given is looked at before anything is made.
    let given: PublicAddress? = try configuration.publicURL.map { url throws(EmbeddedProviderError) in try PublicAddress(url) }
    let store: Store
    do throws(StoreError) {
      store = try Store(configuration.data, for: configuration.profile)
    } catch {
      throw EmbeddedProviderError(error, data: configuration.data)
    }
    // The port is part of the answers, so the servers come first and ask for the provider when a request arrives.
    let place = ProviderPlace()
    let log = configuration.log
    let limits = configuration.limits.attainable(servers: configuration.adminPort == nil ? 1 : 2)
    let publicServer = try HTTPServer(host: configuration.host, port: configuration.publicPort, limits: limits, log: log) {
      place.provider?.answerPublic($0, $1)
    }
    var servers = [publicServer]
    do throws(EmbeddedProviderError) {
      if let port = configuration.adminPort {
        servers.append(
          try HTTPServer(host: configuration.host, port: port, limits: limits, log: log) {
            place.provider?.answerAdmin($0, $1)
          })
      }
      let addresses = servers.map {
        "http://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host):\($0.port)"
      }
      guard given != nil || publicServer.reach != .everyAddress else {
        throw EmbeddedProviderError(
          .invalidPublicURL,
          "\(configuration.host) is every address of this machine, and the URL of none: name the public URL as well.")
      }
      let address = if let given { given } else { try PublicAddress(addresses[0]) }
      guard let writer = Writer(store) else {
        throw EmbeddedProviderError(.noResources, "The provider cannot start: the system has no thread left.")
      }
      provider = Provider(configuration, address: address, store: store, writer: writer, settings: settings)
      place.fill(provider)
      self.servers = servers
      publicPort = publicServer.port
      adminPort = servers.dropFirst().first?.port
      publicURL = address.issuer
      publicAddress = addresses[0]
      isOnLoopback = publicServer.reach == .loopback
      adminAddress = addresses.dropFirst().first
    } catch {
      place.fill(nil)
      for server in servers {
        server.beginEnding()
        server.end(grace: Duration.zero)
      }
      throw error
    }
  }

  deinit { stop() }

  /// Replaces the plan of faults; the calls are counted anew.
  public func setFaults(_ faults: [Fault]) { provider.faults.replace(faults) }

  /// How many connections the public port has.
  var openConnections: Int { servers[0].watch.count }

  /// How many requests to it wait for their answers.
  var unansweredRequests: Int { servers[0].load.update { $0.unanswered } }

  /// How many bytes of the bodies of its requests are in memory.
  var heldBytes: Int { servers[0].heldBytes.load(ordering: .relaxed) }

  /// Stops serving. Requests that have arrived whole are done and answered first; delays and fetches that they wait for are cut
  /// short. A second call does nothing.
  public func stop() {
    let isFirst = hasStopped.withLock { hasStopped in
      defer { hasStopped = true }
      return !hasStopped
    }
    guard isFirst else { return }
    for server in servers { server.beginEnding() }
    provider.alarms.ringAll()
    provider.errands.endEarly()
    for server in servers { server.end(grace: .seconds(2)) }
    provider.writer.close()
    provider.alarms.close()
  }
}
