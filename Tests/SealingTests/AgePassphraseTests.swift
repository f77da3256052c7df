import Foundation
import OpenIDCryptography
import Programs
import Testing

@testable import Sealing

@Suite struct AgePassphraseTests {
  private let passphrase = Secret("correct horse battery")
  private let folder = FileManager.default.temporaryDirectory.appending(path: "passphrase-\(UUID().uuidString)")

  @Test("what is sealed with a passphrase opens with it and with nothing else", arguments: [1, 10])
  func roundTrip(workFactor: Int) throws {
    let sealed = Age.encrypt(Array("a text".utf8), passphrase: passphrase, workFactor: workFactor)
    #expect(Age.wantsPassphrase(sealed))
    #expect(try Age.decrypt(sealed, with: [], passphrase: passphrase) == Array("a text".utf8))
    for wrong in [Secret("another"), nil] {
      let error = #expect(throws: AgeError.self) { try Age.decrypt(sealed, with: [.generate()], passphrase: wrong) }
      #expect(error?.code == .noMatch)
    }
  }

  @Test(
    "a stanza that age would not write is refused before any work is done",
    arguments: ["21", "63", "010", "0", "-1", "+10", "1e1", "", "99999999999999999999"])
  func workFactors(_ factor: String) throws {
    let arguments = [Base64.encode([UInt8](repeating: 1, count: 16), padded: false), factor]
    let stanza = AgeHeader.Stanza(type: "scrypt", arguments: arguments, body: [UInt8](repeating: 0, count: 32))
    let error = #expect(throws: AgeError.self) { try AgePassphrase.unwrap(stanza, passphrase) }
    #expect(error?.code == .invalidHeader)
  }

  /// age asks for its passphrase at a terminal and nowhere else; `script` makes one.
  private func age(_ command: String, answers: Int) throws -> (status: Int32, errors: String) {
    let typed = String(repeating: passphrase.exposed + "\n", count: answers)
    let line =
      "(sleep 1; printf '\(typed.replacingOccurrences(of: "\n", with: "\\n"))'; sleep 5) | script -qec '\(command)' /dev/null"
    let run = try Program.run("sh", ["-c", line])
    return (run.status, run.errors + String(decoding: run.output, as: UTF8.self))
  }

  @Test(
    "we open what age -p sealed, and age opens what we seal with a passphrase",
    .enabled(if: Program.path(of: "age") != nil && Program.path(of: "script") != nil, "age or script is not installed"),
    .timeLimit(.minutes(15)))
  func realAge() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("a text".utf8).write(to: folder.appending(path: "plain"))
    let theirs = try age("age -p -o \(folder.path)/theirs \(folder.path)/plain", answers: 2)
    let sealed = try #require(FileManager.default.contents(atPath: folder.path + "/theirs"), "\(theirs)")
    #expect(try Age.decrypt(Array(sealed), with: [], passphrase: passphrase) == Array("a text".utf8))

    try Data(Age.encrypt(Array("ours".utf8), passphrase: passphrase, workFactor: 12)).write(to: folder.appending(path: "ours"))
    let opened = try age("age -d -o \(folder.path)/opened \(folder.path)/ours", answers: 1)
    #expect(FileManager.default.contents(atPath: folder.path + "/opened") == Data("ours".utf8), "\(opened)")
  }

  @Test("a key file that is sealed with a passphrase opens where somebody can be asked, and says so where nobody can")
  func keyFile() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let identity = AgeIdentity.generate()
    let path = folder.path + "/keys.txt"
    try Data(Age.encrypt(Array(identity.text.exposed.utf8), passphrase: passphrase, workFactor: 4)).write(
      to: URL(filePath: path))
    let environment = ["SOPS_AGE_KEY_FILE": path]
    let asked = AgeIdentities.Tools(passphrase: { _ in passphrase })
    #expect(try AgeIdentities.find(environment: environment, tools: asked).identities.map(\.recipient) == [identity.recipient])
    let error = #expect(throws: AgeError.self) { try AgeIdentities.find(environment: environment) }
    #expect(error?.code == .file && error?.description.contains("passphrase") == true)
  }
}

@Suite struct AgeIdentityTests {
  @Test("identities are looked for where sops looks, all of them")
  func places() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "identities-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let four = (0..<4).map { _ in AgeIdentity.generate() }
    try FileManager.default.createDirectory(at: folder.appending(path: "sops/age"), withIntermediateDirectories: true)
    try Data("# a key\n\(four[1].text.exposed)\r\n\n".utf8).write(to: folder.appending(path: "named.txt"))
    try Data(four[3].text.exposed.utf8).write(to: folder.appending(path: "sops/age/keys.txt"))
    let environment = [
      "SOPS_AGE_KEY": " \(four[0].text.exposed) \n", "SOPS_AGE_KEY_FILE": folder.appending(path: "named.txt").path,
      "SOPS_AGE_KEY_CMD": "tell 'the key' --now", "XDG_CONFIG_HOME": folder.path,
    ]
    let tools = AgeIdentities.Tools(run: { words in
      words == ["tell", "the key", "--now"] ? Array(four[2].text.exposed.utf8) : nil
    })
    #expect(try AgeIdentities.find(environment: environment, tools: tools).identities.map(\.recipient) == four.map(\.recipient))
    let error = #expect(throws: AgeError.self) { try AgeIdentities.find(environment: environment) }
    #expect(error?.description.hasPrefix("SOPS_AGE_KEY_CMD") == true)
    #expect(error?.description.contains("AGE-SECRET-KEY") == false)
  }

  @Test(
    "a command line is taken apart as a shell does it",
    arguments: [
      ("a b", ["a", "b"]), ("  a\t'b c' ", ["a", "b c"]), (#"a "b 'c'" d\ e"#, ["a", "b 'c'", "d e"]), ("a ''", ["a", ""]),
      ("'", nil), ("a \\", nil), (" ", nil),
    ] as [(String, [String]?)])
  func words(_ line: String, _ words: [String]?) { #expect(CommandWords.split(line) == words) }
}
