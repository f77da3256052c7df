extension HTTPFields {
  /// The `page_token` of the link to the next page (RFC 8288), decoded. The link itself is never followed: it could lead anywhere.
  var nextPageToken: String? {
    for field in fields where field.name.lowercased() == "link" {
      // Links part at commas, and no URL of a page token has a bare one.
      for link in field.value.split(separator: ",") {
        let parts = link.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let target = parts.first, target.hasPrefix("<"),
          parts.dropFirst().contains(where: { ["rel=\"next\"", "rel=next"].contains($0.lowercased()) }),
          let query = target.dropFirst().prefix(while: { $0 != ">" }).split(separator: "?", maxSplits: 1).dropFirst().first
        else { continue }
        for pair in query.split(separator: "&") where pair.hasPrefix("page_token=") {
          let token = percentDecoded(pair.dropFirst("page_token=".count))
          return token.isEmpty ? nil : token
        }
      }
    }
    return nil
  }

  private func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
