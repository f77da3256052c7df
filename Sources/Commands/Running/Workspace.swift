import Applying
import CommandLineParsing
import Diagnostics
import Manifests
import OpenIDRegistration
import Planning
import State

/// What plan, apply and drift begin with: the manifests, and each selected registry with its state.
struct Workspace {
  let options: RunOptions
  let context: Context
  let manifests: ManifestSet
  let registries: [DeclaredRegistry]

  /// Loads and checks the manifests.
  ///
  /// - Throws: exit 1 or 65 with the manifests, whose diagnostics say why; exit 64 where a registry is named that there is none of.
  init(_ options: RunOptions, _ context: Context) throws(CommandFailure) {
    self.options = options
    try StatePlace.check(options.stateFolder)
    manifests = Workspace.manifests(options, context)
    var context = context
    context.credentialVariables = Set(manifests.registries.flatMap(\.credentialVariables))
    self.context = context
    if let failure = manifests.failure { throw CommandFailure(manifests, failure) }
    if options.format == .text {
      for note in DiagnosticOutput.notes(manifests) { context.printError("note: \(note)\n") }
    }
    let known = Set(manifests.registries.map(\.name))
    for name in options.registries where !known.contains(name) {
      let hint = nearestName(to: name, among: known.sorted()).map { " Did you mean \($0)?" } ?? ""
      throw CommandFailure(.usage, "there is no registry \"\(name)\" in the manifests.\(hint)")
    }
    registries = manifests.registries.filter { options.registries.isEmpty || options.registries.contains($0.name) }
    let refused = manifests.unsupported.filter { unsupported in
      unsupported.client.map { options.selects($0, unsupported.labels) } ?? true
    }
    if !refused.isEmpty { throw CommandFailure(manifests, refusing: refused) }
  }

  static func manifests(_ options: RunOptions, _ context: Context) -> ManifestSet {
    manifests(ManifestLoader.load(options.paths, standardInput: context.standardInput), options, context)
  }

  static func manifests(_ loaded: LoadedManifests, _ options: RunOptions, _ context: Context) -> ManifestSet {
    var loaded = loaded
    for index in loaded.sources.indices { loaded.sources[index].originFolder = options.originFolder }
    let selection = options.registries.isEmpty ? nil : Set(options.registries)
    return ManifestDecoder.decode(
      loaded, environment: context.environment, selection: selection, configuration: options.configuration)
  }

  func clients(of registry: DeclaredRegistry) -> [DeclaredClient] {
    manifests.clients.filter { $0.registry == registry.name }
  }

  /// Opens every selected registry and plans for it.
  func plan(forWriting writes: Bool) async throws(CommandFailure) -> (plan: Plan, runs: [String: RegistryRun]) {
    var runs: [String: RegistryRun] = [:]
    // A plan made beside another run would be stale before it is applied.
    if writes {
      for registry in registries {
        let keeper = FolderKeeper(folder: options.stateFolder, registry: registry.name, files: context.files)
        do throws(StateError) { try await waitForLock(keeper, of: registry.name) } catch { throw CommandFailure(error) }
      }
    }
    for registry in registries {
      runs[registry.name] = try await RegistryRun(
        registry, clients: clients(of: registry), options: options, context: context)
    }
    try checkTargets(runs)
    var plans: [RegistryPlan] = []
    for registry in registries {
      if let run = runs[registry.name] { plans.append(try await plan(run, forWriting: writes)) }
    }
    return (Plan(registries: plans, diagnostics: manifests.diagnostics), runs)
  }

  /// Waits until no other run holds a registry's lock, as long as the options say.
  private func waitForLock(_ keeper: FolderKeeper, of registry: String) async throws(StateError) {
    if options.lockTimeout > .zero, case .owner(let owner) = try keeper.lockHolder() {
      context.printError("note: \(options.stateFolder)/\(registry).lock is held by \(owner.words); waiting for it.\n")
    }
    try await keeper.awaitFreeLock(timeout: options.lockTimeout)
  }

