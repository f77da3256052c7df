import Foundation

/// A server that speaks HTTP/2 over TLS, by the `nghttpx` program, in front of a ``RawServer``: what arrives is scripted there.
///
/// It listens at a Unix socket, so that it needs no port.
final class HTTP2Server {
  static let isInstalled = program != nil && TestCertificates.isInstalled
  /// From the tools that `make setup` brings, else where Debian puts it.
  private static let program: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return [root.appending(path: ".build/tools/bin/nghttpx").path, "/usr/sbin/nghttpx"]
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  var certificate: String { certificates.certificate }
  var socketPath: String { certificates.folder.appending(path: "s").path }
  private let certificates: TestCertificates
  private let process = Process()

  init(inFrontOf server: RawServer) throws {
    certificates = try TestCertificates()
    process.executableURL = Self.program.map { URL(filePath: $0) }
    process.arguments = [
      "--single-process", "--conf=/dev/null", "--no-ocsp", "--frontend=unix:\(socketPath)",
      "--backend=127.0.0.1,\(server.port)", "--accesslog-file=/dev/null", "--errorlog-file=/dev/null", certificates.key,
      certificate,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It says nothing when it is ready, but that it takes a connection.
    while true {
      if let descriptor = try? socketConnected(toPath: socketPath) {
        close(descriptor)
        return
      }
      guard process.isRunning else { throw CocoaError(.executableLoad) }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
