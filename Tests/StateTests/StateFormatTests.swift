import Foundation
import OpenIDCryptography
import OpenIDJSON
import Programs
import Sealing
import Testing

@testable import State

@Suite struct StateFormatTests {
  let fixture = Fixture()
  let path = "state/hydra.json"

  private func full(_ run: StateRun) -> ClientState {
    var entry = fixture.entry(run, "web", token: "rat")
    entry.generation = 3
    entry.appliedAt = "2026-01-01T00:00:00Z"
    entry.planDigest = "sha256:00"
    entry.labels = ["team": "web", "area": "shop"]
    entry.source = "clients/web.yaml"
    entry.secretIssuedAt = "2026-01-01T00:00:00Z"
    entry.secretVersion = 1
    entry.tokenIssuedAt = "2026-01-01T00:00:00Z"
    entry.clientSecretExpiresAt = 0
    entry.delivered = [["destination": "vault"]]
    entry.sealed.clientSecret = run.seal(Secret("s3cret"), as: .clientSecret, of: "web")
    entry.unknown = ["note": "kept"]
    return entry
  }

  private func written(_ entries: [String: ClientState], _ run: StateRun, _ files: MemoryFiles) async throws -> [UInt8] {
    for (client, entry) in entries { try await run.recordOutcome(entry, for: client) }
    _ = try await run.finish()
    return try #require(files.files[path])
  }

