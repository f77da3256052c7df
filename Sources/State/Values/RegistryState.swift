package import OpenIDJSON

/// What clientsync knows of one registry: what was last applied, and what only it knows.
package struct RegistryState: Sendable, Hashable {
  /// The version of the format that this code writes.
  package static let version = 1

  /// Made once, at the first apply; tells this state from every other.
  package var lineage: String
  /// Raised by each write.
  package var serial: Int
  package var registry: String
  package var binding: Binding
  package var clients: [String: ClientState]
  /// Members that this version does not know.
  package var unknown: JSONObject

  package init(
    lineage: String, serial: Int, registry: String, binding: Binding, clients: [String: ClientState] = [:],
    unknown: JSONObject = [:]
  ) {
    self.lineage = lineage
    self.serial = serial
    self.registry = registry
    self.binding = binding
    self.clients = clients
    self.unknown = unknown
  }
}

extension RegistryState {
  /// Whether the provider was seen to end a token with a read.
  package var readsRotateTokens: Bool { clients.values.contains { $0.readRotatedToken } }

  /// Marks a state that was rescued with the run that wrote it: it holds all that this run's journal does.
  static let rescuedRun = "rescued_run"
  /// Marks a state that was put aside for the tokens that reads brought: each client's name, and a hash of the token that its read was
  /// made with.
  static let rescuedTokens = "rescued_tokens"

  private static let known: Set<String> = [
    "version", "lineage", "serial", "registry", "binding", "clients", PlaceSeal.member, StateEncryption.member,
  ]

  /// The document, clients sorted by name.
  package var json: JSONObject {
    var object: JSONObject = [
      "version": .number(JSONNumber(Self.version)),
      "lineage": .string(lineage),
      "serial": .number(JSONNumber(serial)),
      "registry": .string(registry),
      "binding": .object(binding.json),
      "clients": .object(
        JSONObject(
          clients.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            JSONMember(name: $0.key, value: .object($0.value.json))
          })),
    ]
    for member in unknown { object[member.name] = member.value }
    return object
  }

  /// - Throws: ``StateError`` `fromTheFuture` or `damaged`, with the place.
  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: place)
    try Self.checkVersion(object, at: place)
    lineage = try reader.text("lineage")
    serial = try reader.integer("serial")
    registry = try reader.text("registry")
    binding = try Binding(reader.object("binding"), at: place)
    let entries = try reader.object("clients")
    clients = [:]
    clients.reserveCapacity(entries.count)
    for member in entries {
      guard let entry = member.value.object else { throw reader.wrong("clients.\(member.name)", "an object") }
      clients[member.name] = try ClientState(entry, at: place, client: member.name)
    }
    unknown = object.filter { !Self.known.contains($0.name) }
    try checkCopies(at: place)
  }

  /// Two names for one registration: a set of one would kill the other's token.
  private func checkCopies(at place: String) throws(StateError) {
    // The same id at another place is another registration.
    struct Registration: Hashable {
      let id: String
      let uri: String?
    }
    var seen: [Registration: String] = [:]
    seen.reserveCapacity(clients.count)
    for (name, entry) in clients {
      guard let id = entry.clientID else { continue }
      let registration = Registration(id: id, uri: entry.registrationClientURI)
      guard let other = seen.updateValue(name, forKey: registration) else { continue }
      let names = [name, other].sorted()
      throw StateError(
        .damaged,
        "\(place): clients.\(names[0]) and clients.\(names[1]) are the same registration, client_id \(id): one was copied by hand. Take the file back from git, or remove one with sops edit."
      )
    }
  }

  /// Told before anything else of the file is looked at: what a newer version writes need not be readable here.
  static func checkVersion(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: place)
    let version = try reader.integer("version")
    guard version >= 1 else { throw reader.wrong("version", "a version of the format") }
    guard version <= Self.version else {
      throw StateError(
        .fromTheFuture,
        "\(place) was written by a newer clientsync (format \(version); this one knows \(Self.version)). Use that version or a later one."
      )
    }
  }
}
