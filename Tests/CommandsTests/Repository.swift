import Applying
import Foundation
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Synchronization

@testable import Commands

/// What a command printed, and how it ended.
struct Run {
  var status: Int32
  var output: String
  var errors: String

  var json: JSONValue? { try? JSONValue(parsing: output) }
}

/// A folder with manifests and a state, in which commands run as in a terminal of their own.
final class Repository: Sendable {
  let folder: String
  let identity = AgeIdentity.generate()
  private let everything = Mutex("")

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "clientsync-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/clients", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var recipient: String { identity.recipient.text }

  /// Everything that any command printed.
  var printed: String { everything.withLock { $0 } }

  func write(_ file: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/clients/\(file)"))
  }

  func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(folder)/clients/\(file)") }

  func read(_ file: String) -> Data? { FileManager.default.contents(atPath: "\(folder)/\(file)") }

  /// Every file under the folder, with its bytes.
  func files() -> [String: Data] {
    var files: [String: Data] = [:]
    for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
      if let data = FileManager.default.contents(atPath: "\(folder)/\(path)") { files[path] = data }
    }
    return files
  }

  func run(
    _ arguments: String..., environment: [String: String] = [:], answer: String? = nil, input: String? = nil,
    configure: (inout Context) -> Void = { _ in }
  ) async -> Run {
    await run(arguments, environment: environment, answer: answer, input: input, configure: configure)
  }

  /// - Parameter input: what stands in standard input.
  func run(
    _ arguments: [String], environment: [String: String] = [:], answer: String? = nil, input: String? = nil,
    configure: (inout Context) -> Void = { _ in }
  ) async -> Run {
    let inputFile = folder + "/input-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: inputFile, contents: Data((input ?? "").utf8))
    let standardInput = FileHandle(forReadingAtPath: inputFile)
    defer { try? FileManager.default.removeItem(atPath: inputFile) }
    let output = Mutex("")
    let errors = Mutex("")
    var variables = ["HOME": folder + "/home", "SOPS_AGE_KEY": identity.text.exposed]
    variables.merge(environment) { $1 }
    var context = Context(
      environment: variables, print: { text in output.withLock { $0 += text } },
      printError: { text in errors.withLock { $0 += text } }, inputIsTerminal: answer != nil, ask: { _ in answer },
      standardInput: standardInput?.fileDescriptor ?? 0,
      stop: StopSignal())
    configure(&context)
    var all = arguments
    if ["plan", "apply", "drift", "state"].contains(arguments[0]), !arguments.contains("--file"), !arguments.contains("--state")
    {
      all += ["--state", folder + "/state"]
    }
    let readsManifests =
      ["plan", "apply", "drift", "validate"].contains(arguments[0])
      || ["rekey", "rebuild"].contains(arguments.dropFirst().first)
    if readsManifests, !arguments.contains("-f") {
      all += ["-f", folder + "/clients"]
    }
    let status = await ClientsyncCommand.run(all, context)
    let run = Run(status: status, output: output.withLock { $0 }, errors: errors.withLock { $0 })
    everything.withLock { $0 += run.output + run.errors }
    return run
  }

  /// The same command in a process of its own, for what only a signal can do to it.
  func start(_ arguments: String...) throws -> Child {
    try Child(
      [Child.clientsync] + arguments + ["--state", folder + "/state", "-f", folder + "/clients"],
      environment: ["HOME": folder + "/home", "SOPS_AGE_KEY": identity.text.exposed], output: folder + "/output")
  }

  static func client(_ name: String, _ metadata: String, spec: String = "") -> String {
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: \(name) }\nspec:\n  client: { \(metadata) }\n\(spec)"
  }
}
