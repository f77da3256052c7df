import COpenIDMicroHTTPD
import OpenIDRegistration
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An HTTP server on one port, over libmicrohttpd: a few threads, each with connections of its own.
@safe final class HTTPServer: @unchecked Sendable {
  typealias Limits = EmbeddedProvider.Limits
  typealias Handler = @Sendable (ServerRequest, @escaping @Sendable (ServerAnswer) -> Void) -> Void

  let port: Int
  let limits: Limits
  let handler: Handler
  let log: (@Sendable (String) -> Void)?
  let watch: ConnectionWatch
  /// How many bytes of bodies are in memory.
  let heldBytes = Atomic(0)
  private let socket: ListeningSocket
  var reach: ListeningSocket.Reach { socket.reach }
  /// libmicrohttpd's, one for each thread. Connections go to them in turn.
  private var daemons: [OpaquePointer] = unsafe []
  private var acceptor: Acceptor?
  /// How many connections were handed over, and how many of them have ended.
  private let takenCount = Atomic(0)
  private let endedCount = Atomic(0)
  /// Requests that were handed over, in two stages: those without an answer, and those whose answer is not sent to its end.
  let load = Monitor(Load())

  struct Load {
    var unanswered = 0
    var unsent = 0
    var isEnding = false
  }

  init(
    host: String, port: Int, limits: Limits = Limits(), log: (@Sendable (String) -> Void)?, handler: @escaping Handler
  ) throws(EmbeddedProviderError) {
    socket = try ListeningSocket(host: host, port: port)
    self.port = socket.port
    self.limits = limits
    self.log = log
    self.handler = handler
    watch = ConnectionWatch(limits)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let callbacks = unsafe openid_daemon_callbacks(
      context: context,
      begin: { context, target, connection in
        guard let server = unsafe HTTPServer.at(context), let target = unsafe target, let handle = unsafe connection,
          let connection = unsafe HTTPServer.connection(openid_connection_state(handle))
        else { return nil }
        server.watch.requestBegins(on: connection)
        return unsafe Unmanaged.passRetained(Exchange(target: String(cString: target), on: connection)).toOpaque()
      },
      access: { context, connection, _, method, version, upload, size, state in
        guard let server = unsafe HTTPServer.at(context), let connection = unsafe connection, let method = unsafe method,
          let version = unsafe version, let size = unsafe size, let exchange = unsafe HTTPServer.exchange(state?.pointee)
        else { return .NO }
        return unsafe server.receive(exchange, connection, method, version, upload, size)
      },
      end: { context, _, state, ending in
        guard let server = unsafe HTTPServer.at(context), let pointer = unsafe state?.pointee else { return }
        unsafe state?.pointee = nil
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
        server.end(exchange, isComplete: ending == .REQUEST_TERMINATED_COMPLETED_OK)
      },
      connection: { context, connection, state, event in
        guard let server = unsafe HTTPServer.at(context), let connection = unsafe connection, let state = unsafe state else {
          return
        }
        if event == .CONNECTION_NOTIFY_STARTED {
          let opened = server.watch.open(unsafe openid_connection_socket(connection))
          unsafe state.pointee = Unmanaged.passRetained(opened).toOpaque()
        } else if let pointer = unsafe state.pointee {
          unsafe state.pointee = nil
          server.watch.close(unsafe Unmanaged<ServerConnection>.fromOpaque(pointer).takeRetainedValue())
          server.endedCount.add(1, ordering: .relaxed)
        }
      })
    guard watch.start(), unsafe startThreads(callbacks) else {
      stopThreads()
      throw EmbeddedProviderError(.noResources, "The HTTP server cannot start: the system has no thread or no memory for it.")
    }
  }

  private func startThreads(_ callbacks: openid_daemon_callbacks) -> Bool {
    let most = limits.connections + ConnectionWatch.spare
    for _ in 0..<HTTPServer.threads {
      guard let daemon = unsafe openid_start_daemon(limits.headerBytes, callbacks) else { return false }
      unsafe daemons.append(daemon)
    }
    // The watch comes to know a connection only when its thread does.
    acceptor = Acceptor(on: socket.descriptor) { [unowned self] in
      takenCount.load(ordering: .relaxed) - endedCount.load(ordering: .relaxed) < most
    } take: { [unowned self] in
      let turn = takenCount.load(ordering: .relaxed)
      let failure = unsafe openid_take_connection(socket.descriptor, daemons[turn % daemons.count])
      if failure == 0 { takenCount.add(1, ordering: .relaxed) }
      return failure
    }
    return acceptor != nil
  }

  private func stopThreads() {
    acceptor?.end()
    socket.close()
    while let daemon = unsafe daemons.popLast() { unsafe MHD_stop_daemon(daemon) }
    watch.close()
  }

  /// Requests that still come, on new connections too, are answered with 503.
  func beginEnding() { load.update { $0.isEnding = true } }

  /// Waits until every request has its answer, and a while for the answers to be sent; then ends the server.
  ///
  /// libmicrohttpd ends the process where a connection is still suspended, so the first wait has no limit: whoever owes the
  /// answers has to give them first.
  func end(grace: Duration) {
    _ = load.wait { $0.unanswered == 0 ? true : nil }
    _ = load.wait(atMost: grace) { $0.unsent == 0 }
    stopThreads()
  }

  /// One for each processor, up to a few: what they do is short, and the writer is one alone.
  static let threads = max(1, min(4, sysconf(CInt(_SC_NPROCESSORS_ONLN))))

  private static func at(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
    unsafe context.map { unsafe Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func exchange(_ state: UnsafeMutableRawPointer??) -> Exchange? {
    guard let pointer = unsafe state ?? nil else { return nil }
    return unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  }

  private static func connection(_ state: UnsafeMutableRawPointer?) -> ServerConnection? {
    unsafe state.map { unsafe Unmanaged<ServerConnection>.fromOpaque($0).takeUnretainedValue() }
  }
}