  @Test("members stand in the format's order, what is not known is left out, clients are sorted")
  func order() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    let bare = ClientState(clientID: "id", applied: [:])
    let tree = try JSONValue(parsing: try await written(["web": full(run), "a": bare, "B": bare], run, files))
    #expect(tree.object?.names == ["version", "lineage", "serial", "registry", "binding", "clients", "sealed", "sops"])
    #expect(tree["sops"]?["encrypted_regex"] == "^sealed$")
    #expect(tree["clients"]?.object?.names == ["B", "a", "web"])
    #expect(
      tree["clients"]?["web"]?.object?.names == [
        "client_id", "registration_client_uri", "managed_by", "generation", "status", "applied", "observed", "applied_at",
        "plan_digest", "deletion", "labels", "source", "secret_issued_at", "secret_version", "token_issued_at",
        "client_secret_expires_at", "delivered", "note", "sealed",
      ])
    #expect(tree["clients"]?["web"]?["labels"]?.object?.names == ["area", "team"])
    #expect(
      tree["clients"]?["a"]?.object?.names == ["client_id", "managed_by", "generation", "status", "applied", "deletion"])
  }

  @Test("a registration that stands under two names is refused, and the same id at another place is another one")
  func copies() throws {
    func state(_ entries: [(name: String, uri: String)]) throws -> RegistryState {
      let clients = entries.map {
        JSONMember(
          name: $0.name,
          value: ["client_id": "id", "registration_client_uri": .string($0.uri), "generation": 1, "status": "ok"])
      }
      return try RegistryState(
        [
          "version": 1, "lineage": "l", "serial": 1, "registry": "hydra", "binding": [:],
          "clients": .object(JSONObject(clients)),
        ], at: "state/hydra.json")
    }
    // Whatever order a dictionary gives them.
    for number in 0..<20 {
      let names = ["a\(number)", "b\(number)", "c\(number)"]
      #expect(throws: Never.self) { try state([(names[0], "https://one"), (names[1], "https://two")]) }
      let error = #expect(throws: StateError.self) {
        try state([(names[0], "https://one"), (names[1], "https://two"), (names[2], "https://one")])
      }
      #expect(error?.code == .damaged)
      #expect(error?.description.contains("clients.\(names[0]) and clients.\(names[2]) are the same registration") == true)
    }
  }

  @Test("what is written is read back as it was, members that nobody knows included")
  func roundTrip() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    let entry = full(run)
    var state = await run.state
    state.clients = ["web": entry]
    state.unknown = ["later": ["x": [true, nil]]]
    #expect(try RegistryState(state.json, at: "test") == state)
    var pending = entry
    pending.pending = aCall
    pending.status = .inDoubt
    #expect(pending.json.names.suffix(3) == ["pending", "note", "sealed"])
    #expect(try ClientState(pending.json, at: "test") == pending)
  }

  @Test(
    "a state that is not what it should be is refused with the member",
    arguments: [
      ("version", JSONValue.number(JSONNumber(2)), StateError.Code.fromTheFuture, "newer clientsync"),
      ("version", 0, .damaged, "version"),
      ("version", "1", .damaged, "version"),
      ("lineage", nil, .damaged, "lineage"),
      ("serial", "12", .damaged, "serial"),
      ("binding", [], .damaged, "binding"),
      ("clients", ["web": 1], .damaged, "clients.web"),
      ("clients", ["web": ["generation": 1, "status": "odd"]], .damaged, "status"),
      ("clients", ["web": ["generation": 1, "status": "ok", "labels": ["a": 1]]], .damaged, "labels.a"),
      ("clients", ["web": ["generation": 1, "status": "ok", "pending": ["action": "sing"]]], .damaged, "action"),
      ("registry", "other", .damaged, "other"),
    ] as [(String, JSONValue, StateError.Code, String)])
  func refused(member: String, value: JSONValue, code: StateError.Code, words: String) async throws {
    let key = DataKey.generate()
    var tree = RegistryState(lineage: "l", serial: 1, registry: "hydra", binding: Binding()).json
    tree[member] = value
    let bytes = try SOPSDocument.new(tree: tree, dataKey: key, recipients: [fixture.identity.recipient]).written(
      with: key, at: Date(timeIntervalSince1970: 0))
    let files = MemoryFiles([path: bytes])
    let error = await #expect(throws: StateError.self) { try await fixture.opened(MemoryKeeper(files)) }
    #expect(error?.code == code)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(files.files == [path: bytes])
  }

  @Test("a newer format is told even where its sops part cannot be used")
  func futureFirst() async throws {
    let text = #"{"version": 2, "sops": {"age": [], "mac": "", "lastmodified": "", "version": "9.0.0"}}"#
    let error = await #expect(throws: StateError.self) {
      try await fixture.opened(MemoryKeeper(MemoryFiles([path: Array(text.utf8)])))
    }
    #expect(error?.code == .fromTheFuture)
  }

  @Test("what clientsync wrote, sops opens", .enabled(if: Program.path(of: "sops") != nil, "sops is not installed"))
  func sops() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    var doubtful = ClientState(clientID: nil, applied: [:])
    doubtful.status = .unconfirmed
    let bytes = try await written(["web": full(run), "none": doubtful], run, files)
    let folder = FileManager.default.temporaryDirectory.appending(path: "sops-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "hydra.json")
    try Data(bytes).write(to: file)
    let environment = ["SOPS_AGE_KEY": fixture.identity.text.exposed, "HOME": folder.path]
    let opened = try Program.run("sops", ["-d", file.path], environment: environment)
    try #require(opened.status == 0, "\(opened.errors)")
    let tree = try JSONValue(parsing: opened.output)
    #expect(tree["clients"]?["web"]?["sealed"]?["client_secret"] == "s3cret")
    #expect(tree["clients"]?["web"]?["sealed"]?["registration_access_token"] == "rat")
    #expect(tree["clients"]?["none"]?["status"] == "unconfirmed")

    // And back: what sops changes, in its own way of writing, we read.
    let set = #"["clients"]["web"]["sealed"]["client_secret"] "n3w""#
    let edited = try Program.run("sops", ["--set", set, file.path], environment: environment)
    try #require(edited.status == 0, "\(edited.errors)")
    let again = try await fixture.opened(MemoryKeeper(MemoryFiles([path: Array(try Data(contentsOf: file))])))
    #expect(try again.secret(of: "web") == Secret("n3w"))
    #expect(try again.token(of: "web") == Secret("rat"))
  }
}
