public import OpenIDRegistration

/// HTTP for `OpenIDRegistrationClient` over libcurl: one thread with libcurl's multi interface, any number of tasks.
///
/// Connections are kept and reused. No redirect is followed, and no request that changes something is ever sent twice: libcurl
/// repeats one by itself where a kept connection turns out to be dead, so bodies go out in a way that cannot be rewound, and a
/// DELETE gets a connection of its own. `http:` goes to this machine only, unless the configuration says otherwise.
///
///     let transport = CurlTransport(.init(timeout: .seconds(10)))
///
/// The thread starts with the first request and ends with the transport. Whoever makes many calls at once and does little else can
/// have the tasks themselves run there (``executor``).
public final class CurlTransport: HTTPTransport {
  /// What it was made with.
  public let configuration: Configuration
  private let loop: CurlLoop

  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    loop = CurlLoop(configuration)
  }

  deinit { loop.stop() }

  /// The transport's thread, for tasks that do little besides calls.
  ///
  /// An answer then stays where it arrived: no other thread is woken for it, which is most of what a call costs beside libcurl.
  ///
  ///     await withTaskExecutorPreference(transport.executor) {
  ///       await withTaskGroup { group in
  ///         for app in apps { group.addTask { await refresh(app) } }
  ///       }
  ///     }
  ///
  /// What such a task does between two calls holds up all calls of this transport, and one that blocks its thread until a call has
  /// ended waits for ever: work that takes long or waits for something else belongs elsewhere (`@concurrent`, an actor with an
  /// executor of its own). Tasks go on there after the transport's end too.
  public var executor: any TaskExecutor { loop }

  /// Sends one request.
  ///
  /// - Throws: `HTTPTransportError`; `invalidURL` and `invalidRequest` for what is refused before anything is sent.
  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let url = try configuration.check(request)
    let exchange = Exchange(request, staysHere: configuration.staysHere(url), userAgent: configuration.userAgent)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in loop.start(exchange, continuation) }
    } onCancel: {
      loop.cancel(exchange)
    }
    return try result.get().response
  }
}
