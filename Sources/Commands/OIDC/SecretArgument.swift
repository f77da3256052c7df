import CommandLineParsing
import OpenIDRegistration

/// Where a credential comes from that a command line asks for: `env:NAME`, `file:PATH`, or `-` for standard input.
///
/// Never the credential itself: other users of the machine see a command line, and shells and pipelines write it down.
struct SecretArgument {
  /// The option that it was given to, without its dashes.
  let option: String
  let source: String
  /// Whether it goes into a header field as it stands.
  var isForHeader = false

  /// More than any credential has, and than any server takes.
  private static let limit = 64 * 1024

  var readsStandardInput: Bool { source == "-" }

  /// - Throws: exit 64 where it is no source, exit 1 where there is no credential.
  func secret(_ context: Context) throws(CommandFailure) -> Secret {
    let text: String
    if readsStandardInput {
      text = try self.text(InputFile.standardInput(context, for: "--\(option)", limit: Self.limit))
    } else if source.hasPrefix("env:") {
      let name = String(source.dropFirst(4))
      guard let value = context.environment[name] else {
        throw CommandFailure(.failed, "--\(option): the environment variable \(sanitised(name)) is not set.")
      }
      text = value
    } else if source.hasPrefix("file:") {
      text = try self.text(InputFile.read(String(source.dropFirst(5)), for: "--\(option): ", limit: Self.limit))
    } else {
      // What was given may be the credential, so it is not repeated.
      throw CommandFailure(
        .usage,
        "--\(option) takes env:NAME, file:PATH or - for standard input, and never the credential itself: a command line can be read by others."
      )
    }
    let trimmed = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    guard !trimmed.isEmpty else { throw CommandFailure(.failed, "--\(option): there is nothing in \(place).") }
    try Self.check(trimmed, "--\(option): what is in \(place)", isForHeader: isForHeader)
    return Secret(trimmed)
  }

  /// Says before anything is sent that a credential cannot be.
  ///
  /// - Parameter what: begins the sentence.
  static func check(_ credential: String, _ what: String, isForHeader: Bool) throws(CommandFailure) {
    guard credential.utf8.count <= limit else {
      throw CommandFailure(.failed, "\(what) is larger than \(limit >> 10) KiB. Nothing was sent.")
    }
    guard !isForHeader || HTTPFields.isValue(credential) else {
      throw CommandFailure(
        .failed,
        "\(what) has a line break or another control character in it, and so no header field can carry it. Nothing was sent.")
    }
  }

  /// - Throws: where it is no UTF-8: what would be sent is another credential.
  private func text(_ bytes: [UInt8]) throws(CommandFailure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.failed, "--\(option): what is in \(place) is no text in UTF-8.")
    }
    return text
  }

  private var place: String { readsStandardInput ? "standard input" : source }
}

extension ParsedCommand {
  /// The credential that an option names; `nil` where the option was not given.
  ///
  /// - Parameter isForHeader: whether it goes into a header field as it stands.
  func secret(_ option: String, _ context: Context, isForHeader: Bool = false) throws(CommandFailure) -> Secret? {
    guard let source = text(option) else { return nil }
    return try SecretArgument(option: option, source: source, isForHeader: isForHeader).secret(context)
  }
}
