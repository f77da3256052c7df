#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system's words for an error number, as a phrase.
func systemMessage(_ number: CInt) -> String {
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  let words = unsafe String(cString: text)
  return words.prefix(1).lowercased() + words.dropFirst()
}
