import Foundation

/// A TLS server by the `openssl` program, with a certificate made for it, in a folder of its own.
final class OpenSSLServer {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
  private static let program = "/usr/bin/openssl"

  let port: Int
  /// The server's certificate, which signs itself.
  var certificate: String { folder.appending(path: "certificate.pem").path }
  /// A client's certificate and key, which the server trusts where it asks for one.
  var clientCertificate: String { folder.appending(path: "client.pem").path }
  var clientKey: String { folder.appending(path: "client-key.pem").path }
  var url: String { "https://localhost:\(port)" }

  private let folder: URL
  private let process = Process()

  /// - Parameters:
  ///   - days: how long the certificate holds; -1 for one that has expired.
  ///   - options: more for `openssl s_server`; `CLIENT` stands for the client's certificate.
  init(days: Int = 2, options: [String] = []) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.makeCertificate(in: folder, "certificate", "key", name: "localhost", days: days)
    try Self.makeCertificate(in: folder, "client", "client-key", name: "client", days: 2)
    let output = Pipe()
    process.executableURL = URL(filePath: Self.program)
    process.arguments =
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "certificate.pem", "-key", "key.pem"]
      + options.map { $0 == "CLIENT" ? "client.pem" : $0 }
    process.currentDirectoryURL = folder
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
    try? FileManager.default.removeItem(at: folder)
  }

  private static func makeCertificate(in folder: URL, _ certificate: String, _ key: String, name: String, days: Int) throws {
    try run(
      in: folder,
      [
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(key).pem", "-out",
        "request.pem",
        "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)",
      ])
    try run(
      in: folder,
      [
        "x509", "-req", "-in", "request.pem", "-signkey", "\(key).pem", "-days", "\(days)", "-copy_extensions", "copy", "-out",
        "\(certificate).pem",
      ])
  }

  private static func run(in folder: URL, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
