import Foundation
import OpenIDCryptography
import OpenIDJSON
import Programs
import Testing

@testable import Sealing

/// One vector as the real sops made it; `refusal` where it must not open.
struct SOPSVector: CustomTestStringConvertible, Sendable {
  var name: String
  var refusal: SOPSError.Code?

  var testDescription: String { name }

  static let all: [SOPSVector] =
    [
      "one-recipient", "two-recipients", "no-clients", "types", "unicode", "odd-keys", "client-named-sealed",
      "mac-only-encrypted", "edit-before", "edit-after", "updatekeys-after", "rotate-after", "unknown-metadata",
    ].map { SOPSVector(name: $0, refusal: nil) } + [
      SOPSVector(name: "reordered", refusal: .macMismatch), SOPSVector(name: "bad-ciphertext", refusal: .damagedValue),
      SOPSVector(name: "bad-plain-value", refusal: .macMismatch), SOPSVector(name: "swapped-values", refusal: .damagedValue),
      SOPSVector(name: "no-mac", refusal: .macMismatch), SOPSVector(name: "empty-mac", refusal: .macMismatch),
      SOPSVector(name: "no-metadata", refusal: .noMetadata), SOPSVector(name: "cleartext-inside", refusal: .clearValue),
      SOPSVector(name: "changed-lastmodified", refusal: .macMismatch),
      SOPSVector(name: "removed-client", refusal: .macMismatch),
      SOPSVector(name: "bad-age-header", refusal: .damagedDataKey), SOPSVector(name: "truncated", refusal: .notJSON),
      SOPSVector(name: "wrong-identity", refusal: .noIdentity), SOPSVector(name: "key-groups", refusal: .noIdentity),
    ]
}

enum SOPSFixtures {
  static let folder = Bundle.module.resourceURL!.appending(path: "Fixtures/sops-vectors")

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

  /// The identity of that name in `keys.txt`, which names each in a comment above it.
  static func identities(named name: String) throws -> AgeIdentities {
    let text = String(decoding: try bytes("keys.txt"), as: UTF8.self)
    var current = false
    var lines: [Substring] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("#") {
        if line.contains("public key") == false { current = line.contains(name) }
      } else if current {
        lines.append(line)
      }
    }
    return try AgeIdentities(parsing: lines.joined(separator: "\n"), source: "keys.txt")
  }
}

@Suite struct SOPSVectorTests {
  @Test("what sops wrote opens, and what it refuses is refused for the same reason", arguments: SOPSVector.all)
  func vector(_ vector: SOPSVector) throws {
    let expect = try JSONValue(parsing: try SOPSFixtures.bytes("\(vector.name).expect.json"))
    let identities = try SOPSFixtures.identities(named: expect["identity"]?.string ?? "alice")
    try #require(!identities.identities.isEmpty)
    do {
      let document = try SOPSDocument(parsing: try SOPSFixtures.bytes("\(vector.name).sops.json"))
      let key = try document.dataKey(with: identities)
      try document.verify(with: key)
      #expect(vector.refusal == nil)
    } catch let error as SOPSError {
      #expect(error.code == vector.refusal, "\(error.description)")
    }
  }

  @Test(
    "sealed values read back as sops prints them", arguments: SOPSVector.all.filter { $0.refusal == nil && $0.name != "types" })
  func values(_ vector: SOPSVector) throws {
    let expect = try JSONValue(parsing: try SOPSFixtures.bytes("\(vector.name).expect.json"))
    let document = try SOPSDocument(parsing: try SOPSFixtures.bytes("\(vector.name).sops.json"))
    let key = try document.dataKey(with: try SOPSFixtures.identities(named: expect["identity"]?.string ?? "alice"))
    let plain = try JSONValue(parsing: try SOPSFixtures.bytes("\(vector.name).decrypted.json"))
    #expect(try opened(.object(document.tree), with: key, at: []) == plain)
  }

  private func opened(_ value: JSONValue, with key: DataKey, at path: [String]) throws -> JSONValue {
    switch value {
    case .object(let object):
      return .object(
        JSONObject(try object.map { JSONMember(name: $0.name, value: try opened($0.value, with: key, at: path + [$0.name])) }))
    case .array(let elements): return .array(try elements.map { try opened($0, with: key, at: path) })
    case .string(let text) where text.hasPrefix("ENC["):
      let type = SealedValue(text)?.type
      let plain = try key.open(text, at: path).exposed
      return type == "str" ? .string(plain) : try JSONValue(parsing: plain.lowercased())
    default: return value
    }
  }
}

