import CommandLineParsing
import OpenIDJSON
import OpenIDRegistration

/// The client that get, set and delete are about, and what shows that they may: `--client FILE`, or `--uri` with `--token`.
struct ClientReference {
  let uri: String
  let authentication: ClientAuthentication
  /// Its id, where the command line or the file names it: an answer about another client is none.
  let clientID: String?
  /// The file, which nobody else works with until ``HeldClientFile/end()``.
  let file: HeldClientFile?
  /// What the file says so far.
  let members: JSONObject

  /// Waits for the file where another command works with it, for as long as a call may take. What is to come from standard input
  /// has been read by then: at the other end of that pipe may be the command that is waited for.
  init(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) {
    let method = command.text("auth") ?? "registration_access_token"
    let isSecret = method.hasPrefix("client_secret")
    let typed = try command.secret("token", context, isForHeader: !isSecret)
    if let name = command.text("client") {
      let patience = command.duration("timeout") ?? .seconds(30)
      file = try await .locked(ClientFile(name, context), patience: patience, title: command.title, context)
    } else {
      file = nil
    }
    members = try file?.file.read() ?? [:]
    clientID = command.text("client-id") ?? members["client_id"]?.string
    guard let uri = command.text("uri") ?? members["registration_client_uri"]?.string else {
      throw CommandFailure(
        .usage,
        file.map { "\($0.file.name) names no registration_client_uri; give it with --uri URL." }
          ?? "which client? Name the file of oidc register with --client FILE, or its registration_client_uri with --uri URL.")
    }
    self.uri = uri
    let kept = isSecret ? "client_secret" : "registration_access_token"
    guard let secret = typed ?? members[kept]?.string.map(Secret.init) else {
      throw CommandFailure(
        .usage,
        "there is no \(isSecret ? "client secret" : "token"): name where it is with --token env:NAME, file:PATH or -."
      )
    }
    if typed == nil, let file {
      try SecretArgument.check(secret.exposed, "--client: the \(kept) in \(file.file.name)", isForHeader: !isSecret)
    }
    switch method {
    case "client_secret_basic", "client_secret_post":
      guard let id = clientID else {
        throw CommandFailure(.usage, "--auth \(method) wants the client's id: --client-id ID.")
      }
      authentication =
        method == "client_secret_basic" ? .clientSecretBasic(id: id, secret: secret) : .clientSecretPost(id: id, secret: secret)
    case "bearer": authentication = .bearer(secret)
    default: authentication = .registrationAccessToken(secret)
    }
  }

  /// What the command line brought that must not be shown.
  var secrets: [Secret] {
    let kept = ["client_secret", "registration_access_token"].compactMap { members[$0]?.string }
    return authentication.secrets + kept.map(Secret.init)
  }

  /// Keeps what an answer brought: the old token may be dead by now. What the answer leaves out, the secret for one, stays.
  func keep(_ answer: ClientInformation) throws {
    guard let file else { return }
    let brought = answer.exposedMembers
    let kept = members.filter { ClientInformation.credentialMembers.contains($0.name) && brought[$0.name] == nil }
    try file.keep(kept.merging(brought))
  }

  /// The same for a read, which mostly brings no credential, or those that are in the file already.
  func keepIfNew(_ answer: ClientInformation) throws {
    let brought = answer.exposedMembers
    let isNew = ["client_secret", "registration_access_token"].contains { brought[$0] != nil && brought[$0] != members[$0] }
    if isNew { try keep(answer) } else { file?.noteKept() }
  }
}
