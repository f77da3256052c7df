import OpenIDJSON

/// Gives any bytes to the JSON reader: it may refuse them, with a place that exists; what it takes comes back from every way of
/// writing as it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let lenient = JSONParsingOptions(duplicates: .lastWins, ignoresTrailingContent: true)
  do throws(JSONParsingError) {
    let value = try JSONValue(parsing: bytes)
    checkRoundTrips(of: value)
    require((try? JSONValue(parsing: bytes, options: lenient)) == value, "the lenient reader reads it otherwise")
  } catch {
    require(error.line >= 1 && error.column >= 1, "no place")
    require((0...bytes.count).contains(error.offset), "a place that is not there")
    require(!error.description.isEmpty, "no words")
    if let value = try? JSONValue(parsing: bytes, options: lenient) { checkRoundTrips(of: value) }
  }
  return 0
}

private func checkRoundTrips(of value: JSONValue) {
  for format in [JSONFormat.compact, .pretty, .sops, .go] {
    let written = value.utf8(format)
    require((try? JSONValue(parsing: written)) == value, "written, it reads otherwise")
  }
  require(value.isEquivalent(to: value.sorted()), "sorted, it says something else")
  require(value.sorted().sorted() == value.sorted(), "sorting has no end")
}

private func require(_ holds: Bool, _ message: String) { if !holds { fatalError(message) } }