@Suite struct SOPSDocumentTests {
  let identity = AgeIdentity.generate()
  var identities: AgeIdentities { get throws { try AgeIdentities(parsing: identity.text.exposed, source: "test") } }

  private func tree(_ key: DataKey) -> JSONObject {
    let sealed = key.seal(Secret("s3cret <&>"), at: ["clients", "a", "sealed", "client_secret"])
    return [
      "version": 1, "clients": ["a": ["name": "Ü <b>", "list": [], "none": nil, "sealed": ["client_secret": .string(sealed)]]],
    ]
  }

  @Test("what we write verifies, and a hand's edit breaks the MAC")
  func roundTrip() throws {
    let key = DataKey.generate()
    let document = SOPSDocument.new(tree: tree(key), dataKey: key, recipients: [identity.recipient])
    let bytes = try document.written(with: key, at: Date(timeIntervalSince1970: 1_800_000_000))
    let again = try SOPSDocument(parsing: bytes)
    let opened = try again.dataKey(with: try identities)
    try again.verify(with: opened)
    #expect(again.tree == document.tree)

    let edited = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\"version\": 1,", with: "\"version\": 2,")
    let changed = try SOPSDocument(parsing: Array(edited.utf8))
    let error = #expect(throws: SOPSError.self) { try changed.verify(with: opened) }
    #expect(error?.code == .macMismatch)
  }

  @Test("no plaintext of a sealed value stands in the file")
  func sealedOnDisk() throws {
    let key = DataKey.generate()
    let document = SOPSDocument.new(tree: tree(key), dataKey: key, recipients: [identity.recipient])
    let text = String(decoding: try document.written(with: key, at: Date()), as: UTF8.self)
    #expect(!text.contains("s3cret"))
    #expect(!String(describing: document).contains("s3cret"))
    #expect("\(key)" == "(sensitive)")
  }

  @Test("git's conflict markers get an answer of their own")
  func conflict() {
    let error = #expect(throws: SOPSError.self) {
      try SOPSDocument(parsing: Array("{\n<<<<<<< HEAD\n\t\"serial\": 1\n=======\n\t\"serial\": 2\n>>>>>>> b\n}".utf8))
    }
    #expect(error?.code == .conflict)
  }

  @Test(
    "the real sops opens what we write",
    .enabled(if: Program.path(of: "sops") != nil, "sops is not installed: make setup brings it"))
  func realSops() throws {
    let key = DataKey.generate()
    let document = SOPSDocument.new(tree: tree(key), dataKey: key, recipients: [identity.recipient])
    let file = FileManager.default.temporaryDirectory.appending(path: "sops-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(try document.written(with: key, at: Date())).write(to: file)
    let result = try Program.run("sops", ["-d", file.path], environment: ["SOPS_AGE_KEY": identity.text.exposed])
    #expect(result.status == 0, "\(result.errors)")
    let plain = try JSONValue(parsing: result.output)
    #expect(plain["clients"]?["a"]?["sealed"]?["client_secret"] == "s3cret <&>")
  }

  @Test(
    "a file keeps its ciphertexts and opens after sops set changed a plain value in it",
    .enabled(if: Program.path(of: "sops") != nil, "sops is not installed: make setup brings it"))
  func editedBySops() throws {
    let key = DataKey.generate()
    let document = SOPSDocument.new(tree: tree(key), dataKey: key, recipients: [identity.recipient])
    let file = FileManager.default.temporaryDirectory.appending(path: "sops-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(try document.written(with: key, at: Date())).write(to: file)
    let result = try Program.run(
      "sops", ["set", file.path, "[\"version\"]", "7"], environment: ["SOPS_AGE_KEY": identity.text.exposed])
    #expect(result.status == 0, "\(result.errors)")
    let edited = try SOPSDocument(parsing: Array(try Data(contentsOf: file)))
    try edited.verify(with: try edited.dataKey(with: try identities))
    #expect(edited.tree["version"] == 7)
    #expect(edited.tree["clients"]?["a"]?["sealed"] == document.tree["clients"]?["a"]?["sealed"])
  }
}
