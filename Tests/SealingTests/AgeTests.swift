import Foundation
import OpenIDCryptography
import Programs
import Testing

@testable import Sealing

@Suite struct AgeTests {
  @Test(
    "what is sealed for several opens for each of them, at every size around a chunk's end",
    arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func roundTrip(size: Int) throws {
    let (alice, bob, eve) = (AgeIdentity.generate(), AgeIdentity.generate(), AgeIdentity.generate())
    let plaintext = [UInt8](repeating: 7, count: size)
    let sealed = Age.encrypt(plaintext, to: [alice.recipient, bob.recipient])
    #expect(try Age.decrypt(sealed, with: [alice]) == plaintext)
    #expect(try Age.decrypt(sealed, with: [bob]) == plaintext)
    let error = #expect(throws: AgeError.self) { try Age.decrypt(sealed, with: [eve]) }
    #expect(error?.code == .noMatch)
  }

  @Test(
    "Debian's age opens what we seal, and we open what it seals",
    .enabled(if: Program.path(of: "age") != nil, "age is not installed: make setup brings it"))
  func realAge() throws {
    let identity = AgeIdentity.generate()
    let keyFile = FileManager.default.temporaryDirectory.appending(path: "age-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: keyFile) }
    try Data(identity.text.exposed.utf8).write(to: keyFile)
    let plaintext = Array("a text".utf8)
    let theirs = try Program.run("age", ["-d", "-i", keyFile.path], input: Age.encrypt(plaintext, to: [identity.recipient]))
    #expect(theirs.output == plaintext, "\(theirs.errors)")
    let sealed = try Program.run("age", ["-a", "-r", identity.recipient.text], input: plaintext)
    #expect(try Age.decrypt(sealed.output, with: [identity]) == plaintext)
  }

  @Test("a key file is made for its owner alone and never over an existing one")
  func keyFile() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString).txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let identity = try AgeKeyFile.create(at: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try AgeIdentities.read(path, isRequired: true).identities.map(\.recipient) == [identity.recipient])
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(throws: AgeError.self) { try AgeKeyFile.create(at: path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test("an identity prints its recipient, never itself")
  func description() {
    let identity = AgeIdentity.generate()
    var dumped = ""
    dump(identity, to: &dumped)
    #expect(!"\(identity) \(dumped)".contains("AGE-SECRET-KEY"))
  }
}
