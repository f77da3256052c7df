import Foundation
import OpenIDCryptography
import Programs
import Testing

@testable import Sealing

/// A vector of the age project: what its header says must come of it, and the file.
struct AgeVector: CustomTestStringConvertible, Sendable {
  var name: String
  var expects: String
  var identities: [String]
  var payloadHash: String?
  var file: [UInt8]

  var testDescription: String { name }

  /// They are other people's and lie beside the checkout, or nowhere.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/facts/age-vectors")

  /// All of them; those for passphrases are not among them.
  static let all: [AgeVector] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      guard let bytes = FileManager.default.contents(atPath: folder.appending(path: name).path).map(Array.init) else {
        return nil
      }
      return AgeVector(name: name, bytes)
    }
  }()

  init?(name: String, _ bytes: [UInt8]) {
    self.name = name
    expects = ""
    identities = []
    var isCompressed = false
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0a) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      if line.isEmpty { break }
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      switch parts[0] {
      case "expect": expects = parts[1]
      case "identity": identities.append(parts[1])
      case "payload": payloadHash = parts[1]
      case "compressed": isCompressed = true
      default: break
      }
    }
    guard !expects.isEmpty else { return nil }
    file = isCompressed ? AgeVector.inflated(Array(rest)) : Array(rest)
  }

  /// zlib (RFC 1950), by Python, which the tests want anyway.
  private static func inflated(_ bytes: [UInt8]) -> [UInt8] {
    let script = "import sys, zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))"
    return (try? Program.run("python3", ["-c", script], input: bytes).output) ?? []
  }
}

@Suite struct AgeVectorTests {
  @Test(
    "none of the age project's vectors is left out",
    .enabled(if: !AgeVector.all.isEmpty, "the age vectors do not lie beside this checkout"))
  func complete() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: AgeVector.folder.path).filter { !$0.hasSuffix(".md") }
    #expect(AgeVector.all.map(\.name) == names.sorted())
    #expect(Set(AgeVector.all.map(\.expects)).count == 6)
  }

  @Test(
    "the vectors of the age project hold",
    .enabled(if: !AgeVector.all.isEmpty, "the age vectors do not lie beside this checkout"), arguments: AgeVector.all)
  func vector(_ vector: AgeVector) throws {
    try #require(!vector.file.isEmpty || vector.expects != "success", "python3 could not inflate it")
    let identities = try vector.identities.map { try AgeIdentity(parsing: $0) }
    do {
      let plaintext = try Age.decrypt(vector.file, with: identities)
      #expect(vector.expects == "success")
      if let hash = vector.payloadHash { #expect(Hex.encode(SHA2.sha256(plaintext)) == hash) }
    } catch {
      let codes: [String: [AgeError.Code]] = [
        "no match": [.noMatch], "HMAC failure": [.headerMismatch], "header failure": [.invalidHeader],
        "armor failure": [.invalidArmour, .invalidHeader], "payload failure": [.invalidPayload],
      ]
      #expect(codes[vector.expects, default: []].contains(error.code), "\(vector.expects), and we say: \(error)")
    }
  }
}
