import COpenIDCrypto
import Synchronization

/// A key of HMAC with SHA-256 for messages by the thousand: it is prepared once, and not for each of them.
@safe package final class HMACKey: @unchecked Sendable {
  private let lock = Mutex(())
  private let context: OpaquePointer
  private let key: [UInt8]

  /// - Parameter key: not empty.
  package init(_ key: [UInt8]) {
    let made = unsafe openid_hmac_new(key, key.count)
    require(unsafe made != nil, "HMAC with SHA-256")
    unsafe context = made!
    self.key = key
  }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  package func sha256(_ message: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    let status = lock.withLockIfAvailable { _ in unsafe openid_hmac_run(context, message, message.count, &code) }
    // Not worth waiting for.
    guard let status else { return HMAC.sha256(key: key, message) }
    require(status == 1, "HMAC with SHA-256")
    return code
  }
}
