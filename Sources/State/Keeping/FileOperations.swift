import Glibc

/// The file system as the state uses it, small enough for a test to make each step of it fail.
package protocol FileOperations: Sendable {
  /// The bytes of a file; `nil` only where there is none. A file that cannot be read is an error, never absent.
  func contents(of path: String) throws(StateError) -> [UInt8]?
  /// What changes when a file is written or replaced; `nil` where there is none.
  func stamp(of path: String) -> String?
  /// Whether a name is a symbolic link.
  func isLink(_ path: String) -> Bool
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
  /// Gives a file a second name, which must be free.
  ///
  /// - Returns: whether it was.
  func link(_ path: String, to other: String) throws(StateError) -> Bool
}

/// One system call that changes something on the disk.
package struct FileStep: Sendable, Hashable {
  package enum Call: String, Sendable, Hashable, CaseIterable {
    case create, write, sync, rename, remove, link, makeFolder, syncFolder
  }

  package var call: Call
  package var path: String
}

/// What a gate lets happen to a step.
package enum FileStepFate: Sendable {
  case happens
  /// It has no effect and reports this error (`ENOSPC`, `EIO`).
  case fails(Int32)
  /// Half of what was to be written is, then it reports this error.
  case tears(Int32)
}

/// The file system of this machine.
package struct PosixFiles: FileOperations {
  /// Asked before each step, and told of each that happened: for whoever wants to see what a failing disk or a killed process
  /// leaves.
  package struct Gate: Sendable {
    package var before: @Sendable (FileStep) -> FileStepFate
    package var after: @Sendable (FileStep) -> Void

    package init(
      before: @escaping @Sendable (FileStep) -> FileStepFate, after: @escaping @Sendable (FileStep) -> Void = { _ in }
    ) {
      self.before = before
      self.after = after
    }
  }

  private let gate: Gate?

  package init(gate: Gate? = nil) { self.gate = gate }

  /// Makes one system call that changes something; `-1` and `errno` where it or the gate says so.
  private func step(_ call: FileStep.Call, _ path: String, _ work: () -> Int32) -> Int32 {
    guard let gate else { return work() }
    let step = FileStep(call: call, path: path)
    if case .fails(let code) = gate.before(step) {
      errno = code
      return -1
    }
    let result = work()
    if result >= 0 { gate.after(step) }
    return result
  }

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
    return try PosixFiles.contents(of: descriptor, named: path)
  }

  package func stamp(of path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }

  /// All that can be read from a descriptor.
  package static func contents(of descriptor: Int32, named path: String) throws(StateError) -> [UInt8] {
    var status = stat()
    let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // One byte more than there is, so that the end is seen without growing; a pipe, or a file that grows, takes several rounds.
    var space = isFile ? max(1 << 12, Int(status.st_size) + 1) : 1 << 16
    var bytes: [UInt8] = []
    while true {
      var problem: StateError?
      var count = 0
      let part = unsafe [UInt8](unsafeUninitializedCapacity: space) { buffer, initialized in
        repeat { count = unsafe read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        if count < 0 { problem = PosixFiles.failure("read", path) }
        initialized = max(0, count)
      }
      if let problem { throw problem }
      if count == 0 { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      space = 1 << 16
    }
  }

  package func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  package func append(_ bytes: [UInt8], to path: String) throws(StateError) {
    var isNew = false
    var descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0, errno == ENOENT {
      isNew = true
      descriptor = step(.create, path) {
        unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      }
    }
    try finish(descriptor, bytes, path)
    if isNew { try syncFolder(folder(of: path)) }
  }

  package func create(_ bytes: [UInt8], at path: String) throws(StateError) {
    let descriptor = step(.create, path) {
      unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    try finish(descriptor, bytes, path)
  }

  package func rename(_ from: String, to: String) throws(StateError) {
    guard step(.rename, to, { unsafe Glibc.rename(from, to) }) == 0 else { throw failure("replace", to) }
  }

  package func remove(_ path: String) throws(StateError) {
    guard step(.remove, path, { unsafe unlink(path) }) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  package func syncFolder(_ path: String) throws(StateError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard step(.syncFolder, path, { fsync(descriptor) }) == 0 else { throw failure("sync", path) }
  }

  package func link(_ path: String, to other: String) throws(StateError) -> Bool {
    if step(.link, other, { unsafe Glibc.link(path, other) }) == 0 { return true }
    if errno == EEXIST { return false }
    // File systems without hard links (FAT, some that are shared): the name is made by itself, and is empty for a moment.
    guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno), let bytes = try contents(of: path) else {
      throw failure("make", other)
    }
    let descriptor = step(.create, other) {
      unsafe open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    if descriptor < 0, errno == EEXIST { return false }
    try finish(descriptor, bytes, other)
    return true
  }

  package func createFolder(_ path: String) throws(StateError) {
    var status = stat()
    if unsafe stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw StateError(.io, "\(path) is no folder, so no state can lie in it")
      }
      return
    }
    guard step(.makeFolder, path, { unsafe mkdir(path, 0o700) }) == 0 else {
      if errno == EEXIST {
        guard unsafe stat(path, &status) != 0 else { return }
        throw StateError(.io, "\(path) is a link to a folder that is not there. Mount or make what it points to.")
      }
      throw failure("make", path)
    }
    // What lies in a folder is durable only where the folder's own name is.
    try syncFolder(State.folder(of: path))
  }

  private func finish(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(StateError) {
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path)
    guard step(.sync, path, { fsync(descriptor) }) == 0 else { throw failure("sync", path) }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StateError) {
    let step = FileStep(call: .write, path: path)
    var end = bytes.count
    var code: Int32?
    switch gate?.before(step) {
    case .fails(let error)?: (end, code) = (0, error)
    case .tears(let error)?: (end, code) = (bytes.count / 2, error)
    case .happens?, nil: break
    }
    var start = 0
    while start < end {
      let count = unsafe bytes[start..<end].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      start += count
    }
    if let code {
      errno = code
      throw failure("write", path)
    }
    gate?.after(step)
  }

  private func failure(_ verb: String, _ path: String) -> StateError { PosixFiles.failure(verb, path) }

  private static func failure(_ verb: String, _ path: String) -> StateError {
    StateError(.io, "cannot \(verb) \(path): \(unsafe String(cString: strerror(errno)))")
  }
}

/// The folder that a path lies in.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
