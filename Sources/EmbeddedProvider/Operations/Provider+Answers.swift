import OpenIDJSON
import OpenIDRegistration

/// What several operations share.
extension Provider {
  /// Runs the part of an operation that can refuse at once.
  func answering(_ reply: Reply, _ body: () throws(Refusal) -> Void) {
    do throws(Refusal) {
      try body()
    } catch {
      reply(ServerAnswer(error))
    }
  }

  /// A body as a client; a mistake in it is told in the words of Go's decoder.
  static func decode(_ body: [UInt8]) throws(Refusal) -> ClientRecord {
    do throws(GoJSONError) {
      return try ClientRecord(decoding: body)
    } catch {
      throw .badRequest("Unable to decode the request body: \(error.message)")
    }
  }

  static func answer<Value>(_ outcome: Result<Value, StoreError>, _ success: (Value) -> ServerAnswer) -> ServerAnswer {
    switch outcome {
    case .success(let value): success(value)
    case .failure(let failure): ServerAnswer(Refusal(failure))
    }
  }

  /// Holds a client against the rules, which may take a fetch, and goes on with what they made of it.
  func validate(_ client: ClientRecord, _ reply: @escaping Reply, then proceed: @escaping @Sendable (ClientRecord) -> Void) {
    validate(client, .unknown, reply, then: proceed)
  }

  private func validate(
    _ sent: ClientRecord, _ sectorIdentifier: ClientRules.SectorIdentifier, _ reply: @escaping Reply,
    then proceed: @escaping @Sendable (ClientRecord) -> Void
  ) {
    answering(reply) { () throws(Refusal) in
      var client = sent
      switch try rules.check(&client, sectorIdentifier: sectorIdentifier) {
      case .accepted: proceed(client)
      case .needsSectorIdentifier(let url):
        guard let transport else { return validate(sent, .fetched(nil), reply, then: proceed) }
        let settle = { @Sendable (uris: [String]?) in self.validate(sent, .fetched(uris), reply, then: proceed) }
        errands.start {
          await Provider.redirectURIs(at: url, transport)
        } then: {
          settle($0)
        } orElse: {
          settle(nil)
        }
      }
    }
  }

  /// The list at a `sector_identifier_uri`; `nil` where there is none to be had.
  private static func redirectURIs(at url: String, _ transport: any HTTPTransport) async -> [String]? {
    guard let response = try? await transport.send(HTTPRequest(.get, url)), response.status == 200 else { return nil }
    guard case .other(let list) = try? GoJSONDecoder.decode(response.body) else { return nil }
    return list.strings
  }
}
