import Applying
import EmbeddedProvider
import FoundationEssentials
import Manifests
import OpenIDCryptography
import OpenIDRegistration
import OpenIDRegistrationCurl
import Planning
import Sealing
import State

/// One registry in one run: its manifest, its state, and the connection where one is needed.
final class RegistryRun {
  let registry: DeclaredRegistry
  let clients: [DeclaredClient]
  let keeper: FolderKeeper
  let stateFolder: String
  let credentials: Credentials
  let context: Context
  var identities: AgeIdentities
  /// The rule of a `.sops.yaml` for this state; it wins over the manifest.
  let rule: SOPSRule?
  private(set) var opened: OpenedState
  private(set) var session: RegistrySession?
  private var provider: EmbeddedProvider?

  /// Opens the state; nothing is asked of the network.
  init(
    _ registry: DeclaredRegistry, clients: [DeclaredClient], options: RunOptions, context: Context,
    allowsClearFile: Bool = false
  ) async throws(CommandFailure) {
    var registry = registry
    if let parallelism = options.parallelism { registry.http.maxConcurrency = parallelism }
    self.registry = registry
    self.clients = clients
    self.context = context
    stateFolder = options.stateFolder
    credentials = Credentials(context: context, allowsExec: options.allowsExec)
    keeper = FolderKeeper(
      folder: options.stateFolder, registry: registry.name, files: context.files,
      memory: SerialMemory(environment: context.environment))
    rule = registry.embedded ? nil : try SOPSRule.find(for: keeper.description)
    identities = try IdentitySearch.identities(context, allowsExec: options.allowsExec)
    do throws(AgeError) {
      if registry.embedded {
        identities.add(try AgeIdentities.read(EmbeddedData.keyFile(of: registry.name, in: stateFolder), isRequired: false))
      }
    } catch {
      throw CommandFailure(.failed, error.description)
    }
    do throws(StateError) {
      opened = try await OpenedState.read(
        from: keeper, registry: registry.name, identities: identities,
        allowsClear: allowsClearFile || registry.wantsClear && rule == nil)
    } catch {
      throw CommandFailure(error)
    }
    if allowsClear, opened.state == nil || opened.seal?.isClear == true { ClearState.warn(keeper.description, context) }
    ClockCheck.warn(opened, keeper.description, context)
  }

  /// Whether the state may stand in clear: the registry says so, and no rule of a `.sops.yaml` says otherwise.
  var allowsClear: Bool { registry.wantsClear && rule == nil }

  /// Reads the state again, after this run wrote it.
  func reopen() async throws(StateError) {
    opened = try await OpenedState.read(
      from: keeper, registry: registry.name, identities: identities, allowsClear: allowsClear)
  }

  /// Whether a run that was killed left something in the folder that an apply takes in or away.
  var hasLeftovers: Bool {
    if opened.foldedRecords > 0 || opened.hasStaleJournal { return true }
    if case .dead = try? keeper.lockHolder() { return true }
    return false
  }

  deinit { provider?.stop() }

  func close() {
    provider?.stop()
    provider = nil
  }

  /// What people know the registry by.
  var url: String {
    registry.embedded
      ? EmbeddedData.publicURL(of: registry.name)
      : registry.issuer ?? session?.endpoints.registrationEndpoint ?? registry.registrationEndpoint ?? ""
  }

  /// The profile to compare by while nothing was asked of the provider.
  var offlineProfile: Profile { registry.embedded ? .hydra : Profile.named(registry.profile) ?? .rfc7591 }

  /// Finds out where a registry without a state is and what it is like, before anything is trusted to it: no credential is read or
  /// sent, for whoever wrote the manifest may have aimed it at a server of their own.
  func discover() async throws(CommandFailure) -> RegistryEndpoints {
    try await endpoints(OpenIDRegistrationClient(transport: try transport(), headers: registry.openHeaders))
  }

  /// Connects: starts the embedded provider, or finds the endpoints by discovery.
  ///
  /// - Parameter writes: whether creates may follow, so that the initial access token is needed.
  func connect(forWriting writes: Bool) async throws(CommandFailure) -> RegistrySession {
    let curl = try transport()
    let told = context.transport(curl)
    let paced: any HTTPTransport = registry.http.requestsPerSecond.map { PacedTransport(told, requestsPerSecond: $0) } ?? told
    let client = OpenIDRegistrationClient(transport: paced, headers: try headers())
    let endpoints = try await endpoints(client)
    var token: Secret?
    if writes, let source = registry.initialAccessToken { token = try credentials.secret(source) }
    let session = RegistrySession(
      registry: registry, client: client, endpoints: endpoints, initialAccessToken: token,
      admin: try admin(client, forWriting: writes), retry: RetryPolicy(maximumRetries: registry.http.maxRetries),
      stop: context.stop, executor: curl.executor)
    self.session = session
    return session
  }

