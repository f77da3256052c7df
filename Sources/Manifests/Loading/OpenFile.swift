#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads whole files.
enum OpenFile {
  struct Contents {
    var bytes: [UInt8]
    /// Whether they came out of a pipe, as from `<(kustomize build …)`.
    var isStream: Bool
    /// Of a file that lies on a disk.
    var identity: FileIdentity?
  }

  /// The bytes of the file at a path; nothing where it was read before.
  ///
  /// It is opened without waiting: a pipe in a folder would otherwise hold up the run until somebody writes to it.
  static func contents(
    of path: String, mayBePipe: Bool, skipping read: Set<FileIdentity>
  ) -> Result<Contents?, ReadingProblem> {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      // A socket cannot be opened at all.
      return .failure(errno == ENXIO ? .notAFile("a socket") : .latest())
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .failure(.latest()) }
    let file = FileStatus(status)
    switch file.kind {
    case .file:
      guard !read.contains(file.identity) else { return .success(nil) }
      guard file.size <= ManifestLoader.maximumBytes else { return .failure(.tooLarge) }
      return contents(of: descriptor, isStream: false, expected: file.size).map {
        Contents(bytes: $0, isStream: false, identity: file.identity)
      }
    case .pipe where mayBePipe:
      return contents(of: descriptor, isStream: true).flatMap { bytes in
        bytes.isEmpty ? .failure(.notAFile("a pipe that nobody writes to")) : .success(Contents(bytes: bytes, isStream: true))
      }
    case .pipe: return .failure(.notAFile("a pipe"))
    case .device: return .failure(.notAFile("a device"))
    default: return .failure(.notAFile("something else"))
    }
  }

  /// All bytes of an open file, up to the bound.
  static func contents(of descriptor: Int32, isStream: Bool, expected: Int = 1 << 16) -> Result<[UInt8], ReadingProblem> {
    var bytes: [UInt8] = []
    // One more than expected, so that the end shows in the same call that fills the rest.
    var room = expected + 1
    while true {
      let count: Int
      var piece = [UInt8](repeating: 0, count: room)
      count = unsafe piece.withUnsafeMutableBytes { unsafe Self.read(descriptor, $0.baseAddress, room) }
      if count == 0 { return .success(bytes) }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EAGAIN where isStream:
          var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          _ = unsafe poll(&waiting, 1, -1)
          continue
        default: return .failure(.latest())
        }
      }
      if bytes.isEmpty, count < piece.count {
        piece.removeLast(piece.count - count)
        bytes = piece
        // A regular file that gave all it has need not be asked again.
        if !isStream, count == expected { return .success(bytes) }
      } else {
        bytes += piece[..<count]
      }
      guard bytes.count <= ManifestLoader.maximumBytes else { return .failure(.tooLarge) }
      room = 1 << 16
    }
  }

  private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.read(descriptor, buffer, count)
    #elseif canImport(Musl)
      unsafe Musl.read(descriptor, buffer, count)
    #else
      unsafe Darwin.read(descriptor, buffer, count)
    #endif
  }
}
