import Glibc

/// The file system as the state uses it, small enough for a test to make each step of it fail.
package protocol FileOperations: Sendable {
  /// The bytes of a file; `nil` only where there is none. A file that cannot be read is an error, never absent.
  func contents(of path: String) throws(StateError) -> [UInt8]?
  /// Adds to the end of a file, made with mode 0600 where there is none, and syncs it (and its folder, where it is new).
  func append(_ bytes: [UInt8], to path: String) throws(StateError)
  /// Makes a file with mode 0600, which must not be there, and syncs it.
  func create(_ bytes: [UInt8], at path: String) throws(StateError)
  func rename(_ from: String, to: String) throws(StateError)
  /// Takes a file away; one that is gone already is no error.
  func remove(_ path: String) throws(StateError)
  func syncFolder(_ path: String) throws(StateError)
  /// Makes a folder of its owner's alone where there is none.
  func createFolder(_ path: String) throws(StateError)
}

/// The file system of this machine.
package struct PosixFiles: FileOperations {
  package init() {}

  package func contents(of path: String) throws(StateError) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw failure("read", path) }
      var status = stat()
      guard unsafe lstat(path, &status) != 0 else {
        throw StateError(.io, "cannot read \(path): it is a link to a file that is not there")
      }
      return nil
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  package func append(_ bytes: [UInt8], to path: String) throws(StateError) {
    var isNew = false
    var descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0, errno == ENOENT {
      isNew = true
      descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    try finish(descriptor, bytes, path)
    if isNew { try syncFolder(folder(of: path)) }
  }

  package func create(_ bytes: [UInt8], at path: String) throws(StateError) {
    try finish(unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600), bytes, path)
  }

  package func rename(_ from: String, to: String) throws(StateError) {
    guard unsafe Glibc.rename(from, to) == 0 else { throw failure("replace", to) }
  }

  package func remove(_ path: String) throws(StateError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  package func syncFolder(_ path: String) throws(StateError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync", path) }
  }

  package func createFolder(_ path: String) throws(StateError) {
    guard unsafe mkdir(path, 0o700) == 0 else {
      guard errno == EEXIST else { throw failure("make", path) }
      return
    }
    // What lies in a folder is durable only where the folder's own name is.
    try syncFolder(State.folder(of: path))
  }

  private func finish(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(StateError) {
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      start += count
    }
    guard fsync(descriptor) == 0 else { throw failure("sync", path) }
  }

  private func failure(_ verb: String, _ path: String) -> StateError {
    StateError(.io, "cannot \(verb) \(path): \(unsafe String(cString: strerror(errno)))")
  }
}

/// The folder that a path lies in.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
