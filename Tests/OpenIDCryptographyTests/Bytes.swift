import OpenIDCryptography

/// Bytes written as hexadecimal digits, with blanks where they help reading.
func bytes(_ digits: String) -> [UInt8] {
  guard let bytes = Hex.decode(digits.filter { !$0.isWhitespace }) else { preconditionFailure("not hexadecimal: \(digits)") }
  return bytes
}

func bytes(of text: String) -> [UInt8] { Array(text.utf8) }
