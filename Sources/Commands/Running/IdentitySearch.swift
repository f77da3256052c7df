import FoundationEssentials
import OpenIDCryptography
import Sealing

/// Finds the identities at hand.
enum IdentitySearch {
  /// Looks where sops looks; what only sops itself can open, it may where `--allow-exec` was given.
  static func identities(_ context: Context, allowsExec: Bool) throws(CommandFailure) -> AgeIdentities {
    let environment = context.environment
    let tools = AgeIdentities.Tools(
      run: { ChildProcess.output(of: $0, environment: ChildProcess.inherited(context)) },
      passphrase: { context.askSecret("Passphrase of \($0): ") })
    do throws(AgeError) {
      var found = try AgeIdentities.find(environment: environment, tools: tools)
      if allowsExec { found.external = ExternalOpener { SOPSProgram(context).wrap($0, for: $1) } }
      return found
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }
}

/// The program `sops`, asked to wrap a data key for one more recipient. It gets metadata and nothing else, so that no secret lies in
/// the folder where it works.
struct SOPSProgram {
  let environment: [String: String]

  /// It keeps `SOPS_AGE_KEY`, which is meant for it, and gets no registry's credentials.
  init(_ context: Context) {
    environment = context.environment.filter { !context.credentialVariables.contains($0.key) }
  }

  func wrap(_ document: [UInt8], for recipient: String) -> ExternalOpener.Outcome {
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let folder = "\(base)/clientsync-\(Hex.encode(Random.bytes(8)))"
    let files = FileManager.default
    let (rule, path) = (folder + "/.sops.yaml", folder + "/state.json")
    do {
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try Data("creation_rules:\n  - age: \(recipient)\n".utf8).write(to: URL(filePath: rule))
      try Data(document).write(to: URL(filePath: path))
    } catch {
      return .failed("\(folder) cannot be made")
    }
    defer { try? files.removeItem(atPath: folder) }
    let arguments = ["sops", "--config", rule, "updatekeys", "-y", path]
    guard ChildProcess.output(of: arguments, environment: environment) != nil, let bytes = files.contents(atPath: path) else {
      return .failed("it is not installed, or it failed; what it said stands above")
    }
    return .wrapped(Array(bytes))
  }
}
