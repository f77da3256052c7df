import Foundation

/// A TLS server by the `openssl` program, with a certificate made for it.
final class OpenSSLServer {
  let port: Int
  /// The server's certificate, which signs itself.
  var certificate: String { certificates.certificate }
  /// A client's certificate and key, which the server trusts where it asks for one.
  var clientCertificate: String { certificates.clientCertificate }
  var clientKey: String { certificates.clientKey }
  var url: String { "https://localhost:\(port)" }

  private let certificates: TestCertificates
  private let process = Process()

  /// - Parameters:
  ///   - days: how long the certificate holds; -1 for one that has expired.
  ///   - options: more for `openssl s_server`; `CLIENT` stands for the client's certificate.
  init(days: Int = 2, options: [String] = []) throws {
    certificates = try TestCertificates(days: days)
    let output = Pipe()
    process.executableURL = URL(filePath: TestCertificates.program)
    process.arguments =
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "certificate.pem", "-key", "key.pem"]
      + options.map { $0 == "CLIENT" ? "client.pem" : $0 }
    process.currentDirectoryURL = certificates.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var said = ""
    var found: Int?
    while found == nil {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { break }
      said += String(decoding: more, as: UTF8.self)
      guard let line = said.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }), said.hasSuffix("\n") else {
        continue
      }
      found = line.split(separator: ":").last.flatMap { Int($0) }
    }
    guard let found else { throw CocoaError(.executableLoad) }
    port = found
  }

  deinit {
    // A program started from a Swift task inherits its thread's blocked signals, SIGTERM among them.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
