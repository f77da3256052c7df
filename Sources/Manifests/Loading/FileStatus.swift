#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which file this is, by whatever name it was reached.
struct FileIdentity: Hashable {
  var device: UInt64
  var number: UInt64
}

/// What lies behind a path, links followed.
package struct FileStatus {
  enum Kind: Hashable {
    case file
    case folder
    case link
    case pipe
    case socket
    case device
    case unknown
  }

  var kind: Kind
  var identity: FileIdentity
  var size: Int

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFCHR, S_IFBLK: .device
      default: .unknown
      }
    identity = FileIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    size = Int(status.st_size)
  }

  static func of(_ path: String) -> Result<FileStatus, ReadingProblem> {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .failure(.latest()) }
    return .success(FileStatus(status))
  }

  /// Where a link leads, which may be nowhere; `nil` where the path is none.
  static func linkTarget(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: 4096)
    guard unsafe readlink(path, &target, target.count - 1) >= 0 else { return nil }
    return String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The path without links; `nil` where it cannot be told.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(validatingCString: resolved)
  }
}

extension ReadingProblem {
  /// The last system call's problem.
  static func latest() -> ReadingProblem {
    let number = errno
    if number == ENOENT || number == ENOTDIR { return .missing }
    let words = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return .unreadable(words.prefix(1).lowercased() + words.dropFirst())
  }
}

/// One name in a folder.
struct FolderEntry {
  /// `nil` where the name is no UTF-8.
  var name: String?
  var sortKey: [UInt8]
  /// Of the entry itself: a link is a link here. `unknown` where the file system does not tell.
  var kind: FileStatus.Kind

  /// The name as it can be shown, repaired.
  var shown: String { name ?? String(decoding: sortKey, as: UTF8.self) }

  var isHidden: Bool { sortKey.first == UInt8(ascii: ".") }

  static func all(in path: String) -> Result<[FolderEntry], ReadingProblem> {
    guard let folder = unsafe opendir(path) else { return .failure(.latest()) }
    defer { unsafe closedir(folder) }
    var entries: [FolderEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        if errno != 0 { return .failure(.latest()) }
        return .success(entries)
      }
      let kind: FileStatus.Kind =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        default: .unknown
        }
      let capacity = unsafe MemoryLayout.size(ofValue: entry.pointee.d_name)
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: capacity) { characters in
          let bytes = unsafe Array(UnsafeBufferPointer(start: characters, count: strlen(characters))).map {
            UInt8(bitPattern: $0)
          }
          entries.append(
            FolderEntry(
              name: String(validating: bytes, as: UTF8.self), sortKey: bytes,
              kind: kind))
        }
      }
    }
  }
}
