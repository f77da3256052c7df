import FoundationEssentials
import Glibc
import OpenIDJSON

/// An advisory lock: a file that only one can create, with its owner in it.
struct LockFile {
  let path: String
  var files: any FileOperations = PosixFiles()

  func holder() throws(StateError) -> LockHolder? {
    guard let bytes = try files.contents(of: path) else { return nil }
    guard let owner = LockOwner(bytes) else { return .unknown }
    return owner.isDead(seenBy: .current(command: "")) ? .dead(owner) : .owner(owner)
  }

  /// Takes the lock of that owner away, whoever it was.
  func take(away owner: LockOwner) throws(StateError) -> Bool {
    guard let bytes = try files.contents(of: path), LockOwner(bytes)?.id == owner.id else { return false }
    try files.remove(path)
    return true
  }

  func take(_ owner: LockOwner, timeout: Duration) async throws(StateError) {
    let end = ContinuousClock.now.advanced(by: timeout)
    while true {
      if try create(owner) { return }
      guard let holder = try files.contents(of: path) else { continue }
      let other = LockOwner(holder)
      if let other, other.isDead(seenBy: owner), removeDead(seenBy: owner) { continue }
      guard ContinuousClock.now < end, !Task.isCancelled else { throw taken(by: other) }
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Waits until nobody who may still run holds it.
  func awaitFree(timeout: Duration) async throws(StateError) {
    let me = LockOwner.current(command: "")
    let end = ContinuousClock.now.advanced(by: timeout)
    while let holder = try files.contents(of: path) {
      let other = LockOwner(holder)
      if let other, other.isDead(seenBy: me) { return }
      guard ContinuousClock.now < end, !Task.isCancelled else { throw taken(by: other) }
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Whether it is there, and that owner's; where the whole folder is gone, nobody else has it.
  func isHeld(by owner: LockOwner) -> Bool {
    guard let bytes = try? files.contents(of: path) else { return files.stamp(of: State.folder(of: path)) == nil }
    return LockOwner(bytes)?.id == owner.id
  }

  func give(back owner: LockOwner) throws(StateError) {
    _ = try take(away: owner)
  }

  /// Written beside and linked into place, so that nobody ever sees a lock without its owner.
  private func create(_ owner: LockOwner) throws(StateError) -> Bool {
    let draft = "\(path).\(owner.id)"
    defer { try? files.remove(draft) }
    try files.create(Array(owner.json.text(.pretty).utf8) + [0x0a], at: draft)
    return try files.link(draft, to: path)
  }

  /// Takes away what processes that were killed while they made a lock left beside it.
  func removeDeadDrafts(_ owner: LockOwner) {
    let folder = State.folder(of: path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let prefix = path.dropFirst(folder == "." ? 0 : folder.count + 1) + "."
    for name in names where name.hasPrefix(prefix) {
      let draft = "\(folder)/\(name)"
      guard let bytes = try? files.contents(of: draft) else { continue }
      if LockOwner(bytes)?.isDead(seenBy: owner) == true { try? files.remove(draft) }
    }
  }

  /// Takes a dead owner's lock away; `false` where it cannot be opened or removed.
  ///
  /// Two who find it at once agree by a lock of the kernel's on that very file. What was read before says nothing here: meanwhile
  /// another may have taken over, in a file with the same inode number. So the owner is read again from the file that is held open.
  private func removeDead(seenBy me: LockOwner) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    var held = stat()
    var named = stat()
    guard flock(descriptor, LOCK_EX) == 0, unsafe fstat(descriptor, &held) == 0 else { return false }
    guard unsafe stat(path, &named) == 0 else { return errno == ENOENT }
    guard held.st_ino == named.st_ino, held.st_dev == named.st_dev else { return true }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    guard count > 0, let owner = LockOwner(Array(buffer[..<count])), owner.isDead(seenBy: me) else { return true }
    return unsafe unlink(path) == 0
  }

  private func taken(by owner: LockOwner?) -> StateError {
    guard let owner else {
      return StateError(
        .locked, "\(path) is there, and what is in it is no lock of clientsync's. If no run is under way, remove it.")
    }
    return StateError(
      .locked,
      "\(path) is held by \(owner.words).\nWait with --lock-timeout 5m, or, if that run is dead: clientsync state unlock \(owner.id)"
    )
  }
}
