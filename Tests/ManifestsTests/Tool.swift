import Foundation

/// A Python program that `make setup` puts into `.build/tools`; the tests that need it are skipped where it is missing.
struct Tool: Sendable {
  let module: String

  /// JSON Schema's reference implementation, reading YAML 1.2.
  static let checkJSONSchema = Tool(module: "check_jsonschema")

  private static let python = packageRoot.appending(path: ".build/tools/venv/bin/python").path

  var isInstalled: Bool {
    let libraries = packageRoot.appending(path: ".build/tools/venv/lib").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []).contains {
      FileManager.default.fileExists(atPath: "\(libraries)/\($0)/site-packages/\(module)")
    }
  }

  /// Runs it and returns its status and what it printed.
  func run(_ arguments: [String], in folder: String) throws -> (status: Int32, output: Data) {
    let output = "\(folder)/output"
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    let process = Process()
    process.executableURL = URL(filePath: Self.python)
    process.arguments = ["-m", module] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, FileManager.default.contents(atPath: output) ?? Data())
  }
}
