import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

extension ClientRecord {
  /// The client as JSON, its members in Hydra's order and those of them left out that Go leaves out.
  var json: JSONObject { JSONObject(ClientMember.all.compactMap { $0.encoded(self) }) }

  /// What Hydra makes of a client before it stores it, which also shows in the answer.
  mutating func prepareToSave() {
    if jwks == nil { jwks = .empty }
    if metadata == nil { metadata = [:] }
    if audience == nil { audience = [] }
    if allowedCORSOrigins == nil { allowedCORSOrigins = [] }
  }

  /// The client as its row holds it: what a read shows has no absent lists, no secret, no token.
  func stored(createdAt: GoTime, tokenSignature: String?) -> StoredClient {
    var shown = self
    shown.prepareToSave()
    let metadata = shown.metadata ?? [:]
    shown.metadata = nil
    shown.clientSecret = nil
    shown.registrationAccessToken = nil
    shown.registrationClientURI = ""
    shown.createdAt = createdAt
    shown.redirectURIs = redirectURIs ?? []
    shown.grantTypes = grantTypes ?? []
    shown.responseTypes = responseTypes ?? []
    shown.contacts = contacts ?? []
    return StoredClient(
      id: clientID, clientName: clientName, owner: owner, document: JSONValue.object(shown.json).utf8(.go),
      metadata: metadata.utf8(.go), createdAt: createdAt.description, tokenSignature: tokenSignature)
  }

  /// The client of a row, with what only the admin API shows.
  init(_ row: StoredClient) throws(GoJSONError) {
    try self.init(decoding: row.document)
    metadata = (try? JSONValue(parsing: row.metadata, options: JSONParsingOptions(maximumDepth: 1024))) ?? [:]
  }
}

extension ClientMember {
  fileprivate func encoded(_ record: ClientRecord) -> JSONMember? {
    encodedValue(record).map { JSONMember(name: name, value: $0) }
  }

  private func encodedValue(_ record: ClientRecord) -> JSONValue? {
    switch kind {
    case .text(let place): return .string(record[keyPath: place])
    case .optionalText(let place):
      let text = record[keyPath: place]
      // A bare nil would be JSON's null here.
      return text.isEmpty ? Optional.none : .string(text)
    case .secret(let place): return record[keyPath: place].map { .string($0.exposed) }
    case .list(let place): return record[keyPath: place].map(JSONValue.init(texts:)) ?? .null
    case .optionalList(let place):
      let texts = record[keyPath: place] ?? []
      return texts.isEmpty ? Optional.none : JSONValue(texts: texts)
    case .integer(let place): return .number(JSONNumber(record[keyPath: place]))
    case .flag(let place): return .bool(record[keyPath: place])
    case .optionalFlag(let place): return record[keyPath: place] ? .bool(true) : Optional.none
    case .nullableFlag(let place): return record[keyPath: place].map(JSONValue.bool) ?? .null
    case .time(let place): return .string((record[keyPath: place] ?? .zero).description)
    case .keys(let place): return record[keyPath: place]?.json
    case .any(let place): return record[keyPath: place]
    case .lifespan(let place): return record[keyPath: place].map { .string($0.description) } ?? .null
    }
  }
}

extension GoTime {
  /// The first moment of the year 1, Go's value for no time.
  static let zero = GoTime(seconds: -62_135_596_800)
}

extension JSONValue {
  init(texts: [String]) { self = .array(texts.map(JSONValue.string)) }
}
