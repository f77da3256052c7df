extension String {
  /// Whether both are the same text, byte for byte.
  ///
  /// `==` also holds where one has `é` as one scalar and the other as two (canonical equivalence). JSON knows nothing of that: two
  /// such names are two members (RFC 8259, section 8.3), and two such redirect URIs are not the same address.
  package func isIdentical(to other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    // Where they lie, eight bytes at once: `==` would bring both into a normal form first, which can take as long as somebody likes.
    let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
      unsafe other.utf8.withContiguousStorageIfAvailable { otherBytes in
        let (one, two) = (UnsafeRawBufferPointer(bytes), UnsafeRawBufferPointer(otherBytes))
        var offset = 0
        while offset + 8 <= one.count {
          guard
            unsafe one.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
              == two.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          else { return false }
          offset += 8
        }
        while offset < one.count {
          guard unsafe one[offset] == two[offset] else { return false }
          offset += 1
        }
        return true
      }
    }
    return isSame.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
  }

  /// Whether it comes before the other in the order of the bytes, which is that of the scalars.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

/// A member's name as a key: identical where the bytes are.
struct MemberName: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: MemberName, other: MemberName) -> Bool { one.text.isIdentical(to: other.text) }

  // Not the text's own hash, which is one for all spellings of a letter: whoever sends names could make them all meet.
  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
