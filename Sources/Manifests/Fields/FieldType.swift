/// What belongs in a member. The manifest's spelling is read by it, never by YAML's guesses.
package indirect enum FieldType: Sendable {
  case string(StringForm)
  case boolean
  case integer(ClosedRange<Int>)
  /// A number above zero.
  case number
  /// At least that many elements.
  case list(FieldType, atLeast: Int = 0)
  /// Names of the user's own in a form, each with a value of that type.
  case map(FieldType, keys: StringForm = .any)
  case object(ObjectSchema)
  /// JSON of any shape, typed by YAML's core schema.
  case json
  /// A JSON object of any shape, typed by YAML's core schema.
  case jsonObject
  /// Either of the two: a scalar where a scalar stands, the mapping where a mapping does.
  case either(FieldType, FieldType)

  /// What is expected, as the object of a sentence: `a list of strings`.
  package var words: String {
    switch self {
    case .string: "a string"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .list(let element, _): "a list of \(element.pluralWords)"
    case .map, .object, .jsonObject: "a mapping"
    case .json: "any value"
    case .either(let a, let b): "\(a.words) or \(b.words)"
    }
  }

  private var pluralWords: String {
    switch self {
    case .string: "strings"
    case .integer, .number: "numbers"
    case .list: "lists"
    case .map, .object, .jsonObject: "mappings"
    case .boolean, .json, .either: "values"
    }
  }
}
