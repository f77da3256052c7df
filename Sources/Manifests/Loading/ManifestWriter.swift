#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes files whole or not at all.
package enum ManifestWriter {
  /// Why a file could not be written, as the end of a sentence that begins with its name.
  package struct Mistake: Error, Sendable {
    package var words: String

    static func latest() -> Mistake {
      let number = errno
      return Mistake(
        words: "cannot be written: " + (unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"))
    }
  }

  /// Puts other bytes into a file that is there: a file beside it is written, synced, and takes its name and mode. A link stays one.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Mistake) {
    guard let path = FileStatus.resolved(path) else { throw .latest() }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .latest() }
    let temporary = path + ".\(getpid()).new"
    do throws(Mistake) {
      try create(temporary, bytes, mode: status.st_mode & 0o7777)
      guard unsafe rename(temporary, path) == 0 else { throw .latest() }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Writes a new file.
  ///
  /// - Returns: whether it was written; `false` where something of that name is there, which stays as it is.
  package static func create(_ path: String, _ text: String) throws(Mistake) -> Bool {
    do throws(Mistake) { try create(path, Array(text.utf8), mode: 0o644, keepsMask: true) } catch {
      if errno == EEXIST { return false }
      throw error
    }
    syncFolder(of: path)
    return true
  }

  private static func create(_ path: String, _ bytes: [UInt8], mode: mode_t, keepsMask: Bool = false) throws(Mistake) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .latest() }
    defer { close(descriptor) }
    if !keepsMask { guard fchmod(descriptor, mode) == 0 else { throw .latest() } }
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .latest() }
      start += count
    }
    guard fsync(descriptor) == 0 else { throw .latest() }
  }

  private static func syncFolder(of path: String) {
    let folder = ManifestSource.folder(of: path)
    let descriptor = unsafe open(folder.isEmpty ? "." : String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
