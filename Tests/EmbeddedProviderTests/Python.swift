import Foundation

/// Runs a program of the fixtures.
enum Python {
  /// The interpreter that `make setup` puts into the work tree, with the package that makes proofs; else the system's.
  private static let interpreter = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let own = root.appending(path: ".build/tools/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()

  /// Whether proofs of possession can be made.
  static let makesProofs = (try? run(["-c", "import cryptography; print('yes')"])) == "yes\n"

  /// What it printed, on both of its outputs.
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [interpreter] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
