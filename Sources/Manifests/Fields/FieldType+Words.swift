extension FieldType {
  /// What belongs there, in full: `a list of redirect URIs`.
  package var fullWords: String {
    switch self {
    case .string(let form): form.words
    case .list(.string(.any), _): "a list of strings"
    case .list(.string(let form), _): "a list: \(form.words)"
    case .list(.object(let schema), _):
      "a list of mappings"
        + (schema.required.isEmpty ? "" : ", each with \(schema.required.map(\.name).joined(separator: " and "))")
    case .list(let element, _): "a list of \(element.fullWords)"
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number, \(range.lowerBound) or more" : "a whole number, \(range.lowerBound) to \(range.upperBound)"
    case .number: "a number above zero"
    case .map(let element, _): "names, each with \(element.fullWords)"
    case .object(let schema):
      if !schema.combinations.isEmpty {
        "a mapping with \(schema.choiceWords)"
      } else if !schema.required.isEmpty {
        "a mapping with \(schema.required.map(\.name).joined(separator: " and "))"
      } else {
        "a mapping"
      }
    case .jsonObject: "a mapping of any shape"
    case .either(let a, let b): "\(a.fullWords), or \(b.fullWords)"
    case .boolean, .json: words
    }
  }
}

extension ObjectSchema {
  /// Which members go together: `one of env, file, command`.
  fileprivate var choiceWords: String {
    if let alternatives { return "one of " + alternatives.joined(separator: ", ") }
    return combinations.filter { !$0.isEmpty }.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
      + (combinations.contains([]) ? ", or none of them" : "")
  }
}

extension StringForm {
  /// What the text is, in words.
  package var words: String {
    switch self {
    case .any: "a string"
    case .choice(let words, let notYet):
      (words.isEmpty ? "nothing yet" : words.joined(separator: ", "))
        + (notYet.isEmpty ? "" : " (checked, not acted upon yet: \(notYet.joined(separator: ", ")))")
    case .clientName: "a name of lower-case letters, digits, \"-\", \".\" and \"_\", at most 63"
    case .registryName: "a DNS label: lower-case letters, digits and \"-\", at most 63"
    case .endpoint: "an http: or https: URL"
    case .duration: "a span of time, like 10s, 1m30s or 14d"
    case .path: "a path"
    case .deliveryRoot: "the path of a folder, none of git's own"
    case .pathBelow: "a relative path without \"..\""
    case .environmentVariable: "the name of an environment variable"
    case .manifestVariable: "the name of an environment variable that begins with CLIENTSYNC_VAR_"
    case .ageRecipient: "an age recipient, age1…"
    case .memberName: "the name of a member of client metadata"
    case .headerName: "the name of a header"
    case .headerValue: "a header's value"
    case .lintRule: "the name of a lint rule"
    case .redirectURI: "an absolute URI without a fragment"
    case .webURL: "an http: or https: URL"
    case .securedURL: "an https: URL"
    case .origin: "an origin, like https://app.example.com"
    case .scope: "words with one blank between"
    case .goDuration: "a duration in Go's grammar, like 90m or 1h30m"
    case .usual(let words): words.joined(separator: ", ") + ", or a provider's own"
    }
  }
}
