import Foundation
import OpenIDJSON
import Testing

@testable import Commands

/// A real django-oauth-toolkit on loopback, from PyPI. It rotates the token at every set and names its registration endpoint only in
/// `/.well-known/oauth-authorization-server`.
final class DjangoOAuthToolkit: Sendable {
  let issuer: String
  private let folder: String
  private static let scripts = Bundle.module.resourceURL!.appending(path: "Fixtures/servers/django-oauth-toolkit")

  /// One server for the suite; `nil` where it cannot be installed.
  static let shared: DjangoOAuthToolkit? = try? DjangoOAuthToolkit()

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "dot-\(UUID().uuidString)").path
    let port = try Self.freePort()
    issuer = "http://127.0.0.1:\(port)"
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    guard
      try Self.bash(
        ["start.sh", String(port)],
        ["WORKDIR": folder, "PEER_VENV": root.appending(path: ".build/tools/django-oauth-toolkit").path]) == 0
    else { throw CocoaError(.fileReadUnknown) }
    let path = folder
    atexit_b { _ = try? DjangoOAuthToolkit.bash(["stop.sh"], ["WORKDIR": path]) }
  }

  static func bash(_ arguments: [String], _ environment: [String: String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [scripts.appending(path: arguments[0]).path] + arguments.dropFirst()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
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
