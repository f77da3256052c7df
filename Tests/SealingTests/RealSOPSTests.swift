import Foundation
import OpenIDCryptography
import OpenIDJSON
import Programs
import Testing

@testable import Sealing

/// A document of ours that the real sops works on, in a folder of its own.
private final class SealedFile: Sendable {
  let identity = AgeIdentity.generate()
  let other = AgeIdentity.generate()
  let key = DataKey.generate()
  let folder = FileManager.default.temporaryDirectory.appending(path: "sops-\(UUID().uuidString)").path
  var path: String { folder + "/state.json" }

  init(recipients: [AgeRecipient]? = nil) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let document = SOPSDocument.new(tree: tree, dataKey: key, recipients: recipients ?? [identity.recipient])
    try Data(try document.written(with: key, at: Date())).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var tree: JSONObject {
    let secret = key.seal(Secret("s3cret <&>\u{2028}"), at: ["clients", "a", "sealed", "client_secret"])
    return [
      "version": 1, "lineage": "l", "serial": 12,
      "clients": [
        "a": [
          "name": "Ü <b> \u{1}\t\"", "list": [], "empty": [:], "none": nil, "yes": true,
          "many": [1, -2, 9_007_199_254_740_992],
          "text": "", "sealed": ["client_secret": .string(secret), "registration_access_token": ""],
        ]
      ],
    ]
  }

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
  func text() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

  func sops(_ arguments: String..., environment: [String: String] = [:]) throws -> (status: Int32, errors: String) {
    let run = try Program.run(
      "sops", arguments, environment: ["SOPS_AGE_KEY": identity.text.exposed].merging(environment) { $1 }, in: folder)
    return (run.status, run.errors)
  }

  /// Reads it as clientsync does, all checks included.
  func opened(by identity: AgeIdentity? = nil) throws -> (document: SOPSDocument, key: DataKey) {
    let document = try SOPSDocument(parsing: try bytes())
    let key = try document.dataKey(
      with: try AgeIdentities(parsing: (identity ?? self.identity).text.exposed, source: "test"))
    try document.verify(with: key)
    return (document, key)
  }

  func secret(in opened: (document: SOPSDocument, key: DataKey)) throws -> Secret {
    let sealed = opened.document.tree["clients"]?["a"]?["sealed"]?["client_secret"]?.string ?? ""
    return try opened.key.open(sealed, at: ["clients", "a", "sealed", "client_secret"])
  }
}

@Suite(.enabled(if: Program.path(of: "sops") != nil, "sops is not installed: make setup brings it"))
struct RealSOPSTests {
  private let secret = Secret("s3cret <&>\u{2028}")

  @Test("sops updatekeys works on our file: the new recipient opens it, and nothing else of it changed")
  func updateKeys() throws {
    let file = try SealedFile()
    let before = try file.opened().document
    try Data(
      "creation_rules:\n  - path_regex: state\\.json$\n    age: \(file.identity.recipient),\(file.other.recipient)\n".utf8
    ).write(to: URL(filePath: file.folder + "/.sops.yaml"))
    let run = try file.sops("updatekeys", "-y", "state.json")
    #expect(run.status == 0, "\(run.errors)")
    for identity in [file.identity, file.other] {
      let after = try file.opened(by: identity)
      #expect(after.document.recipients == [file.identity.recipient.text, file.other.recipient.text])
      #expect(after.document.tree == before.tree)
      #expect(try file.secret(in: after) == secret)
    }
  }

  @Test("sops edit works on our file, and of an edited file only the lines that had to change did")
  func edit() throws {
    let file = try SealedFile()
    let before = try file.text().split(separator: "\n", omittingEmptySubsequences: false)
    let run = try file.sops("edit", "state.json", environment: ["EDITOR": "sed -i s/12/13/"])
    #expect(run.status == 0, "\(run.errors)")
    let after = try file.text().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(after.count == before.count)
    // This version of sops writes the members of its metadata in another order, so that those lines say nothing.
    let content = zip(before, after).prefix { !$0.0.contains("\"sops\": {") }
    #expect(content.filter { $0 != $1 }.map(\.1) == ["\t\"serial\": 13,"])
    #expect(try file.secret(in: file.opened()) == secret)
  }

  @Test("sops rotate works on our file: another data key, and we open it")
  func rotate() throws {
    let file = try SealedFile(recipients: nil)
    let run = try file.sops("rotate", "-i", "--add-age", file.other.recipient.text, "state.json")
    #expect(run.status == 0, "\(run.errors)")
    let after = try file.opened(by: file.other)
    #expect(try file.secret(in: after) == secret)
    #expect(after.document.tree["clients"]?["a"]?["sealed"] != file.tree["clients"]?["a"]?["sealed"])
  }

  @Test("a file that sops wrote last is written by us with the bytes that sops would write")
  func sameBytes() throws {
    let file = try SealedFile()
    #expect(try file.sops("set", "state.json", "[\"serial\"]", "13").status == 0)
    let text = try file.text()
    let opened = try file.opened()
    var again = String(decoding: try opened.document.written(with: opened.key, at: Date()), as: UTF8.self)
    // The time and the MAC over it are new each time.
    for name in ["lastmodified", "mac"] {
      let pattern = try Regex("\"\(name)\": \"[^\"]*\"")
      let theirs = try #require(text.firstMatch(of: pattern)?.0)
      again = again.replacing(pattern, with: theirs)
    }
    #expect(again == text)
  }

