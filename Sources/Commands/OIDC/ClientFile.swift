import Glibc
import Manifests
import OpenIDJSON
import OpenIDRegistration
import State

/// What a registration answered, in a file of its owner's alone: id, secret, token and URI in one place, from which the other
/// commands take what they need (`--client FILE`).
struct ClientFile {
  let path: String
  private let files = PosixFiles()

  /// Where that is a link, it stays one: the file that it leads to is meant.
  init(_ path: String) { self.path = FileStatus.resolved(path) ?? path }

  private var draft: String { path + ".new" }

  /// Says before anything is sent that the file cannot be made.
  func checkThatItIsNew() throws(CommandFailure) {
    // By its name alone: a pipe or a device would have to be read to its end.
    guard files.stamp(of: path) == nil, !files.isLink(path) else {
      throw CommandFailure(.usage, "--out \(path): the file is there already, and may hold the only copy of a credential.")
    }
    try checkThatItCanBeWritten("--out")
  }

  /// Makes the file beside it that will take its place, and takes it away again.
  func checkThatItCanBeWritten(_ option: String) throws(CommandFailure) {
    do throws(StateError) {
      try files.remove(draft)
      try files.create([], at: draft)
      try files.remove(draft)
    } catch {
      throw CommandFailure(.failed, "\(option): \(error). Nothing was sent.")
    }
  }

  func read() throws(CommandFailure) -> JSONObject {
    var status = stat()
    guard unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(.usage, "--client: \(path) is no file that what the answer brings could be written to.")
    }
    let bytes: [UInt8]?
    do throws(StateError) { bytes = try files.contents(of: path) } catch {
      throw CommandFailure(.failed, "--client: \(error).")
    }
    guard let bytes else { throw CommandFailure(.failed, "--client: there is no file \(path).") }
    guard let members = (try? JSONValue(parsing: bytes))?.object else {
      throw CommandFailure(.failed, "--client: \(path) is no JSON object, as oidc register writes it.")
    }
    return members
  }

  /// Writes the file anew, durably: a new one beside it, synced, and then in its place.
  func write(_ members: JSONObject) throws(StateError) {
    try files.remove(draft)
    try files.create(Array((JSONValue.object(members).text(.pretty) + "\n").utf8), at: draft)
    try files.rename(draft, to: path)
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    try files.syncFolder(folder)
  }
}

extension ClientInformation {
  /// The answer as JSON, credentials in clear: for whoever asked for it, and for nobody's log.
  var jsonWithCredentials: JSONObject {
    var members: JSONObject = ["client_id": .string(clientID)]
    members["client_secret"] = clientSecret.map { .string($0.exposed) }
    members["client_secret_expires_at"] = clientSecretExpiresAt.map { .number(JSONNumber($0)) }
    members["client_id_issued_at"] = clientIDIssuedAt.map { .number(JSONNumber($0)) }
    members["registration_access_token"] = registrationAccessToken.map { .string($0.exposed) }
    members["registration_client_uri"] = registrationClientURI.map(JSONValue.string)
    return members.merging(metadata.members)
  }
}
