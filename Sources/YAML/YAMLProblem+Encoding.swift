extension YAMLProblem {
  static func encoding(_ words: String, byte: UInt8, at mark: YAMLMark) -> YAMLProblem {
    let hexadecimal = String(byte, radix: 16)
    if words.hasPrefix("control characters") {
      return YAMLProblem(
        rule: .encoding,
        message: byte == 0 ? "a NUL character" : "a control character (0x\(hexadecimal))", start: mark, end: mark,
        hint: "YAML takes none; in double quotes, \\x\(hexadecimal.count == 1 ? "0" : "")\(hexadecimal) stands for it.")
    }
    return YAMLProblem(
      rule: .encoding, message: "invalid UTF-8 (byte 0x\(hexadecimal))", start: mark, end: mark, hint: "Save the file as UTF-8."
    )
  }
}
