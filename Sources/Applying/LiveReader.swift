package import OpenIDCryptography
import OpenIDJSON
package import OpenIDRegistration
package import Planning
package import State

/// Reads registrations as they are now, many at once.
package struct LiveReader: Sendable {
  /// Keeps a token that a read handed out and that is not the one held (RFC 7592, section 3, lets a read rotate it).
  package typealias TokenKeeper = @Sendable (_ client: String, _ token: Secret) async throws(StateError) -> Void

  let session: RegistrySession
  let tokenKeeper: TokenKeeper

  package init(
    session: RegistrySession,
    tokenKeeper: @escaping @Sendable (_ client: String, _ token: Secret) async throws(StateError) -> Void
  ) {
    self.session = session
    self.tokenKeeper = tokenKeeper
  }

  /// Why no view of the registry can be had at all.
  package enum Failure: Error, Sendable {
    case registration(RegistrationError)
    case state(StateError)
    case interrupted
  }

  /// Reads the clients of that state, or those of them that are named.
  ///
  /// - Throws: where the provider cannot be reached or answers what no provider answers to a read; a client's own failure is a reading.
  package func read(
    _ opened: OpenedState, only names: Set<String>? = nil, mode: RefreshMode,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(Failure) -> LiveView {
    let clients = (opened.state?.clients ?? [:]).filter { names?.contains($0.key) ?? true }
    let clock = ContinuousClock()
    let start = clock.now
    var view = LiveView(mode: mode)
    var failure: Failure?
    let stop = session.stop
    // One read that shows that there is no view to be had ends the others, and nothing besides.
    let enough = StopSignal()
    await forEach(clients.sorted { $0.key < $1.key }, atMost: session.width, on: session.executor) { name, entry in
      stop.isRequested || enough.isRequested
        ? (name, .failure(.interrupted)) : (name, await reading(of: name, entry, in: opened))
    } then: { (name: String, result: Result<LiveReading, Failure>) in
      switch result {
      case .success(let reading): view.readings[name] = reading
      case .failure(let error):
        failure = failure ?? error
        enough.request()
      }
      progress(view.readings.count, clients.count)
    }
    if let failure { throw failure }
    view.seconds = start.duration(to: clock.now) / .seconds(1)
    return view
  }

  private func reading(of name: String, _ entry: ClientState, in opened: OpenedState) async -> Result<LiveReading, Failure> {
    let held: Secret?
    do throws(StateError) { held = try opened.token(of: name) } catch { return .failure(.state(error)) }
    // A create in doubt is settled whatever a read of what it left behind says, and its token may be all that can settle it.
    guard let uri = entry.registrationClientURI, let held, entry.pending?.action != .create else { return .success(.notRead) }
    return await answer(to: name, entry, uri: uri, token: held)
  }

  private func answer(
    to name: String, _ entry: ClientState, uri: String, token: Secret
  ) async -> Result<LiveReading, Failure> {
    let result = await session.read(uri, token, of: entry.clientID)
    if let new = result.token(besides: token) {
      do throws(StateError) { try await tokenKeeper(name, new) } catch { return .failure(.state(error)) }
    }
    switch result {
    case .success(let answer):
      return .success(.found(session.profile.canonical(answer.metadata.members)))
    case .failure(let error):
      switch error.code {
      case .unauthorized: return .success(await meaning(of401: entry))
      case .refused, .forbidden, .notFound, .mismatch: return .success(.failed(error.explanation))
      default: return .failure(.registration(error))
      }
    }
  }

  /// What a 401 means, where the admin API can say.
  private func meaning(of401 entry: ClientState) async -> LiveReading {
    guard let admin = session.admin, let id = entry.clientID else { return .unauthorized }
    do throws(RegistrationError) {
      return try await admin.get(id) == nil ? .gone : .tokenRejected
    } catch {
      return .unauthorized
    }
  }
}
