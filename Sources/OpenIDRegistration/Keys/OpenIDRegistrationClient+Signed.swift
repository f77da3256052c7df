import OpenIDCryptography
import OpenIDJSON

extension OpenIDRegistrationClient {
  /// What a signed answer may be signed by. Shared secrets and `none` are no algorithms here.
  static let acceptedAlgorithms: Set<SignatureAlgorithm> = [.rs256, .ps256, .es256, .edDSA]

  /// Checks a token against a provider's keys, which are read once more where its key is not among them.
  func verified(
    _ text: String, keys: ProviderKeys, in response: HTTPResponse, of call: Call
  ) async throws(RegistrationError) -> (token: JSONWebToken, key: VerificationKey) {
    let token: JSONWebToken
    do { token = try JSONWebToken(parsing: text) } catch { throw RegistrationError(call, error, answer: response) }
    let wereKept = keys.areKept
    let known = try await keys.all()
    do { return (token, try token.verifiedKey(among: known, accepting: Self.acceptedAlgorithms)) } catch {
      let keyID = token.header["kid"]?.string
      let isUnknown = error.code == .noKey || error.code == .signature && keyID != nil && !known.contains { $0.keyID == keyID }
      guard isUnknown, wereKept else { throw RegistrationError(call, error, answer: response) }
    }
    let fresh = try await keys.all(fresh: true)
    do { return (token, try token.verifiedKey(among: fresh, accepting: Self.acceptedAlgorithms)) } catch {
      throw RegistrationError(call, error, answer: response)
    }
  }

  /// The body of a success that has to be a JSON object.
  func object(in response: HTTPResponse, of call: Call) throws(RegistrationError) -> JSONObject {
    let document: JSONDocument
    do { document = try JSONDocument(parsing: response.body) } catch {
      throw RegistrationError(
        call, .notJSON(error), effect: call.operation.isRead ? .none : .unknown, answer: response, words: error.description)
    }
    guard let object = document.value.object else {
      throw RegistrationError(
        call, .invalidAnswer, effect: call.operation.isRead ? .none : .unknown, answer: response,
        words: "it is \(document.value.kind), not an object")
    }
    if let flaw = response.flaw(of: document) {
      throw RegistrationError(
        call, .invalidAnswer, effect: call.operation.isRead ? .none : .unknown, answer: response, words: flaw)
    }
    return object
  }
}

extension RegistrationError {
  /// A signed answer that is not to be relied upon.
  init(_ call: Call, _ error: JSONWebTokenError, answer: HTTPResponse) {
    self.init(
      call, .signature(error.code), effect: call.operation.isRead ? .none : .done, answer: answer, words: error.description)
  }
}