  @Test("another recipient's entries, of kinds that only sops knows too, and unknown metadata are kept when we write")
  func othersKept() throws {
    let file = try SealedFile()
    var (document, key) = try file.opened()
    var whole = document.tree
    var metadata = document.metadata.members
    metadata["kms"] = [["arn": "arn:aws:kms:eu-west-1:1:key/x", "created_at": "2026-01-01T00:00:00Z", "enc": "AAAA"]]
    metadata["later"] = ["x": [true]]
    metadata["age"] = .array(
      (metadata["age"]?.array ?? []) + [["recipient": "ssh-ed25519 AAAA", "enc": "-----BEGIN AGE", "note": "kept"]])
    whole["sops"] = .object(metadata)
    document = try SOPSDocument(parsing: Array(JSONValue.object(whole).text().utf8))
    let written = try SOPSDocument(parsing: try document.written(with: key, at: Date()))
    for name in ["kms", "later", "age", "version"] { #expect(written.metadata.members[name] == metadata[name]) }
    #expect(written.holders.count == 3)

    // A new recipient changes nobody else's entry; a new data key cannot be wrapped for those that only sops knows.
    var rekeyed = written
    try rekeyed.setRecipients([file.other.recipient, file.identity.recipient], of: key, isNewKey: false)
    #expect(rekeyed.recipients == [file.other.recipient.text, file.identity.recipient.text, "ssh-ed25519 AAAA"])
    #expect(rekeyed.metadata.members["age"]?[1] == metadata["age"]?[0])
    #expect(rekeyed.metadata.members["kms"] == metadata["kms"])
    let error = #expect(throws: SOPSError.self) {
      try rekeyed.setRecipients([file.identity.recipient], of: .generate(), isNewKey: true)
    }
    #expect(error?.code == .unsupported && error?.description.contains("arn:aws:kms") == true)
  }

  @Test(
    "what we write passes the independent check",
    .enabled(
      if: FileManager.default.fileExists(atPath: IndependentCheck.path) && IndependentCheck.canRun,
      "sopscheck.py does not lie beside this checkout, or Python's cryptography is missing"))
  func independentCheck() throws {
    let file = try SealedFile()
    try Data(file.identity.text.exposed.utf8).write(to: URL(filePath: file.folder + "/keys.txt"))
    let run = try Program.run("python3", [IndependentCheck.path, file.path, "--identity", file.folder + "/keys.txt"])
    #expect(run.status == 0, "\(run.errors)")
    let plain = try JSONValue(parsing: run.output)
    #expect(plain["clients"]?["a"]?["sealed"]?["client_secret"]?.string == secret.exposed)
  }

  @Test("a data key that a vault alone holds is opened through sops, and is never on the disk", .timeLimit(.minutes(15)))
  func vaultOnly() throws {
    let vault = try VaultStub()
    let file = try SealedFile()
    try Data(#"{"clients":{"a":{"sealed":{"client_secret":"from the vault"}}}}"#.utf8).write(
      to: URL(filePath: file.folder + "/plain.json"))
    let environment = ["VAULT_TOKEN": "t", "SOPS_AGE_KEY": ""]
    let made = try file.sops(
      "encrypt", "--encrypted-regex", "^sealed$", "--hc-vault-transit", "\(vault.url)/v1/transit/keys/k", "--output",
      "state.json",
      "plain.json", environment: environment)
    try #require(made.status == 0, "\(made.errors)")
    let document = try SOPSDocument(parsing: try file.bytes())
    let error = #expect(throws: SOPSError.self) { try document.dataKey(with: AgeIdentities()) }
    #expect(error?.code == .noIdentity && error?.description.contains("hc_vault \(vault.url)") == true)

    var identities = AgeIdentities()
    identities.external = ExternalOpener { bytes, recipient in
      let path = file.folder + "/handed-over.json"
      do {
        try Data("creation_rules:\n  - age: \(recipient)\n".utf8).write(to: URL(filePath: file.folder + "/rule.yaml"))
        try Data(bytes).write(to: URL(filePath: path))
        let run = try file.sops(
          "--config", file.folder + "/rule.yaml", "updatekeys", "-y", path, environment: environment)
        return run.status == 0 ? .wrapped(Array(try Data(contentsOf: URL(filePath: path)))) : .failed(run.errors)
      } catch { return .failed("\(error)") }
    }
    let key = try document.dataKey(with: identities)
    try document.verify(with: key)
    let sealed = try #require(document.tree["clients"]?["a"]?["sealed"]?["client_secret"]?.string)
    #expect(try key.open(sealed, at: ["clients", "a", "sealed", "client_secret"]) == Secret("from the vault"))
  }
}

private enum IndependentCheck {
  static let path = AgeVector.folder.deletingLastPathComponent().appending(path: "sopscheck.py").path
  static var canRun: Bool { (try? Program.run("python3", ["-c", "import cryptography"]))?.status == 0 }
}
