/// What a command line asks for.
package enum CommandLineRequest: Sendable, Hashable {
  /// A command, all its values checked.
  case run(ParsedCommand)
  /// The help of the command at this path.
  case help(path: [String])
  case version
}

/// A command as it was given: which one, its options and its arguments.
///
/// Options are read by their long name. Their values fit their kind, so that no reading fails: what is `nil` was not given.
package struct ParsedCommand: Sendable, Hashable {
  /// The names that lead to the command: `["keys", "new"]`.
  package let path: [String]
  /// The command as it is typed, for messages: `clientsync keys new`.
  package let title: String
  /// The values by the option's long name, in the order given; a flag has an empty one each time.
  private let options: [String: [String]]
  /// The values by the argument's name.
  private let arguments: [String: [String]]
  /// The long names that may be asked for.
  private let known: Set<String>

  init(path: [String], title: String, options: [String: [String]], arguments: [String: [String]], known: Set<String>) {
    self.path = path
    self.title = title
    self.options = options
    self.arguments = arguments
    self.known = known
  }

  /// Whether the option was given at all.
  package func has(_ option: String) -> Bool { !values(option).isEmpty }

  /// Whether the command has such an option, for what many commands share.
  package func knows(_ option: String) -> Bool { known.contains(option) }

  /// How often it was given.
  package func count(_ option: String) -> Int { values(option).count }

  /// The value; the last one of a repeatable option.
  package func text(_ option: String) -> String? { values(option).last }

  /// All values, in the order given.
  package func texts(_ option: String) -> [String] { values(option) }

  package func integer(_ option: String) -> Int? { text(option).flatMap { Int($0) } }

  package func duration(_ option: String) -> Duration? { text(option).flatMap { Duration(commandLine: $0) } }

  /// A choice as the enum that lists the choices.
  package func choice<Choice: RawRepresentable<String>>(_ option: String, as type: Choice.Type = Choice.self) -> Choice? {
    text(option).flatMap { Choice(rawValue: $0) }
  }

  /// `KEY=VALUE` values, in the order given; of two with one key both.
  package func pairs(_ option: String) -> [(key: String, value: String)] {
    values(option).compactMap { text in
      text.firstIndex(of: "=").map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
    }
  }

  /// The value of the argument with that name.
  package func argument(_ name: String) -> String? { arguments[name]?.first }

  /// All values of a repeatable argument.
  package func arguments(_ name: String) -> [String] { arguments[name] ?? [] }

  /// An error of usage that only the command itself can see: options that do not go together.
  package func conflict(_ message: String, hint: String? = nil) -> UsageError {
    UsageError(.conflict, in: title, message, hint: hint)
  }

  private func values(_ option: String) -> [String] {
    assert(known.contains(option), "\(title) has no option --\(option)")
    return options[option] ?? []
  }
}
