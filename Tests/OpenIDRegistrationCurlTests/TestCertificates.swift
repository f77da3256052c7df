import Foundation

/// Certificates that sign themselves, made by the `openssl` program in a folder of their own: a server's and a client's.
final class TestCertificates: Sendable {
  static let program = "/usr/bin/openssl"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

  let folder: URL
  var certificate: String { folder.appending(path: "certificate.pem").path }
  var key: String { folder.appending(path: "key.pem").path }
  var clientCertificate: String { folder.appending(path: "client.pem").path }
  var clientKey: String { folder.appending(path: "client-key.pem").path }

  /// - Parameter days: how long the server's holds; -1 for one that has expired.
  init(days: Int = 2) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try make("certificate", "key", name: "localhost", days: days)
    try make("client", "client-key", name: "client", days: 2)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func make(_ certificate: String, _ key: String, name: String, days: Int) throws {
    try run([
      "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(key).pem", "-out",
      "request.pem",
      "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)",
    ])
    try run([
      "x509", "-req", "-in", "request.pem", "-signkey", "\(key).pem", "-days", "\(days)", "-copy_extensions", "copy", "-out",
      "\(certificate).pem",
    ])
  }

  private func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.program)
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
