/// A command line that cannot be understood: what is wrong with it, and what to type instead.
package struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case unknownCommand
    case missingCommand
    case unknownOption
    /// A known option without its value.
    case missingValue
    /// A value for a flag.
    case unexpectedValue
    /// A value that is not what the option or argument takes.
    case invalidValue
    case repeatedOption
    case missingOption
    case missingArgument
    case unexpectedArgument
    /// Options that do not go together; thrown by the commands themselves.
    case conflict
  }

  package let code: Code
  /// The command as it is typed, without its arguments: `clientsync plan`.
  package let command: String
  /// What is wrong, as a sentence.
  package let message: String
  /// What to type, as sentences.
  package let hint: String

  package init(_ code: Code, in command: String, _ message: String, hint: String? = nil) {
    self.code = code
    self.command = command
    self.message = message
    self.hint = hint ?? "Type \(command) --help for what it takes."
  }

  /// Two lines: the command with what is wrong, and the hint.
  package var description: String { "\(command): \(message)\n   \(hint)" }
}

/// What somebody typed, in quotes, cut where it is long, and without anything that a terminal would obey.
package func quoted(_ text: String) -> String {
  let limit = 80
  var shown = "\""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown + (text.unicodeScalars.count > limit ? "…\"" : "\"")
}
