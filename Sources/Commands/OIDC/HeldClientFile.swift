import Applying
import Glibc
import OpenIDJSON
import State
import Synchronization

/// A client's file while one command alone works with it, from before a call is sent until its answer is kept: claimed by its name,
/// where it is to be a new one, or locked.
///
/// The lock is the kernel's and ends with the process, so that a killed one stands in nobody's way. Where a file system knows no
/// such locks, what is left is that a file which changed meanwhile is not written over.
final class HeldClientFile: Sendable {
  /// Where what an answer brought is.
  enum Kept {
    case inPlace
    /// In another file beside it, and why.
    case beside(String, reason: String)
  }

  private struct Status {
    /// Negative once it is closed.
    var descriptor: Int32
    var kept: Kept?
  }

  let file: ClientFile
  private let isClaim: Bool
  /// What the file was when it was taken.
  private let stamp: String?
  private let status: Mutex<Status>

  private init(_ file: ClientFile, descriptor: Int32, isClaim: Bool) {
    self.file = file
    self.isClaim = isClaim
    stamp = file.files.stamp(of: file.path)
    status = Mutex(Status(descriptor: descriptor))
  }

  deinit { end() }

  var kept: Kept? { status.withLock(\.kept) }

  /// Claims the name of a new file, by an empty one of its owner's alone, which is locked before it has the name.
  static func claim(_ file: ClientFile) throws(CommandFailure) -> HeldClientFile {
    let draft = file.newDraft()
    var descriptor: Int32 = -1
    let isFree: Bool
    do throws(StateError) {
      defer { try? file.files.remove(draft) }
      try file.files.create([], at: draft)
      descriptor = unsafe open(draft, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else {
        throw StateError(.io, "cannot open \(draft): \(unsafe String(cString: strerror(errno)))")
      }
      _ = lock(descriptor)
      isFree = try file.files.link(draft, to: file.path)
    } catch {
      if descriptor >= 0 { close(descriptor) }
      throw CommandFailure(.failed, "--out: \(error). Nothing was sent.")
    }
    guard isFree else {
      close(descriptor)
      try file.checkThatItIsNew()
      throw CommandFailure(.failed, "--out \(file.name): another process just made or removed it. Nothing was sent.")
    }
    // Without hard links it is a file of its own.
    if !isFile(descriptor, at: file.path) {
      close(descriptor)
      descriptor = unsafe open(file.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      _ = lock(descriptor)
    }
    return HeldClientFile(file, descriptor: descriptor, isClaim: true)
  }

  /// Locks a file that is there, once whoever has it is done.
  ///
  /// - Parameter patience: how long that may take.
  static func locked(
    _ file: ClientFile, patience: Duration, title: String, _ context: Context
  ) async throws(CommandFailure) -> HeldClientFile {
    let end = ContinuousClock.now.advanced(by: patience)
    var isTold = false
    while true {
      try file.check()
      var descriptor = unsafe open(file.path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
      if descriptor < 0 { descriptor = unsafe open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
      guard descriptor >= 0 else {
        if errno == ENOENT, !file.files.isLink(file.path) { continue }
        throw CommandFailure(.failed, "--client: cannot read \(file.name): \(unsafe String(cString: strerror(errno))).")
      }
      if lock(descriptor) {
        // Whoever had it has put another in its place.
        if isFile(descriptor, at: file.path) { return HeldClientFile(file, descriptor: descriptor, isClaim: false) }
        close(descriptor)
        continue
      }
      close(descriptor)
      if !isTold { context.printError("\(title): another command works with \(file.name); waiting for its end.\n") }
      isTold = true
      guard ContinuousClock.now < end, await context.stop.sleep(for: .milliseconds(50)) else {
        throw CommandFailure(
          .locked,
          "--client: another command still works with \(file.name). Try again once it has ended. Nothing was sent.")
      }
    }
  }

  /// Whether somebody holds the file at this moment.
  static func isInUse(_ file: ClientFile) -> Bool {
    let descriptor = unsafe open(file.path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return !lock(descriptor)
  }

  /// Keeps what an answer brought, durably: in a draft of its own name, synced, and then in the file's place. Where that cannot be,
  /// or has become somebody else's file, the draft stays.
  func keep(_ members: JSONObject) throws(StateError) {
    let files = file.files
    let draft = file.newDraft()
    do throws(StateError) {
      try files.create(Array((JSONValue.object(members).text(.pretty) + "\n").utf8), at: draft)
    } catch {
      try? files.remove(draft)
      throw error
    }
    var reason = "\(file.name) is not the file any more that it was when the call was sent"
    var isInPlace = false
    do throws(StateError) { isInPlace = try place(draft) } catch { reason = error.description }
    let kept: Kept = isInPlace ? .inPlace : .beside(draft, reason: reason)
    status.withLock { $0.kept = kept }
    // It has its name, and its bytes are on the disk. A folder that may not be read cannot be synced, and does not undo that.
    try? files.syncFolder(file.folder)
  }

  /// Says that the file has all that an answer brought.
  func noteKept() { status.withLock { $0.kept = .inPlace } }

  /// - Returns: whether the draft is the file now.
  private func place(_ draft: String) throws(StateError) -> Bool {
    if let stamp, file.files.stamp(of: file.path) == stamp {
      try file.files.rename(draft, to: file.path)
      return true
    }
    guard try file.files.link(draft, to: file.path) else { return false }
    try? file.files.remove(draft)
    return true
  }

  /// Lets go of the file; a claim that nothing came of goes.
  func end() {
    status.withLock { status in
      guard status.descriptor >= 0 else { return }
      let isUnused = if case .inPlace? = status.kept { false } else { true }
      if isClaim, isUnused, Self.isFile(status.descriptor, at: file.path), file.files.stamp(of: file.path) == stamp {
        try? file.files.remove(file.path)
      }
      close(status.descriptor)
      status.descriptor = -1
    }
  }

  /// - Returns: `false` where another has it.
  private static func lock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

  /// Whether what is open is what the path leads to.
  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var held = stat()
    var named = stat()
    guard unsafe fstat(descriptor, &held) == 0, unsafe stat(path, &named) == 0 else { return false }
    return held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
