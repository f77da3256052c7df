import OpenIDCryptography
import Synchronization

/// The key that ID tokens are signed with. It is made when it is first needed, which takes a moment, and kept with the data.
final class IDTokenKey: Sendable {
  /// Among the secrets of the server.
  static let name = "id_token_key"

  private let cached = Mutex<SigningKey?>(nil)

  /// Hands the key over, at once where it is there already. Of several processes that make one, the first one's counts.
  func use(
    _ store: Store, _ writer: Writer, then body: @escaping @Sendable (Result<SigningKey, StoreError>) -> Void
  ) {
    if let key = cached.withLock({ $0 }) { return body(.success(key)) }
    do throws(StoreError) {
      let existing = try store.reading.use { connection throws(StoreError) in
        try Store.existingSecret(IDTokenKey.name, connection)
      }
      if let existing { return body(.success(try keep(existing))) }
    } catch {
      return body(.failure(error))
    }
    let made = SigningKey.generate(for: .rs256).privateJWK
    writer.submit(
      { connection throws(StoreError) in
        try Store.serverSecret(IDTokenKey.name, orElse: Array(made.exposed.utf8), connection)
      },
      then: { outcome in
        body(outcome.flatMap { stored in Result { () throws(StoreError) in try self.keep(stored) } })
      })
  }

  private func keep(_ stored: [UInt8]) throws(StoreError) -> SigningKey {
    guard let key = try? SigningKey(privateJWK: Secret(String(decoding: stored, as: UTF8.self))) else {
      throw StoreError(code: .other, message: "the key of ID tokens cannot be read")
    }
    cached.withLock { $0 = key }
    return key
  }
}
