import Foundation
import Testing

/// A name server that does not answer holds up no command for longer than its time limit: the system's resolver, which cannot be told
/// to stop, is left behind.
@Suite(.enabled(if: CCompiler.path != nil, "no C compiler is installed"), .timeLimit(.minutes(15)))
struct SlowResolverTests {
  /// Stands before the system's own and takes an hour over every name.
  private static let source = """
    #include <netdb.h>
    #include <unistd.h>
    int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
      sleep(3600);
      return EAI_FAIL;
    }
    """

  @Test("a look-up that has no end is cut by the time limit for connecting, and by Ctrl-C", arguments: [false, true])
  func slowResolver(_ isInterrupted: Bool) async throws {
    let repository = try Repository()
    let source = repository.folder + "/slow.c"
    let library = repository.folder + "/slow.so"
    let output = repository.folder + "/output"
    try Data(Self.source.utf8).write(to: URL(filePath: source))
    let compiler = try #require(CCompiler.path)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    #expect(
      try await Child([compiler, "-shared", "-fPIC", "-o", library, source], environment: ["PATH": path]).ended() == 0)

    let limit = isInterrupted ? "1h" : "300ms"
    let child = try Child(
      [
        Child.clientsync, "oidc", "discover", "https://slow.example.com", "--verbose", "--timeout", "1h", "--connect-timeout",
        limit,
      ], environment: ["LD_PRELOAD": library, "no_proxy": "*"], output: output)
    let status =
      isInterrupted
      ? await child.ended(by: SIGINT) {
        FileManager.default.contents(atPath: output)?.starts(with: Data("> GET".utf8)) ?? false
      }
      : await child.ended()
    let said = String(decoding: try #require(repository.read("output")), as: UTF8.self)
    #expect(status == 1 << 8, "\(said)")
    #expect(said.contains(isInterrupted ? "\"transport.cancelled\"" : "\"transport.timedOut\""), "\(said)")
    #expect(said.contains("no connection within 300 ms") != isInterrupted)
  }
}

/// The C compiler of this machine.
enum CCompiler {
  static let path: String? = {
    for name in ["clang", "cc", "gcc"] {
      for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
        if FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") { return "\(folder)/\(name)" }
      }
    }
    return nil
  }()
}
