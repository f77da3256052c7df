import Diagnostics
import FoundationEssentials
import Manifests
import OpenIDCryptography

/// Fetches the credentials that a registry names, when they are needed and no sooner.
struct Credentials: Sendable {
  let context: Context
  let allowsExec: Bool

  /// - Throws: exit 1 where the credential is not there, exit 7 where a command would have to run and nobody allowed it.
  func secret(_ source: CredentialSource) throws(CommandFailure) -> Secret {
    let text: String
    switch source {
    case .environment(let name, let place):
      guard let value = context.environment[name], !value.isEmpty else {
        throw CommandFailure(.failed, "\(place): the environment variable \(name) is not set, and the registry needs it.")
      }
      text = value
    case .file(let path, let place):
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(.failed, "\(place): the credential file \(path) cannot be read.")
      }
      text = String(decoding: data, as: UTF8.self)
    case .command(let arguments, let place):
      guard allowsExec else {
        throw CommandFailure(
          .refused, "\(place): a command would have to run (\(arguments.first ?? "")); allow it with --allow-exec.")
      }
      guard let output = ChildProcess.output(of: arguments, environment: ChildProcess.inherited(context)) else {
        throw CommandFailure(.failed, "\(place): the command \(arguments.first ?? "") failed, so there is no credential.")
      }
      text = String(decoding: output, as: UTF8.self)
    }
    return Secret(String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()))
  }
}
