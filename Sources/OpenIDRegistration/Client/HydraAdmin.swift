import OpenIDJSON

package import struct OpenIDCryptography.Secret

/// The part of Ory Hydra's admin API that settles what is in doubt: finding a client by its owner, looking, deleting an orphan.
///
/// Hydra's own port has no authentication; Ory Network wants a token.
package struct HydraAdmin: Sendable {
  package let endpoint: String
  private let client: OpenIDRegistrationClient
  private let token: Secret?

  /// - Parameter endpoint: the base URL, `http://127.0.0.1:4445`, with or without a slash at its end.
  package init(endpoint: String, token: Secret? = nil, client: OpenIDRegistrationClient) {
    self.endpoint = endpoint
    self.client = client
    self.token = token
  }

  /// All clients, or those whose `owner` is exactly this. None has a secret or a token.
  package func list(owner: String? = nil) async throws(RegistrationError) -> [ClientInformation] {
    var found: [ClientInformation] = []
    var pageToken: String?
    var seen: Set<String> = []
    while true {
      var query = "?page_size=500"
      if let owner { query += "&owner=\(percentEncoded(owner))" }
      if let pageToken { query += "&page_token=\(percentEncoded(pageToken))" }
      let call = call(.listOAuth2Clients, .get, query)
      let response = try await client.answer(to: call)
      let page = try clients(in: response, of: call)
      // A release, or a gateway, that knows no such filter answers with all clients: none of them is taken for the owner's.
      found += page.filter { owner == nil || $0.metadata.members["owner"]?.string == owner }
      // Older releases name a next page for ever; an empty page or a token seen before is the end.
      guard !page.isEmpty, let next = response.headers.nextPageToken, seen.insert(next).inserted else { return found }
      pageToken = next
    }
  }

  /// The client of that id; `nil` where there is none.
  package func get(_ id: String) async throws(RegistrationError) -> ClientInformation? {
    let call = call(.getOAuth2Client, .get, "/" + percentEncoded(id))
    do { return try await client.information(of: call, persist: nil) } catch {
      if saysGone(error) { return nil }
      throw error
    }
  }

  /// Deletes the client of that id.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func delete(_ id: String) async throws(RegistrationError) -> Bool {
    let call = call(.deleteOAuth2Client, .delete, "/" + percentEncoded(id))
    do { try await client.delete(call) } catch {
      if saysGone(error) { return false }
      throw error
    }
    return true
  }

  private func call(_ operation: OpenIDOperation, _ method: HTTPRequest.Method, _ rest: String) -> Call {
    var base = endpoint
    while base.hasSuffix("/") { base.removeLast() }
    if base.hasSuffix("/admin") { base.removeLast("/admin".count) }
    var call = Call(operation, method, base + "/admin/clients" + rest, headers: client.headers)
    call.authorize(by: token.map(ClientAuthentication.bearer))
    return call
  }

  /// Whether a 404 is Hydra's own: the path exists, and there is no such client. A 404 of another shape comes from somewhere else.
  private func saysGone(_ error: RegistrationError) -> Bool {
    error.status == 404 && error.answer.map { ProviderWords($0).hasErrorText } ?? false
  }

  private func clients(in response: HTTPResponse, of call: Call) throws(RegistrationError) -> [ClientInformation] {
    let value: JSONValue
    do { value = try JSONValue(parsing: response.body) } catch {
      throw RegistrationError(call, .notJSON(error), answer: response, received: nil)
    }
    guard let elements = value.array else {
      throw RegistrationError(call, .invalid("it is \(value.kind), not an array"), answer: response, received: nil)
    }
    var found: [ClientInformation] = []
    for element in elements {
      let problem =
        element.object == nil ? ClientInformationReading.Problem.invalid("it has \(element.kind) for a client") : nil
      let reading = ClientInformationReading(element.object ?? [:], of: response, knownURI: nil, problem: problem)
      if let problem = reading.problem { throw RegistrationError(call, problem, answer: response, received: nil) }
      found.append(reading.information)
    }
    return found
  }
}
