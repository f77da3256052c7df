import Synchronization

/// Ends connections whose time is up, and makes room where there are too many.
///
/// libmicrohttpd's own time limit begins anew with each byte, so a client that sends one now and then would never meet it. Here a
/// thread looks at the deadlines and shuts down the sockets behind those that have passed; libmicrohttpd sees that and closes them.
///
/// Besides it finds the connections that clients have given up: where the last bytes and the end arrive together, libmicrohttpd
/// (0.9.75) reads the bytes and waits for ever for a word of the end, because epoll tells of it only once.
final class ConnectionWatch: Sendable {
  /// Connections beyond the limit that are still taken, to be told that there are too many.
  static let spare = 64
  /// One that has been idle for less may be about to send something.
  private static let shortestIdleness = 1_000_000_000
  /// So long a connection that is one too many has to say what it wants.
  private static let surplusTime = Duration.seconds(5)
  private static let never = Int.max

  private let limits: EmbeddedProvider.Limits
  private let began = ContinuousClock.now
  private let connections = Mutex<[ObjectIdentifier: Watched]>([:])
  private let isClosed = Monitor(false)
  private let thread = Mutex<WorkerThread?>(nil)

  private struct Watched {
    let connection: ServerConnection
    /// The deadline that it had when its client was first seen to be gone: libmicrohttpd may still be at work on what has come.
    var goneAt: Int?
  }

  init(_ limits: EmbeddedProvider.Limits) { self.limits = limits }

  /// - Returns: whether the system had a thread to give.
  func start() -> Bool {
    let thread = WorkerThread {
      while !self.isClosed.wait(atMost: self.endOverdue(), until: { $0 }) {}
    }
    self.thread.withLock { $0 = thread }
    return thread != nil
  }

  /// Ends the thread; to be called when no connection is left.
  func close() {
    isClosed.update { $0 = true }
    thread.withLock { $0.take() }?.join()
  }

  /// A connection was taken. Where that makes too many, the one that has been idle for longest goes.
  func open(_ descriptor: CInt) -> ServerConnection {
    let now = now
    return connections.withLock { connections in
      var isSurplus = connections.count >= limits.connections
      if isSurplus, let idlest = ConnectionWatch.idlest(of: connections, at: now) {
        endConnection(idlest.descriptor)
        connections[ObjectIdentifier(idlest)] = nil
        isSurplus = false
      }
      let time = isSurplus ? min(limits.idle, ConnectionWatch.surplusTime) : limits.idle
      let connection = ServerConnection(descriptor, isSurplus: isSurplus, idleSince: now, until: now + nanoseconds(time))
      connections[ObjectIdentifier(connection)] = Watched(connection: connection)
      return connection
    }
  }

  /// The connection's descriptor is about to be closed, and may name something else from now on.
  func close(_ connection: ServerConnection) {
    connections.withLock { $0[ObjectIdentifier(connection)] = nil }
  }

  func requestBegins(on connection: ServerConnection) { connection.work(until: now + nanoseconds(limits.request)) }

  /// The request is there, and how long its answer takes is the provider's doing.
  func requestIsWhole(on connection: ServerConnection) { connection.work(until: ConnectionWatch.never) }

  func answerBegins(on connection: ServerConnection) { connection.work(until: now + nanoseconds(limits.answer)) }

  func exchangeEnds(on connection: ServerConnection) {
    let now = now
    connection.rest(since: now, until: now + nanoseconds(limits.idle))
  }

  /// How many connections there are.
  var count: Int { connections.withLock { $0.count } }

  /// Ends what is overdue, and what clients have given up.
  ///
  /// - Returns: until when nothing else can be overdue. A deadline that is set meanwhile lies at least the shortest limit ahead.
  private func endOverdue() -> Duration {
    let now = now
    let next = connections.withLock { connections in
      for (key, watched) in connections where watched.connection.deadline <= now {
        endConnection(watched.connection.descriptor)
        connections[key] = nil
      }
      endAbandoned(&connections)
      return connections.values.lazy.map(\.connection.deadline).min() ?? ConnectionWatch.never
    }
    let shortest = min(limits.idle, limits.request, limits.answer, limits.look, ConnectionWatch.surplusTime)
    return max(.milliseconds(1), min(shortest, .nanoseconds(next - now)))
  }

  /// Ends those whose client is gone, and on which nothing has happened since that was seen for the first time. Those that wait
  /// for their answer keep it.
  private func endAbandoned(_ connections: inout [ObjectIdentifier: Watched]) {
    let keys = connections.filter { $0.value.connection.deadline != ConnectionWatch.never }.map(\.key)
    for (key, isGone) in zip(keys, peersAreGone(keys.compactMap { connections[$0]?.connection.descriptor })) {
      guard let watched = connections[key] else { continue }
      let deadline = watched.connection.deadline
      if isGone, watched.goneAt == deadline {
        endConnection(watched.connection.descriptor)
        connections[key] = nil
      } else {
        connections[key]?.goneAt = isGone ? deadline : nil
      }
    }
  }

  private static func idlest(of connections: [ObjectIdentifier: Watched], at now: Int) -> ServerConnection? {
    connections.values.lazy.map(\.connection).filter { now - $0.idleSince > shortestIdleness }.min {
      $0.idleSince < $1.idleSince
    }
  }

  /// Nanoseconds since the watch began.
  private var now: Int { nanoseconds(.now - began) }

  private func nanoseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    // Three years are as good as for ever, and sums of them stay within an Int.
    return Int(min(seconds, 100_000_000)) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }
}
