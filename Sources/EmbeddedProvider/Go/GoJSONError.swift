/// Why Go's `encoding/json` refuses a text, in its words.
struct GoJSONError: Error, Equatable {
  let message: String

  /// A value that does not fit the Go type of a member (`json.UnmarshalTypeError`).
  ///
  /// - Parameter field: the struct and the way to the member, `Client.client_name`; without one the value stands alone.
  static func mismatch(_ value: String, into type: String, field: String? = nil) -> GoJSONError {
    GoJSONError(
      message: "json: cannot unmarshal \(value) into Go " + (field.map { "struct field \($0)" } ?? "value") + " of type \(type)"
    )
  }
}
