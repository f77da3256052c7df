import OpenIDJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a file with the project's JSON reader and prints how many members it has, as `jq length` does: what reading a state costs
/// before anything is made of it.
///
///     JSONBenchmark FILE
@main struct JSONBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 2, let bytes = contents(of: arguments[1]) else {
      print("usage: JSONBenchmark FILE")
      exit(64)
    }
    print(try JSONValue(parsing: bytes).object?.count ?? 0)
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(0, unsafe pread(file, buffer.baseAddress, size, 0))
    }
    return bytes.count == size ? bytes : nil
  }
}
