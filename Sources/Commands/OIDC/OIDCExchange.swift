import Applying
import CommandLineParsing
import Glibc
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl

/// One operation by hand: the connection that the options describe, and what is printed when it ends.
///
/// Results are JSON on standard output. A failure is a sentence on standard error, and JSON on standard output all the same, with a
/// member `failure`; what a provider handed out before something went wrong stands beside it.
struct OIDCExchange {
  let command: ParsedCommand
  let context: Context
  let client: OpenIDRegistrationClient

  /// - Parameter secrets: what the command line brought, so that `--verbose` can leave it out.
  init(_ command: ParsedCommand, _ context: Context, secrets: [Secret?] = []) throws(CommandFailure) {
    self.command = command
    self.context = context
    var headers = HTTPFields()
    var all = secrets.compactMap(\.self)
    for (name, source) in command.pairs("header") {
      try Self.checkFieldName(name)
      let value = try SecretArgument(option: "header \(name)", source: source, isForHeader: true).secret(context)
      all.append(value)
      headers.append(name, value.exposed)
    }
    var transport: any HTTPTransport = context.transport(CurlTransport(try Self.configuration(command)))
    if command.has("verbose") {
      let mask = ExchangeMask(secrets: all, credentialFields: Set(command.pairs("header").map { $0.key.lowercased() }))
      transport = ToldTransport(base: transport, mask: mask, tell: context.printError)
    }
    client = OpenIDRegistrationClient(transport: transport, headers: headers)
  }

  /// Says before anything is read that more than one option names standard input, which ends once.
  static func checkStandardInput(_ command: ParsedCommand) throws(CommandFailure) {
    var readers = ["token", "id-token-hint", "cookie", "key"].filter { command.knows($0) && command.text($0) == "-" }.count
    readers += command.pairs("header").filter { $0.value == "-" }.count
    if command.argument("FILE") == "-" { readers += 1 }
    guard readers < 2 else {
      throw CommandFailure(.usage, "standard input can be read once, and more than one option names it.")
    }
  }

  /// What is no name may be a credential, and is not repeated.
  private static func checkFieldName(_ name: String) throws(CommandFailure) {
    guard HTTPFields.isName(name) else {
      throw CommandFailure(
        .usage,
        "--header: what stands before the = is no name of a header field: it has letters, digits and hyphens, such as X-API-Key."
      )
    }
    guard !HTTPFields.endsMessage(name) else {
      throw CommandFailure(.usage, "--header \(name): this field is made by whatever sends the request.")
    }
  }

  private static func configuration(_ command: ParsedCommand) throws(CommandFailure) -> CurlTransport.Configuration {
    for name in ["timeout", "connect-timeout"] where command.duration(name).map({ $0 <= .zero }) ?? false {
      throw CommandFailure(.usage, "--\(name) takes a time that is longer than none, such as 30s.")
    }
    for name in ["ca-file", "certificate-file", "key-file"] {
      if let path = command.text(name) { try InputFile.check(path, for: "--\(name): ") }
    }
    var configuration = CurlTransport.Configuration()
    if let time = command.duration("timeout") { configuration.timeout = time }
    if let time = command.duration("connect-timeout") { configuration.connectTimeout = time }
    configuration.caFile = command.text("ca-file")
    configuration.certificateFile = command.text("certificate-file")
    configuration.keyFile = command.text("key-file")
    configuration.proxy = command.text("proxy")
    configuration.unixSocket = command.text("unix-socket")
    configuration.allowsInsecureHTTP = command.has("insecure")
    return configuration
  }

  /// Runs the operation and prints what it returns; `nil` prints nothing.
  ///
  /// - Parameter file: what keeps the credentials that the operation brings.
  func run(
    keepingIn file: HeldClientFile? = nil, _ operation: @escaping @Sendable () async throws(RegistrationError) -> JSONObject?
  ) async -> ExitCode {
    switch await interruptible(operation) {
    case .success(var result):
      var code = ExitCode.done
      if case .beside(let path, let reason)? = file?.kept {
        context.printError("\(command.title): done, and what it brought is kept in \(path): \(reason).\n")
        result?["kept_in"] = .string(path)
        code = .partlyApplied
      }
      if let result { context.print(result.text(.pretty) + "\n") }
      return code
    case .failure(let error): return tell(error, keptIn: file)
    }
  }

