import Foundation
import Glibc

/// Somebody else's server on loopback, from PyPI or Debian, as its script in the fixtures starts it.
final class RealServer: Sendable {
  let issuer: String
  private let name: String
  private let folder: String
  private static let scripts = Bundle.module.resourceURL!.appending(path: "Fixtures/servers")

  // One server of each kind a run; `nil` where it cannot be installed.
  static let authlib = try? RealServer("authlib")
  static let djangoOAuthToolkit = try? RealServer("django-oauth-toolkit")
  static let glewlwyd = try? RealServer("glewlwyd")
  static let pyoidc = try? RealServer("pyoidc")

  private init(_ name: String) throws {
    self.name = name
    folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let output = folder + "/output"
    let variables = ["WORKDIR": folder, "PEER_VENV": root.appending(path: ".build/tools/\(name)").path]
    guard try Self.run("\(name)/start.sh", [String(Self.freePort())], variables, output: output) == 0 else {
      throw CocoaError(.fileReadUnknown)
    }
    let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
    guard let issuer = lines.first(where: { $0.hasPrefix("ISSUER=") }) else { throw CocoaError(.fileReadCorruptFile) }
    self.issuer = String(issuer.dropFirst("ISSUER=".count))
  }

  func stop() {
    _ = try? Self.run("\(name)/stop.sh", [], ["WORKDIR": folder])
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func run(
    _ script: String, _ arguments: [String], _ variables: [String: String], output: String = "/dev/null"
  ) throws -> Int32 {
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    return try Child(["/bin/bash", scripts.appending(path: script).path] + arguments, environment: environment, output: output)
      .wait()
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) + getsockname(descriptor, pointer, &length)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
