extension String {
  /// Whether both are the same text, byte for byte.
  ///
  /// `==` also holds where one has `é` as one scalar and the other as two (canonical equivalence). JSON knows nothing of that: two
  /// such names are two members (RFC 8259, section 8.3), and two such redirect URIs are not the same address.
  package func isIdentical(to other: String) -> Bool {
    // In this order, because `==` compares memory where both are plain ASCII, and nearly all that differs differs there. What
    // is the same as an ASCII text otherwise takes more bytes than it.
    utf8.count == other.utf8.count && self == other && (isASCII || utf8.elementsEqual(other.utf8))
  }

  private var isASCII: Bool {
    unsafe utf8.withContiguousStorageIfAvailable { bytes in unsafe bytes.reduce(0, |) < 0x80 } ?? false
  }

  /// Whether it comes before the other in the order of the bytes, which is that of the scalars.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

/// A member's name as a key: identical where the bytes are.
struct MemberName: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: MemberName, other: MemberName) -> Bool { one.text.isIdentical(to: other.text) }

  // The text's own hash: texts of the same bytes have the same.
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