  /// Runs the work, and cancels it at the first Ctrl-C: a read ends then, and what changes something may still wait a moment for
  /// its answer.
  private func interruptible<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(RegistrationError) -> Value
  ) async -> Result<Value, RegistrationError> {
    let stop = context.stop
    let task = Task { () async -> Result<Value, RegistrationError> in
      // Asked before it began, as while the input was waited for: then nothing is sent.
      if stop.isRequested { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      do throws(RegistrationError) { return .success(try await work()) } catch { return .failure(error) }
    }
    let watch = Task {
      while await stop.sleep(for: .seconds(3600)) {}
      if stop.isRequested { task.cancel() }
    }
    defer { watch.cancel() }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }

  func tell(_ error: RegistrationError, keptIn file: HeldClientFile? = nil) -> ExitCode {
    let kept =
      switch file?.kept {
      case .inPlace?: file?.file.name
      case .beside(let path, _)?: path
      case nil: String?.none
      }
    context.printError("\(command.title): \(error)\n")
    if let kept { context.printError("What arrived is kept in \(kept).\n") }
    var failure: JSONObject = [
      "operation": .string(error.operation.rawValue), "code": .string(error.code.name),
      "effect": .string(error.effect.rawValue),
      "endpoint": .string(error.endpoint),
    ]
    failure["status"] = error.status.map { .number(JSONNumber($0)) }
    failure["error"] = error.error.map(JSONValue.string)
    failure["error_description"] = error.errorDescription.map(JSONValue.string)
    failure["retry_after"] = error.retryAfter.map { .number(JSONNumber(Int($0.components.seconds))) }
    failure["request_id"] = error.requestID.map(JSONValue.string)
    failure["message"] = .string(error.explanation)
    var result: JSONObject = ["failure": .object(failure)]
    // Credentials that arrived are shown once: whoever asked for them gets them, in the file or here, whatever else went wrong.
    result["received"] = error.received.map { .object(kept.map($0.json(keptIn:)) ?? $0.exposedMembers) }
    context.print(result.text(.pretty) + "\n")
    if kept == nil, error.received != nil, let number = context.lostOutput() {
      let words = unsafe String(cString: strerror(number))
      context.printError("\(command.title): what arrived could not be printed: standard output: \(words). It is lost.\n")
    }
    switch error.effect {
    case .none: return .failed
    case .unknown: return .inDoubt
    case .done: return .partlyApplied
    }
  }

  /// Where an operation goes.
  struct Endpoint {
    var url: String
    /// The provider, where it was asked.
    var issuer: String?
    /// Its keys, where it names some.
    var keys: ProviderKeys?
  }

  private func discovered(_ issuer: String) async -> Result<ProviderMetadata, RegistrationError> {
    let client = client
    return await interruptible { () async throws(RegistrationError) in
      try await client.discoverOidcConfiguration(issuer: issuer)
    }
  }

  /// Where the provider says that the endpoint is, or what `--endpoint` names instead.
  func endpoint(
    _ name: String, of member: (ProviderMetadata) -> String?
  ) async throws(CommandFailure) -> Result<Endpoint, RegistrationError> {
    let keys = command.knows("jwks-uri") ? command.text("jwks-uri") : nil
    let named = command.text("endpoint")
    guard let issuer = command.text("issuer") else {
      guard let named else {
        throw CommandFailure(.usage, "where to? Name the provider with --issuer URL, or its \(name) with --endpoint URL.")
      }
      return .success(Endpoint(url: named, keys: keys.map { ProviderKeys(jwksURI: $0, client: client) }))
    }
    let provider: ProviderMetadata
    switch await discovered(issuer) {
    case .success(let found): provider = found
    case .failure(let error): return .failure(error)
    }
    guard let url = named ?? member(provider) else {
      throw CommandFailure(.failed, "\(issuer) names no \(name) in its discovery document. Name it with --endpoint URL.")
    }
    return .success(
      Endpoint(
        url: url, issuer: issuer, keys: (keys ?? provider.jwksURI).map { ProviderKeys(jwksURI: $0, client: client) }))
  }
}

extension RegistrationError.Code {
  /// The code as one word, for JSON.
  var name: String {
    switch self {
    case .transport(let code): "transport.\(code.rawValue)"
    case .notJSON: "notJSON"
    case .mismatch(let member): "mismatch.\(member)"
    case .signature(let code): "signature.\(code.rawValue)"
    default: "\(self)"
    }
  }
}
