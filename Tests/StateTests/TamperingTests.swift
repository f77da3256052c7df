import Foundation
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import State

/// What somebody does to the files who may write them and holds no key.
@Suite struct TamperingTests {
  let fixture = Fixture()
  let state = "state/hydra.json"
  let journal = "state/hydra.journal"

  private func written() async throws -> MemoryFiles {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    for client in ["a", "b"] { try await run.recordOutcome(fixture.entry(run, client, token: "rat-\(client)"), for: client) }
    _ = try await run.finish()
    return files
  }

  private func refusal(of tree: JSONObject) async throws -> StateError? {
    let files = MemoryFiles([state: JSONValue.object(tree).utf8(.sops) + [0x0a]])
    let before = files.files
    let error = await #expect(throws: StateError.self) { try await fixture.opened(MemoryKeeper(files)) }
    #expect(files.files == before)
    return error
  }

  private func tree(_ files: MemoryFiles) throws -> JSONObject {
    let bytes = try #require(files.files[state])
    return try #require(try JSONValue(parsing: bytes).object)
  }

  @Test("characters that move between neighbours leave the MAC as it is, and are found all the same")
  func moved() async throws {
    var tree = try tree(try await written())
    var client = try #require(tree["clients"]?["a"]?.object)
    // "https://auth.example.com/register/a" + "registration": the token would go to https://auth.ex.
    client["registration_client_uri"] = "https://auth.ex"
    client["managed_by"] = "ample.com/register/aregistration"
    var clients = try #require(tree["clients"]?.object)
    clients["a"] = .object(client)
    tree["clients"] = .object(clients)
    let document = try SOPSDocument(tree)
    try document.verify(with: try document.dataKey(with: try fixture.identities))
    let error = try await refusal(of: tree)
    #expect(error?.code == .untrusted && error?.description.contains("registration_client_uri") == true)
  }

  @Test("members that change their names leave the MAC as it is, and are found all the same")
  func renamed() async throws {
    var tree = try tree(try await written())
    let clients = try #require(tree["clients"]?.object)
    // The two exchange their names' places; their sealed values do not open there.
    tree["clients"] = .object(
      JSONObject([JSONMember(name: "c", value: clients["a"]!), JSONMember(name: "b", value: clients["b"]!)]))
    #expect(try await refusal(of: tree)?.code == .untrusted)
    tree["clients"] = .object(clients)
    tree["binding"] = ["registration_endpoint": "https://auth.example.com"]
    #expect(try await refusal(of: tree)?.code == .untrusted)
  }

  @Test("a digit that moves from the serial to the lineage leaves the MAC as it is, and makes no other state of an old one")
  func serialIntoLineage() async throws {
    let key = DataKey.generate()
    var state = RegistryState(lineage: "ab", serial: 12, registry: "hydra", binding: Binding(issuer: "https://a.example.com"))
    state.clients["a"] = ClientState(clientID: "id", applied: [:])
    var tree = state.json
    tree["sealed"] = PlaceSeal.sealed(for: state, with: key, keeping: nil)
    let written = try SOPSDocument.new(tree: tree, dataKey: key, recipients: [fixture.identity.recipient]).written(
      with: key, at: Date(timeIntervalSince1970: 0))
    #expect(try await fixture.opened(MemoryKeeper(MemoryFiles([self.state: written]))).serial == 12)
    var moved = try #require(try JSONValue(parsing: written).object)
    moved["lineage"] = "ab1"
    moved["serial"] = 2
    let document = try SOPSDocument(moved)
    try document.verify(with: key)
    #expect(try await refusal(of: moved)?.code == .untrusted)
  }

  @Test("the seal over the places cannot be taken out, nor an old one be put in")
  func withoutSeal() async throws {
    let files = try await written()
    var tree = try tree(files)
    let old = tree["sealed"]
    tree["sealed"] = nil
    #expect(try await refusal(of: tree)?.code == .untrusted)
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    try await run.recordOutcome(fixture.entry(run, "c", token: "rat-c"), for: "c")
    _ = try await run.finish()
    tree = try self.tree(files)
    #expect(tree["sealed"] != old)
    tree["sealed"] = old
    #expect(try await refusal(of: tree)?.code == .untrusted)
  }

