import OpenIDJSON
import OpenIDRegistration

/// What the provider does, whatever brings the requests.
///
/// Reads are answered at once. Whatever changes something goes to the writer and is answered when it is durable.
final class Provider: Sendable {
  typealias Reply = @Sendable (ServerAnswer) -> Void

  let address: PublicAddress
  let settings: Settings
  let profile: Profile
  let rules: ClientRules
  let store: Store
  let writer: Writer
  let transport: (any HTTPTransport)?
  /// Delays that answers wait for.
  let alarms = Alarms()
  /// Fetches that answers wait for.
  let errands = Errands()
  /// The key of ID tokens and of all that is signed beside them.
  let idTokenKey = IDTokenKey()
  let log: (@Sendable (String) -> Void)?
  let faults: FaultPlan
  /// Whether `/faults` exists.
  let offersFaults: Bool
  private let discovery: ServerAnswer

  init(
    _ configuration: EmbeddedProvider.Configuration, address: PublicAddress, store: Store, writer: Writer, settings: Settings
  ) {
    self.address = address
    self.settings = settings
    profile = configuration.profile
    self.store = store
    self.writer = writer
    rules = ClientRules(settings: settings)
    transport = configuration.transport
    log = configuration.log
    faults = FaultPlan(configuration.faultPlan)
    offersFaults = configuration.allowsFaults
    discovery = .json(.object(Discovery.document(address, settings, configuration.profile)))
  }

  /// A request to the public port.
  func answerPublic(_ request: ServerRequest, _ reply: @escaping Reply) {
    let reply = Provider.finishing(request, reply)
    if let clean = request.cleanedPath { return reply(.redirect(to: clean, request)) }
    let segments = request.segments
    if answerProfiled(request, segments, reply) { return }
    switch (request.isRead ? "GET" : request.method, segments.count, segments.first) {
    case ("POST", 2, "oauth2") where segments[1] == "register":
      carryOut(.create, reply) { self.create(request, $0) }
    case (let method, 3, "oauth2") where segments[1] == "register" && !segments[2].isEmpty:
      switch method {
      case "GET": carryOut(.get, reply) { self.get(segments[2], request, $0) }
      case "PUT": carryOut(.set, reply) { self.set(segments[2], request, $0) }
      case "DELETE": carryOut(.delete, reply) { self.delete(segments[2], request, $0) }
      default: reply(UnknownRoute.answer(accept: request.accept))
      }
    case ("GET", 2, ".well-known") where ["openid-configuration", "oauth-authorization-server"].contains(segments[1]):
      carryOut(.discovery, reply) { $0(self.discovery) }
    default: answerSignIn(request, segments, reply)
    }
  }

  /// A request to the admin port. The prefix `/admin` may be missing.
  func answerAdmin(_ request: ServerRequest, _ reply: @escaping Reply) {
    let reply = Provider.finishing(request, reply)
    if let clean = request.cleanedPath { return reply(.redirect(to: clean, request)) }
    if offersFaults, request.segments == ["faults"] { return reply(controlFaults(request)) }
    // It is Hydra's own.
    guard profile.isPlayedFromRecordings else { return reply(UnknownRoute.answer(accept: request.accept)) }
    let segments = Array(request.segments.dropFirst(request.segments.first == "admin" ? 1 : 0))
    switch (request.isRead ? "GET" : request.method, segments.count, segments.first) {
    case ("GET", 1, "clients"): carryOut(.admin, reply) { $0(self.list(request)) }
    case ("POST", 1, "clients"): carryOut(.admin, reply) { self.adminCreate(request, $0) }
    case ("POST", 2, "oauth2") where segments[1] == "introspect":
      carryOut(.admin, reply) { self.introspect(request, $0) }
    case ("PUT", 3, "clients") where segments[2] == "lifespans" && !segments[1].isEmpty:
      carryOut(.admin, reply) { self.setLifespans(segments[1], request, $0) }
    case (let method, 2, "clients") where !segments[1].isEmpty:
      switch method {
      case "GET": carryOut(.admin, reply) { $0(self.adminGet(segments[1])) }
      case "PUT": carryOut(.admin, reply) { self.adminSet(segments[1], request, $0) }
      case "DELETE": carryOut(.admin, reply) { self.adminDelete(segments[1], $0) }
      default: reply(UnknownRoute.answer(accept: request.accept))
      }
    default: reply(UnknownRoute.answer(accept: request.accept))
    }
  }

  /// Every answer to a GET forbids keeping it, whatever its status; the answers that carry credentials do not, at Hydra.
  private static func finishing(_ request: ServerRequest, _ reply: @escaping Reply) -> Reply {
    guard request.method == "GET" else { return reply }
    return { answer in
      var answer = answer
      answer.headers.append("Cache-Control", "private, no-cache, no-store, must-revalidate")
      reply(answer)
    }
  }
}

extension ServerRequest {
  /// HEAD is answered like GET; the server leaves the body out.
  fileprivate var isRead: Bool { method == "GET" || method == "HEAD" }

  /// The path without empty and dotted segments, where it has some.
  fileprivate var cleanedPath: String? {
    // Most have none, and that is seen quickly.
    var before: UInt8 = 0
    let isUnclean = path.utf8.contains { byte in
      defer { before = byte }
      return before == UInt8(ascii: "/") && (byte == UInt8(ascii: "/") || byte == UInt8(ascii: "."))
    }
    guard isUnclean else { return nil }
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if segments.last == "" { segments = segments.dropLast() }
    guard segments.contains(where: { $0 == "" || $0 == "." || $0 == ".." }) else { return nil }
    var kept: [Substring] = []
    for segment in segments where segment != "" && segment != "." {
      if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
    }
    return "/" + kept.joined(separator: "/")
  }
}

extension ServerAnswer {
  /// Where a path with `//` or `..` in it leads: Go's router answers so before anything else looks at the request.
  fileprivate static func redirect(to path: String, _ request: ServerRequest) -> ServerAnswer {
    let target = path + (request.query.isEmpty ? "" : "?" + request.query)
    return ServerAnswer(status: 307, headers: ["Location": target])
  }
}
