import FoundationEssentials
import Glibc
import OpenIDJSON

/// An advisory lock: a file that only one can create, with its owner in it.
struct LockFile {
  let path: String

  func take(_ owner: LockOwner, timeout: Duration) async throws(StateError) {
    let end = ContinuousClock.now.advanced(by: timeout)
    while true {
      if try create(owner) { return }
      guard let holder = try holder(), !holder.bytes.isEmpty else { continue }
      let other = LockOwner(holder.bytes)
      if let other, other.isDead(on: owner.host) {
        removeIfUnchanged(holder.inode)
        continue
      }
      guard ContinuousClock.now < end, !Task.isCancelled else { throw taken(by: other) }
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  func give(back owner: LockOwner) throws(StateError) {
    guard let holder = try holder(), LockOwner(holder.bytes)?.id == owner.id else { return }
    unsafe unlink(path)
  }

  /// Written beside and linked into place, so that nobody ever sees a lock without its owner.
  private func create(_ owner: LockOwner) throws(StateError) -> Bool {
    let draft = "\(path).\(owner.id)"
    unsafe unlink(draft)
    try PosixFiles().create(Array(owner.json.text(.pretty).utf8) + [0x0a], at: draft)
    defer { unsafe unlink(draft) }
    if unsafe link(draft, path) == 0 { return true }
    guard errno == EEXIST else {
      throw StateError(.io, "cannot make \(path): \(unsafe String(cString: strerror(errno)))")
    }
    return false
  }

  private func holder() throws(StateError) -> (bytes: [UInt8], inode: UInt64)? {
    guard let inode = inode(), let bytes = try PosixFiles().contents(of: path) else { return nil }
    return (bytes, inode)
  }

  private func inode() -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// Takes a dead owner's lock away. Two who find it at once agree by a lock of the kernel's on that very file: the second finds
  /// another file in its place and leaves it alone.
  private func removeIfUnchanged(_ inode: UInt64) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard flock(descriptor, LOCK_EX) == 0, unsafe fstat(descriptor, &status) == 0,
      UInt64(status.st_ino) == inode, self.inode() == inode
    else { return }
    unsafe unlink(path)
  }

  private func taken(by owner: LockOwner?) -> StateError {
    guard let owner else {
      return StateError(.locked, "\(path) is there, and what is in it is no lock of clientsync's. If no run is under way, remove it.")
    }
    return StateError(
      .locked,
      "\(path) is held by \(owner.command) on \(owner.host) (process \(owner.pid)) since \(owner.since).\nWait with --lock-timeout 5m, or, if that run is dead, remove the file; its id is \(owner.id).")
  }
}
