import OpenIDCryptography
import Sealing
import State

/// Keeps tokens that reads hand out (RFC 7592, section 3): in a writing run of the state where one can be had, which begins with the
/// first of them, or before any read where the provider is known to do so; else put aside, for the tokens before them are dead.
actor TokenKeeping {
  private let keeper: FolderKeeper
  private let registry: String
  private let identities: AgeIdentities
  private let context: Context
  private let allowsClear: Bool
  /// What the clients are read with.
  private var opened: OpenedState
  private var beginning: Task<Result<Begun, StateError>, Never>?
  /// Whether the run found another state than the one that the clients were read with.
  private var foundOther = false

  private struct Begun: Sendable {
    let run: StateRun
    let isOther: Bool
  }

  /// Clients whose tokens the run took and could not note; what it puts in the state's place at its end holds them, if anything does.
  private var unnoted: Set<String> = []
  /// Tokens that no run takes.
  private var aside: [String: Secret] = [:]
  /// Why it does not.
  private var cause: StateError?
  /// Where they are; the last of them may be on their way there.
  private var file: (place: String, clients: Set<String>)?
  private var saving: Task<Void, Never>?

  init(
    _ keeper: FolderKeeper, registry: String, identities: AgeIdentities, context: Context, allowsClear: Bool,
    opened: OpenedState
  ) {
    self.keeper = keeper
    self.registry = registry
    self.identities = identities
    self.context = context
    self.allowsClear = allowsClear
    self.opened = opened
  }

  /// Begins the run before anything is read, where each read is going to bring a token.
  ///
  /// - Returns: whether the state is the one that was opened; if not, it has to be opened again.
  func begin(lockTimeout: Duration) async throws(StateError) -> Bool {
    _ = try await run(lockTimeout: lockTimeout)
    return !foundOther
  }

  /// The clients are read with another state from here on, opened under the lock.
  func reads(with opened: OpenedState) {
    self.opened = opened
    foundOther = false
  }

  func keep(_ token: Secret, of client: String) async throws(StateError) {
    let run: StateRun
    do throws(StateError) {
      // A token in memory waits for no lock: it would be gone with a process that is killed meanwhile.
      run = try await self.run(lockTimeout: .zero)
      guard try await fits(client, in: run) else { throw changed }
    } catch {
      await putAside(token, of: client, error)
      throw error
    }
    do throws(StateError) { try await run.recordToken(token, of: client, at: context.timestamp()) } catch {
      unnoted.insert(client)
      throw error
    }
  }

  /// Whether the run knows the client with the token that it was read with.
  private func fits(_ client: String, in run: StateRun) async throws(StateError) -> Bool {
    guard let known = await run.state.clients[client], let read = opened.state?.clients[client] else { return false }
    guard known.isSameRegistration(as: read) else { return false }
    return try await run.token(of: client) == opened.token(of: client)
  }

  /// The one run of all reads: whoever comes while it is being opened waits for it, and does not compete for its lock.
  private func run(lockTimeout: Duration) async throws(StateError) -> StateRun {
    if let beginning { return try await beginning.value.get().run }
    let opening = Task { [keeper, registry, identities, allowsClear, opened] in
      do throws(StateError) {
        let run = try await StateRun.begin(
          keeper, registry: registry, new: nil, identities: identities, owner: LockOwner.current(command: "plan"),
          lockTimeout: lockTimeout, allowsClear: allowsClear)
        // Asked before the first record: after it, no state is the one that was found.
        return Result<Begun, StateError>.success(Begun(run: run, isOther: await !run.found(opened)))
      } catch {
        return .failure(error)
      }
    }
    beginning = opening
    let begun = try await opening.value.get()
    foundOther = begun.isOther
    return begun.run
  }

  // MARK: Put aside

  private func putAside(_ token: Secret, of client: String, _ error: StateError) async {
    aside[client] = token
    cause = cause ?? error
    // One file holds all of them: each comes with those before it, whose file goes only then.
    let before = saving
    let next = Task {
      await before?.value
      await save()
    }
    saving = next
    await next.value
  }

  private func save() async {
    let tokens = aside
    guard file?.clients != Set(tokens.keys) else { return }
    let place = await RescuedTokens.save(
      tokens, readWith: opened, at: context.timestamp(), to: keeper, over: file?.place)
    if let place { file = (place, Set(tokens.keys)) }
  }

  private var changed: StateError { .changedWhileReading(keeper.description) }

  private var manner: String { opened.seal?.isClear == true ? "in clear as the state is" : "sealed as ever" }

  /// What to do about tokens that no run took.
  private func told(_ cause: StateError) -> StateError {
    var words = cause.description
    if let file {
      words +=
        "\nReads brought new registration access tokens of \(file.clients.sorted().joined(separator: ", ")), and the ones that the state has are dead. The new ones are in \(file.place), \(manner). Until they are in the state nobody can manage these clients; once the above is out of the way: state push \(file.place)"
    }
    return StateError(cause.code, words, rescuedTo: file?.place)
  }

  /// - Parameter end: why the run could not write the state.
  private func tellLost(_ cause: StateError, _ end: StateError?) -> StateError {
    var lost = Set(aside.keys).subtracting(file?.clients ?? [])
    if let end, end.rescuedTo == nil { lost.formUnion(unnoted) }
    guard !lost.isEmpty else { return cause }
    return StateError(
      cause.code,
      "\(cause.description)\nReads brought new registration access tokens of \(lost.sorted().joined(separator: ", ")), which could be written nowhere and are lost: only whoever runs the provider can give others.",
      rescuedTo: cause.rescuedTo)
  }

  /// Writes the state where a read handed out a token.
  ///
  /// - Returns: whether it was written, so that it has to be read again.
  /// - Throws: where what was read is no ground for a plan: tokens had to be put aside, or another run changed the state.
  func finish() async throws(StateError) -> Bool {
    await saving?.value
    var wrote = false
    var failure: StateError?
    if let beginning, case .success(let begun) = await beginning.value {
      do throws(StateError) { wrote = try await begun.run.finish().wrote } catch { failure = error }
    }
    beginning = nil
    if let cause {
      let both = failure.map { StateError($0.code, "\($0.description)\n\(cause.description)") } ?? cause
      throw tellLost(told(both), failure)
    }
    if let failure { throw tellLost(failure, failure) }
    if foundOther { throw changed }
    return wrote
  }
}
