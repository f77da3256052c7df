import OpenIDCryptography

/// The header of an age file: its stanzas, and the HMAC over them.
struct AgeHeader {
  struct Stanza {
    var type: String
    var arguments: [String]
    var body: [UInt8]
  }

  var stanzas: [Stanza]
  private var mac: [UInt8] = []
  /// What the HMAC is over: everything up to `---`.
  private var signedPart: [UInt8] = []

  init(stanzas: [Stanza]) {
    self.stanzas = stanzas
    var text = Age.version + "\n"
    for stanza in stanzas {
      text += "-> " + ([stanza.type] + stanza.arguments).joined(separator: " ") + "\n"
      let body = Array(Base64.encode(stanza.body, padded: false).utf8)
      var start = 0
      repeat {
        let end = min(start + 64, body.count)
        text += String(decoding: body[start..<end], as: UTF8.self) + "\n"
        start += 64
      } while start <= body.count
    }
    signedPart = Array((text + "---").utf8)
  }

  mutating func sign(with fileKey: [UInt8]) { mac = code(fileKey) }

  func isSigned(with fileKey: [UInt8]) -> Bool { HMAC.areEqual(mac, code(fileKey)) }

  private func code(_ fileKey: [UInt8]) -> [UInt8] {
    HMAC.sha256(key: KeyDerivation.hkdfSHA256(fileKey, info: Array("header".utf8)), signedPart)
  }

  /// The header as it stands in a file, its last line included.
  var bytes: [UInt8] { signedPart + Array(" \(Base64.encode(mac, padded: false))\n".utf8) }

  /// Reads a header to the letter: one spelling each, no white space besides.
  static func parse(_ file: [UInt8]) throws(AgeError) -> (header: AgeHeader, rest: ArraySlice<UInt8>) {
    var lines = HeaderLines(rest: file[...])
    guard try lines.next() == Age.version else {
      throw AgeError(.invalidHeader, "this is no age file of version 1")
    }
    var stanzas: [Stanza] = []
    while true {
      let start = lines.rest.startIndex
      let line = try lines.next()
      if line.hasPrefix("---") {
        guard line.hasPrefix("--- "), let mac = Base64.decode(String(line.dropFirst(4)), padded: false), mac.count == 32,
          !stanzas.isEmpty
        else { throw malformed }
        var header = AgeHeader(stanzas: [])
        header.stanzas = stanzas
        header.mac = mac
        header.signedPart = Array(file[..<(start + 3)])
        return (header, lines.rest)
      }
      guard line.hasPrefix("-> ") else { throw malformed }
      let words = line.dropFirst(3).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard words.allSatisfy({ word in !word.isEmpty && word.utf8.allSatisfy { (33...126).contains($0) } }) else {
        throw malformed
      }
      stanzas.append(Stanza(type: words[0], arguments: Array(words.dropFirst()), body: try lines.body()))
    }
  }

  static let malformed = AgeError(.invalidHeader, "the age header is malformed")

  private struct HeaderLines {
    var rest: ArraySlice<UInt8>

    mutating func next() throws(AgeError) -> String {
      guard let end = rest.firstIndex(of: 0x0a), let line = String(validating: rest[..<end], as: UTF8.self),
        !line.utf8.contains(0x0d)
      else { throw AgeHeader.malformed }
      rest = rest[(end + 1)...]
      return line
    }

    /// Lines of 64 characters, then a shorter one, which may be empty.
    mutating func body() throws(AgeError) -> [UInt8] {
      var text = ""
      while true {
        let line = try next()
        guard line.utf8.count <= 64 else { throw AgeHeader.malformed }
        text += line
        if line.utf8.count < 64 { break }
      }
      guard let body = Base64.decode(text, padded: false) else { throw AgeHeader.malformed }
      return body
    }
  }
}
