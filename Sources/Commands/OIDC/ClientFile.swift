import FoundationEssentials
import Glibc
import Manifests
import OpenIDJSON
import OpenIDRegistration
import State

/// What a registration answered, in a file of its owner's alone: id, secret, token and URI in one place, from which the other
/// commands take what they need (`--client FILE`).
///
/// An empty one is the claim of a registration whose answer is still to come; ``HeldClientFile`` makes and fills it.
struct ClientFile {
  /// As the command line has it.
  let name: String
  let path: String
  let files: any FileOperations

  /// Where that is a link, it stays one: the file that it leads to is meant.
  init(_ name: String, _ context: Context) {
    self.name = name
    path = FileStatus.resolved(name) ?? name
    files = context.files
  }

  var folder: String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Says before anything is sent that the file cannot be a new one.
  func checkThatItIsNew() throws(CommandFailure) {
    guard name != "-" else {
      throw CommandFailure(.usage, "--out takes the name of a file; the answer is printed where there is no --out.")
    }
    // By its name alone: a pipe or a device would have to be read to its end.
    guard files.stamp(of: path) != nil || files.isLink(path) else { return }
    guard isEmptyFile else {
      throw CommandFailure(
        .usage, "--out \(name): the file is there already, and may hold the only copy of a credential. Name a new one.")
    }
    if HeldClientFile.isInUse(self) {
      throw CommandFailure(
        .locked,
        "--out \(name): another oidc register has claimed the file and waits for its answer. Name another one. Nothing was sent."
      )
    }
    throw CommandFailure(
      .usage,
      "--out \(name): the file is there already and empty, as an oidc register leaves it that was ended before its answer came: there may be a client that nobody holds a token of. \(whatDraftsSay)Remove it, or name a new one."
    )
  }

  /// Makes a draft beside it, and takes that away again.
  func checkThatItCanBeWritten() throws(CommandFailure) {
    let draft = newDraft()
    do throws(StateError) {
      defer { try? files.remove(draft) }
      try files.create([], at: draft)
    } catch {
      throw CommandFailure(.failed, "--client: \(error). Nothing was sent.")
    }
  }

  /// Says that it is none that could be read and written anew.
  func check() throws(CommandFailure) {
    guard name != "-" else {
      throw CommandFailure(.usage, "--client takes the name of a file, for what an answer brings is kept in it.")
    }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if !files.isLink(path), errno == ENOENT { throw CommandFailure(.failed, "--client: there is no file \(name).") }
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(.usage, "--client: \(name) is no file that what the answer brings could be written to.")
    }
  }

  func read() throws(CommandFailure) -> JSONObject {
    let bytes: [UInt8]?
    do throws(StateError) { bytes = try files.contents(of: path) } catch {
      throw CommandFailure(.failed, "--client: \(error).")
    }
    guard let bytes else { throw CommandFailure(.failed, "--client: there is no file \(name).") }
    guard !bytes.isEmpty else {
      throw CommandFailure(
        .failed,
        "--client: \(name) is empty, as an oidc register leaves it that was ended before its answer came. \(whatDraftsSay)It names no client."
      )
    }
    guard let members = (try? JSONValue(parsing: bytes))?.object else {
      throw CommandFailure(.failed, "--client: \(name) is no JSON object, as oidc register writes it.")
    }
    return members
  }

  /// A name beside the file that nothing has, so that no draft is ever somebody else's file.
  func newDraft() -> String {
    while true {
      let number = String(UInt64.random(in: .min ... .max), radix: 16)
      let draft = "\(path).\(number).new"
      if files.stamp(of: draft) == nil, !files.isLink(draft) { return draft }
    }
  }

  private var isEmptyFile: Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Names the drafts that a killed process left beside the file, for one may hold what it received.
  private var whatDraftsSay: String {
    let prefix = path.dropFirst(folder == "." ? 0 : folder == "/" ? 1 : folder.count + 1) + "."
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter { name in
      guard name.hasPrefix(prefix), name.hasSuffix(".new") else { return false }
      return UInt64(name.dropFirst(prefix.count).dropLast(4), radix: 16) != nil
    }
    return names.isEmpty ? "" : "What it received may be in \(names.map { sanitised($0) }.joined(separator: ", ")) beside it. "
  }
}

extension ClientInformation {
  /// The members of an answer that are credentials, or belong to them.
  static let credentialMembers: Set<String> = [
    "client_id", "client_secret", "client_secret_expires_at", "registration_access_token", "registration_client_uri",
  ]

  /// Which client it is, and in which file the rest is.
  func json(keptIn file: String) -> JSONObject {
    var members: JSONObject = [:]
    if !clientID.isEmpty { members["client_id"] = .string(clientID) }
    members["registration_client_uri"] = registrationClientURI.map(JSONValue.string)
    members["kept_in"] = .string(file)
    return members
  }
}
