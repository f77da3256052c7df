extension EmbeddedProvider {
  /// What clients may take of a provider: memory, connections and time. Each port has them for itself.
  ///
  /// Hydra leaves most of this to a proxy in front of it. Here whoever takes too much is told so, or loses the connection, and
  /// the others do not notice.
  public struct Limits: Sendable, Hashable {
    /// A request body of more bytes is answered with 413.
    public var bodyBytes: Int
    /// How many bytes the bodies of all requests under way may have together; one that does not fit is answered with 503.
    public var allBodiesBytes: Int
    /// How many bytes the first line and the header fields may take, in about; more are answered with 414 or 431.
    public var headerBytes: Int
    /// How many connections may be open. When there are more, the one that has been idle for longest ends; where none is idle,
    /// the new one is answered with 503. Fewer where the system allows the process fewer open files, and cannot be asked for more.
    public var connections: Int
    /// A connection on which no request begins ends after this time.
    public var idle: Duration
    /// A connection ends where a request, from its first line to the end of its body, takes longer to arrive.
    public var request: Duration
    /// A connection ends where the client takes longer to fetch its answer. The time until there is one does not count.
    public var answer: Duration
    /// How often connections are looked at that clients may have given up.
    var look = Duration.seconds(1)

    public init(
      bodyBytes: Int = 10 << 20, allBodiesBytes: Int = 64 << 20, headerBytes: Int = 32 << 10, connections: Int = 4_096,
      idle: Duration = .seconds(120), request: Duration = .seconds(60), answer: Duration = .seconds(60)
    ) {
      self.bodyBytes = bodyBytes
      self.allBodiesBytes = allBodiesBytes
      self.headerBytes = headerBytes
      self.connections = connections
      self.idle = idle
      self.request = request
      self.answer = answer
    }
  }
}

extension EmbeddedProvider.Limits {
  /// Files that the process needs besides the connections of its servers: the data, other people's sockets.
  private static let otherFiles = 256

  /// With as many connections as each of so many servers can have.
  func attainable(servers: Int) -> EmbeddedProvider.Limits {
    let each = max(1, connections) + ConnectionWatch.spare
    let files = FileLimit.raise(to: each * servers + Self.otherFiles)
    var limits = self
    limits.connections = max(1, min(each, (files - Self.otherFiles) / servers) - ConnectionWatch.spare)
    return limits
  }
}