  private func transport() throws(CommandFailure) -> CurlTransport {
    var configuration = CurlTransport.Configuration(registry)
    configuration.certificateFile = registry.tls.certificateFile
    configuration.keyFile = registry.tls.keyFile
    if registry.embedded {
      let provider = try startProvider()
      let host = EmbeddedData.host(of: registry.name)
      configuration.connectTo = ["\(host):80:127.0.0.1:\(provider.publicPort)"]
    }
    return CurlTransport(configuration)
  }

  private func startProvider() throws(CommandFailure) -> EmbeddedProvider {
    if let provider { return provider }
    let folder = stateFolder + "/embedded"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let configuration = EmbeddedProvider.Configuration(
      data: .file(EmbeddedData.database(of: registry.name, in: stateFolder)),
      publicURL: EmbeddedData.publicURL(of: registry.name))
    do throws(EmbeddedProviderError) {
      let started = try EmbeddedProvider.start(configuration)
      provider = started
      return started
    } catch {
      throw CommandFailure(.failed, "\(registry.name): the embedded provider cannot start: \(error)")
    }
  }

  private func endpoints(_ client: OpenIDRegistrationClient) async throws(CommandFailure) -> RegistryEndpoints {
    if registry.embedded {
      let base = EmbeddedData.publicURL(of: registry.name)
      return RegistryEndpoints(
        registrationEndpoint: base + "/oauth2/register", issuer: base, profile: .hydra, profileIsGuessed: false)
    }
    do throws(EndpointError) {
      var endpoints = try await RegistryEndpoints.resolve(
        registry, with: client, retry: RetryPolicy(maximumRetries: registry.http.maxRetries), stop: context.stop)
      // What was seen once holds from then on.
      if endpoints.profile.readRotatesToken == .unknown, opened.state?.readsRotateTokens ?? false {
        endpoints.profile.readRotatesToken = .always
      }
      endpoints.profile = context.profile(endpoints.profile)
      return endpoints
    } catch {
      throw CommandFailure(.failed, "\(registry.name)  \(registry.issuer ?? "")  \(error.words)")
    }
  }

  private func admin(_ client: OpenIDRegistrationClient, forWriting writes: Bool) throws(CommandFailure) -> HydraAdmin? {
    if let provider, let port = provider.adminPort {
      return HydraAdmin(endpoint: "http://127.0.0.1:\(port)", token: nil, client: client)
    }
    guard let admin = registry.admin, admin.manage != .never else { return nil }
    var token: Secret?
    if let source = writes ? admin.token : admin.readToken ?? admin.token {
      if writes { token = try credentials.secret(source) } else { token = try? credentials.secret(source) }
    }
    return HydraAdmin(endpoint: admin.endpoint, token: token, client: client)
  }

  private func headers() throws(CommandFailure) -> HTTPFields {
    var fields = HTTPFields()
    for header in registry.headers {
      switch header.value {
      case .text(let text): fields.append(header.name, text)
      case .credential(let source): fields.append(header.name, try credentials.secret(source).exposed)
      }
    }
    return fields
  }

  /// Where credentials of this registry's state may go, as the manifest says now.
  var binding: Binding {
    let rewrite = registry.rewriteRegistrationURI.map { "\($0.from) -> \($0.to)" }
    let authority = registry.tls.caFile.flatMap { FileManager.default.contents(atPath: $0) }
    return Binding(
      issuer: registry.embedded ? EmbeddedData.publicURL(of: registry.name) : registry.issuer,
      registrationEndpoint: registry.embedded
        ? EmbeddedData.publicURL(of: registry.name) + "/oauth2/register"
        : session?.endpoints.registrationEndpoint ?? registry.registrationEndpoint
          ?? opened.state?.binding.registrationEndpoint,
      adminEndpoint: registry.admin?.endpoint, rewrite: rewrite,
      ca: authority.map { "sha256:" + Hex.encode(SHA2.sha256(Array($0))) })
  }