  @Test("the seal over the places keeps its bytes while no place changes")
  func keepsBytes() async throws {
    let files = try await written()
    let before = try tree(files)["sealed"]
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    var entry = fixture.entry(run, "a", token: "rat-a2")
    entry.labels = ["x": "y"]
    try await run.recordOutcome(entry, for: "a")
    _ = try await run.finish()
    #expect(try tree(files)["sealed"] == before)
  }

  @Test("a value that was moved to another client, a client that was copied, a client under two names")
  func copied() async throws {
    var tree = try tree(try await written())
    let clients = try #require(tree["clients"]?.object)
    var moved = clients
    var entry = try #require(clients["a"]?.object)
    entry["sealed"] = clients["b"]?["sealed"]
    moved["a"] = .object(entry)
    tree["clients"] = .object(moved)
    let error = try await refusal(of: tree)
    #expect(error?.code == .untrusted && error?.description.contains("clients.a.sealed") == true)

    var copied = clients
    copied["c"] = clients["a"]
    tree["clients"] = .object(copied)
    #expect(try await refusal(of: tree)?.code == .untrusted)
    // Where nobody can check the MAC, the copy itself is told.
    let bytes = JSONValue.object(tree).utf8(.sops)
    let blind = await #expect(throws: StateError.self) {
      try await OpenedState.read(
        from: MemoryKeeper(MemoryFiles([state: bytes])), registry: "hydra", identities: AgeIdentities())
    }
    #expect(blind?.code == .damaged && blind?.description.contains("clients.a and clients.c") == true)
  }

  @Test(
    "a file that is none is told with what it is, and left as it was",
    arguments: [
      ("", "no JSON"), ("{", "no JSON"), ("[]", "no sops member"), ("{}", "version"), ("\u{feff}{}", "byte order mark"),
      (#"{"version": 1, "version": 1}"#, "no JSON"), ("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n", "git checkout"),
      (#"{"version": 1, "encryption": "none"}"#, "encryption: none"),
    ])
  func noState(_ text: String, _ words: String) async throws {
    let files = MemoryFiles([state: Array(text.utf8)])
    let error = await #expect(throws: StateError.self) { try await fixture.opened(MemoryKeeper(files)) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("state/hydra.json") == true)
    #expect(files.files == [state: Array(text.utf8)])
  }

  @Test("a file cut off anywhere is never taken for a state")
  func truncated() async throws {
    let whole = try #require(try await written().files[state])
    for length in stride(from: 0, to: whole.count - 2, by: 97) {
      let files = MemoryFiles([state: Array(whole[..<length])])
      await #expect(throws: StateError.self, "at \(length)") { try await fixture.opened(MemoryKeeper(files)) }
    }
  }

  @Test("a journal line that nobody with the key wrote is refused, and so are lines taken out or moved")
  func journalLines() async throws {
    let files = try await written()
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    for client in ["x", "y"] { try await run.recordIntent(aCall, for: client) }
    try await run.withdrawIntent(for: "x")
    let bytes = try #require(files.files[journal])
    let lines = bytes.split(separator: 0x0a).map { Array($0) + [0x0a] }
    let forged = JournalRecord.binding(Binding(issuer: "https://evil.example.com")).json
    var plain = Journal.Chain(key: nil)
    var wrong = Journal.Chain(key: [UInt8](repeating: 1, count: 32))
    let header = try #require(try Journal(parsing: bytes, at: "")).header
    let cases: [[[UInt8]]] = [
      lines + [plain.line(forged)], lines + [wrong.line(forged)], [lines[0]] + lines[2...],
      [lines[0], lines[2], lines[1], lines[3]],
      [plain.line(header.json)] + lines[1...],
    ]
    for (number, lines) in cases.enumerated() {
      let tampered = MemoryFiles([state: try #require(files.files[state]), journal: lines.flatMap(\.self)])
      let before = tampered.files
      let error = await #expect(throws: StateError.self, "case \(number)") {
        try await fixture.begin(MemoryKeeper(tampered), new: false)
      }
      #expect(error?.code == .damagedJournal && error?.description.contains("data key") == true)
      #expect(tampered.files == before)
    }
    let whole = MemoryFiles([state: try #require(files.files[state]), journal: lines.flatMap(\.self)])
    #expect(try await fixture.opened(MemoryKeeper(whole)).foldedRecords == 3)
  }
}
