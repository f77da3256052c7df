import OpenIDJSON

/// One line of the journal: what a run is about to do, or has done.
enum JournalRecord: Sendable, Hashable {
  /// A call is about to be sent.
  case intent(PendingCall, client: String)
  /// What became of a client; `nil` where it is gone.
  case outcome(ClientState?, client: String)
  /// A part of an answer brought this, and the call stays in doubt.
  case arrival(ClientState, client: String)
  /// The call had no effect.
  case withdrawal(client: String)
  /// A client has another name from here on; the entry with its credentials sealed for the new one.
  case rename(ClientState, from: String, client: String)
  /// The credentials may go elsewhere from here on.
  case binding(Binding)

  var json: JSONObject {
    switch self {
    case .intent(let call, let client): ["intent": .object(call.json), "client": .string(client)]
    case .outcome(let entry, let client):
      ["outcome": entry.map { JSONValue.object($0.json) } ?? .null, "client": .string(client)]
    case .arrival(let entry, let client): ["arrived": .object(entry.json), "client": .string(client)]
    case .withdrawal(let client): ["withdrawn": true, "client": .string(client)]
    case .rename(let entry, let from, let client):
      ["renamed": .object(entry.json), "from": .string(from), "client": .string(client)]
    case .binding(let binding): ["binding": .object(binding.json)]
    }
  }

  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: place)
    if let binding = try reader.optionalObject("binding") {
      self = .binding(try Binding(binding, at: place))
      return
    }
    let client = try reader.text("client")
    if let call = try reader.optionalObject("intent") {
      self = .intent(try PendingCall(call, at: place), client: client)
    } else if let entry = try reader.optionalObject("arrived") {
      self = .arrival(try ClientState(entry, at: place), client: client)
    } else if object["withdrawn"] != nil {
      self = .withdrawal(client: client)
    } else if let entry = try reader.optionalObject("renamed") {
      self = .rename(try ClientState(entry, at: place), from: try reader.text("from"), client: client)
    } else if object["outcome"] != nil {
      var entry: ClientState?
      if let outcome = try reader.optionalObject("outcome") { entry = try ClientState(outcome, at: place) }
      self = .outcome(entry, client: client)
    } else {
      throw StateError(.damagedJournal, "\(place): this is no record that clientsync writes.")
    }
  }
}

extension JournalRecord {
  /// The client that a call is about to be sent for.
  var intended: String? { if case .intent(_, let client) = self { client } else { nil } }

  /// Whether it says what became of a call.
  var isEnd: Bool {
    switch self {
    case .outcome, .withdrawal: true
    case .intent, .arrival, .rename, .binding: false
    }
  }

  /// Whether it holds what a call brought, or that it brought nothing.
  var bringsSomething: Bool { if case .arrival = self { true } else { isEnd } }
}

extension RegistryState {
  /// Takes a record in: the same for a run that goes on and for a later one that finds its journal.
  mutating func take(_ record: JournalRecord) {
    switch record {
    case .intent(let call, let client):
      // A create makes another client: the id and the token of one that is gone are nothing that its answer brought.
      let known = call.action == .create ? nil : clients[client]
      var entry = known ?? ClientState(clientID: nil, applied: [:])
      entry.pending = call
      entry.status = .inDoubt
      clients[client] = entry
    case .outcome(var entry?, let client):
      entry.pending = nil
      if entry.status == .inDoubt { entry.status = .ok }
      clients[client] = entry
    case .outcome(nil, let client): clients[client] = nil
    case .arrival(var entry, let client):
      var pending = clients[client]?.pending
      if let own = entry.pending { pending?.deletionAt = own.deletionAt }
      entry.pending = pending
      entry.status = entry.pending == nil ? entry.status : .inDoubt
      clients[client] = entry
    case .withdrawal(let client):
      guard var entry = clients[client] else { return }
      entry.pending = nil
      entry.status = entry.observed == nil ? .unconfirmed : .ok
      clients[client] = entry.clientID == nil ? nil : entry
    case .rename(let entry, let from, let client):
      clients[from] = nil
      clients[client] = entry
    case .binding(let binding): self.binding = binding
    }
  }
}