  /// For whom the state is to be sealed, as `.sops.yaml` or the manifest says, and which of them; `nil` where an embedded registry
  /// leaves it open.
  func wantedEncryption() throws(CommandFailure) -> WantedEncryption? {
    if let rule {
      var recipients: [AgeRecipient] = []
      for text in rule.recipients {
        // Of other kinds, an SSH key say, sops takes care.
        if let recipient = try? AgeRecipient(parsing: text) { recipients.append(recipient) }
      }
      return WantedEncryption(encryption: .age(recipients), recipients: rule.recipients, place: rule.place)
    }
    switch registry.encryption {
    case .age(let texts)?:
      var recipients: [AgeRecipient] = []
      for text in texts {
        do throws(AgeError) { recipients.append(try AgeRecipient(parsing: text)) } catch {
          throw CommandFailure(.invalidManifests, "\(registry.place): encryption.age: \(error)")
        }
      }
      return WantedEncryption(encryption: .age(recipients), recipients: texts, place: "\(registry.place): encryption.age")
    case .some(.none):
      return WantedEncryption(encryption: StateEncryption.none, recipients: [], place: "\(registry.place): encryption")
    case nil:
      guard !registry.embedded else { return nil }
      throw CommandFailure(
        .failed,
        "\(registry.place): the registry says nothing about whom its secrets are sealed for. Make a key with clientsync keys new and name its recipient: encryption: { age: [age1...] }"
      )
    }
  }

  /// Why nothing is written as long as the state is sealed for others than `.sops.yaml` or the manifest says; `nil` where it is not.
  func otherRecipients() throws(CommandFailure) -> String? {
    guard opened.state != nil, let wanted = try wantedEncryption(), wanted.isOther(than: opened) else { return nil }
    let names = wanted.recipients.isEmpty ? "none" : wanted.recipients.joined(separator: ", ")
    let holders = opened.holders.isEmpty ? "nobody" : opened.holders.joined(separator: ", ")
    if case .none = wanted.encryption {
      return
        "\(wanted.place) says encryption: none, and \(keeper.description) is sealed for \(holders). That never changes in passing: let state rekey change the file."
    }
    return
      "\(wanted.place) names \(names), and \(keeper.description) is sealed for \(holders). Recipients never change in passing: let state rekey or sops updatekeys change the file, and commit that."
  }

  /// How a new state is sealed.
  func encryption() throws(CommandFailure) -> StateEncryption {
    guard let wanted = try wantedEncryption() else { return .age([try embeddedIdentity().recipient]) }
    if case .age(let recipients) = wanted.encryption, recipients.isEmpty || recipients.count < wanted.recipients.count {
      let others = (rule?.others ?? []) + wanted.recipients.filter { (try? AgeRecipient(parsing: $0)) == nil }
      throw CommandFailure(
        .failed,
        "\(wanted.place): a new state is sealed for age recipients, and this rule names \(others.isEmpty ? "none" : others.joined(separator: ", ")). Name an age recipient in it; sops updatekeys adds the others afterwards."
      )
    }
    return wanted.encryption
  }

  /// An embedded registry seals for an identity that lies beside its data; the first run makes it.
  private func embeddedIdentity() throws(CommandFailure) -> AgeIdentity {
    let path = EmbeddedData.keyFile(of: registry.name, in: stateFolder)
    do throws(AgeError) {
      if let known = try AgeIdentities.read(path, isRequired: false).identities.first { return known }
      let made = try AgeKeyFile.create(at: path)
      identities.add(try AgeIdentities.read(path, isRequired: true))
      return made
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }
}

/// Where an embedded registry's things are.
enum EmbeddedData {
  static func host(of registry: String) -> String { "\(registry).embedded.localhost" }
  static func publicURL(of registry: String) -> String { "http://\(host(of: registry))" }
  static func database(of registry: String, in folder: String) -> String { "\(folder)/embedded/\(registry).db" }
  static func keyFile(of registry: String, in folder: String) -> String { "\(folder)/embedded/\(registry).agekey" }
}

extension CommandFailure {
  init(_ error: StateError) {
    switch error.code {
    case .locked: self.init(.locked, error.description)
    case .serialWentBack, .mismatch, .changedMeanwhile, .gone: self.init(.stale, error.description)
    default: self.init(.failed, error.description)
    }
  }
}

/// For whom a state is to be sealed, and who says so.
struct WantedEncryption {
  var encryption: StateEncryption
  /// As they are written.
  var recipients: [String]
  var place: String

  func isOther(than opened: OpenedState) -> Bool {
    if case .clear? = opened.seal { return encryption != StateEncryption.none }
    return encryption == StateEncryption.none || Set(recipients) != Set(opened.recipients)
  }
}

extension DeclaredRegistry {
  /// The header fields that hold no credential: what may be sent to whoever a manifest names.
  var openHeaders: HTTPFields {
    var fields = HTTPFields()
    for header in headers { if case .text(let text) = header.value { fields.append(header.name, text) } }
    return fields
  }

  /// Whether `encryption: none` was asked for by name.
  var wantsClear: Bool { if case .some(.none) = encryption { true } else { false } }
}