  /// A client that is named has to be in a manifest or in a state: a slip of the pen would otherwise plan nothing and look done.
  private func checkTargets(_ runs: [String: RegistryRun]) throws(CommandFailure) {
    let declared = runs.values.flatMap { $0.clients.map(\.name) }
    let known = Set(declared + runs.values.flatMap { Array(($0.opened.state?.clients ?? [:]).keys) })
    for name in options.targets where !known.contains(name) {
      let hint = nearestName(to: name, among: known.sorted()).map { " Did you mean \($0)?" } ?? ""
      throw CommandFailure(.usage, "there is no client \"\(name)\", neither in the manifests nor in the state.\(hint)")
    }
  }

  /// Plans for a registry from its state as it was opened, or as another run left it while its clients were being read.
  func plan(_ run: RegistryRun, forWriting writes: Bool) async throws(CommandFailure) -> RegistryPlan {
    for attempt in 0...2 {
      if attempt > 0 {
        context.printError(
          "note: another run changed \(run.keeper.description) while the clients were being read, so they are read again.\n")
      }
      if let plan = try await planOnce(run, forWriting: writes) { return plan }
    }
    throw CommandFailure(.changedWhileReading(run.keeper.description))
  }

  /// - Returns: `nil` where the reads tell nothing because another run came in between; what that left is opened then.
  private func planOnce(_ run: RegistryRun, forWriting writes: Bool) async throws(CommandFailure) -> RegistryPlan? {
    var mode = options.refresh ?? .all
    let known = run.opened.state?.clients ?? [:]
    if mode != .none, !known.isEmpty, !run.opened.isVerified {
      let names = run.opened.holders.joined(separator: ", ")
      throw CommandFailure(
        .failed,
        "\(run.keeper.description) is sealed for \(names), and no identity at hand opens it, so nothing live can be read. Set SOPS_AGE_KEY_FILE, or plan against what was last known: --refresh none"
      )
    }
    if run.opened.state != nil, !run.opened.isVerified {
      context.printError(
        "note: \(run.keeper.description) is sealed for \(run.opened.holders.joined(separator: ", ")), and no identity at hand opens it: its MAC could not be checked, and nothing live was read.\n"
      )
    }
    var profile = run.offlineProfile
    var isGuessed = false
    var live = LiveView(mode: mode)
    var differences: [Binding.Difference] = []
    // Before anything is asked: a provider that a manifest newly names gets no header with a credential in it.
    if let binding = run.opened.state?.binding { differences = binding.differences(from: run.binding) }
    if !differences.isEmpty, !options.acceptsRegistryChange {
      mode = .none
      live = LiveView(mode: .none)
    } else if mode != .none, known.isEmpty, !run.registry.embedded {
      let endpoints = try await asking(run) { () throws(CommandFailure) in try await run.discover() }
      profile = endpoints.profile
      isGuessed = endpoints.profileIsGuessed
    } else if mode != .none, !known.isEmpty {
      let session = try await asking(run) { () throws(CommandFailure) in
        if let open = run.session { open } else { try await run.connect(forWriting: writes) }
      }
      profile = session.profile
      isGuessed = session.endpoints.profileIsGuessed
      let tokens = try await tokenKeeping(run, profile)
      differences = run.opened.state?.binding.differences(from: run.binding) ?? []
      if differences.isEmpty || options.acceptsRegistryChange {
        let view = try await read(run, session, tokens, mode: mode, profile)
        guard try await !opensOther(run, than: view, forWriting: writes) else { return nil }
        live = view
      } else {
        do throws(StateError) { _ = try await tokens.finish() } catch { throw CommandFailure(error) }
        mode = .none
        live = LiveView(mode: .none)
      }
    }
    let planner = Planner(
      registry: run.registry, clients: run.clients, state: run.opened.state, profile: profile, live: live,
      options: options.plannerOptions)
    var plan = planner.plan(url: run.url)
    plan.profileIsGuessed = isGuessed
    plan.bindingDifferences = differences
    plan.acceptsBinding = options.acceptsRegistryChange
    plan.otherRecipients = try run.otherRecipients()
    plan.isStateVerified = run.opened.state == nil || run.opened.isVerified
    return plan
  }

  /// What asks the provider, with the way to a plan without it where it cannot be had.
  private func asking<Answer>(
    _ run: RegistryRun, _ work: () async throws(CommandFailure) -> Answer
  ) async throws(CommandFailure) -> Answer {
    do { return try await work() } catch { throw error.code == .failed ? noPlan(error, run) : error }
  }

