package import FoundationEssentials
import Glibc
import OpenIDCryptography

/// A file with one identity, as `age-keygen` writes it: mode 0600, never over an existing file.
package enum AgeKeyFile {
  /// Makes an identity and writes it, synced, before returning it.
  ///
  /// - Throws: ``AgeError`` where the file is there already or cannot be written.
  package static func create(at path: String, created: Date = Date()) throws(AgeError) -> AgeIdentity {
    let identity = AgeIdentity.generate()
    let text = """
      # created: \(created.formatted(.iso8601))
      # public key: \(identity.recipient.text)
      \(identity.text.exposed)

      """
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw AgeError(
        .file, errno == EEXIST ? "\(path) is there already; a key is never written over" : "\(path): \(reason(errno))")
    }
    let bytes = Array(text.utf8)
    let written = unsafe write(descriptor, bytes, bytes.count)
    let failure: Int32? = written == bytes.count && fsync(descriptor) == 0 ? nil : errno
    close(descriptor)
    if let failure {
      unsafe unlink(path)
      throw AgeError(.file, "\(path): \(reason(failure))")
    }
    return identity
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