  private func noPlan(_ failure: CommandFailure, _ run: RegistryRun) -> CommandFailure {
    let against = run.opened.state == nil ? "without asking the provider" : "against the last known answers"
    return CommandFailure(.failed, "\(failure.message)\nNo plan was made. To plan \(against): --no-refresh")
  }

  /// What keeps tokens that reads bring. Where each of them is known to bring one, the lock is taken before the first, so that
  /// nothing is sent where another run has it. Where nobody knows, it is waited for as long as the options say, and not taken.
  private func tokenKeeping(_ run: RegistryRun, _ profile: Profile) async throws(CommandFailure) -> TokenKeeping {
    let tokens = TokenKeeping(
      run.keeper, registry: run.registry.name, identities: run.identities, context: context, allowsClear: run.allowsClear,
      opened: run.opened)
    do throws(StateError) {
      switch profile.readRotatesToken {
      case .never: return tokens
      case .unknown:
        guard options.lockTimeout > .zero, try run.keeper.lockHolder() != nil else { return tokens }
        try await waitForLock(run.keeper, of: run.registry.name)
      case .always: if try await tokens.begin(lockTimeout: options.lockTimeout) { return tokens }
      }
      do throws(StateError) { try await run.reopen() } catch {
        _ = try? await tokens.finish()
        throw error
      }
      await tokens.reads(with: run.opened)
      return tokens
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Whether another state lies there than the clients were read from; it is opened then. Looked for only where the provider would not
  /// show a client, for a big state takes its time: what it says to a token that another run replaced is no ground for a plan.
  private func opensOther(
    _ run: RegistryRun, than view: LiveView, forWriting writes: Bool
  ) async throws(CommandFailure) -> Bool {
    let denied = view.denied
    guard !denied.isEmpty else { return false }
    let before = run.opened
    // The answer to a call under way is going to tell what the state does not yet.
    let isUnderWay = denied.contains { before.state?.clients[$0]?.pending != nil }
    do throws(StateError) {
      if writes || isUnderWay || options.lockTimeout > .zero { try await waitForLock(run.keeper, of: run.registry.name) }
      try await run.reopen()
    } catch {
      throw CommandFailure(error)
    }
    // From no state at all, every client would be made a second time.
    if run.opened.state == nil { throw CommandFailure(.gone(run.keeper.description)) }
    return !run.opened.isSame(as: before)
  }

  private func read(
    _ run: RegistryRun, _ session: RegistrySession, _ tokens: TokenKeeping, mode: RefreshMode, _ profile: Profile
  ) async throws(CommandFailure) -> LiveView {
    let names =
      mode == .changed
      ? Planner(
        registry: run.registry, clients: run.clients, state: run.opened.state, profile: profile, live: LiveView(mode: mode),
        options: options.plannerOptions
      ).namesToRefresh() : nil
    let progress = Progress(context, isQuiet: options.quiet)
    let reader = LiveReader(session: session) { (client, token) async throws(StateError) in
      try await tokens.keep(token, of: client)
    }
    let result: Result<LiveView, LiveReader.Failure>
    do throws(LiveReader.Failure) {
      result = .success(try await reader.read(run.opened, only: names, mode: mode) { progress.show("reading", $0, $1) })
    } catch {
      result = .failure(error)
    }
    progress.end()
    do throws(StateError) {
      if try await tokens.finish() { try await run.reopen() }
    } catch {
      throw CommandFailure(error)
    }
    switch result {
    case .success(let view): return view
    case .failure(let error):
      switch error {
      case .registration(let failure):
        throw noPlan(CommandFailure(.failed, "\(run.registry.name)  \(run.url)  \(failure.explanation)"), run)
      case .state(let failure): throw CommandFailure(failure)
      case .interrupted: throw CommandFailure(.failed, "interrupted: no plan was made.")
      }
    }
  }
}

extension DeclaredRegistry {
  /// The environment variables that it takes credentials from.
  var credentialVariables: [String] {
    let headers = headers.compactMap { if case .credential(let source) = $0.value { source } else { nil } }
    return ([initialAccessToken, admin?.token, admin?.readToken].compactMap(\.self) + headers).compactMap { source in
      if case .environment(let name, _) = source { name } else { nil }
    }
  }
}
