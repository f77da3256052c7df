/// An option: its names, what it takes and what to say about it.
package struct OptionSpecification: Sendable, Hashable {
  package enum Form: Sendable, Hashable {
    /// It is there or not.
    case flag
    /// It takes a value; the placeholder stands for it in the help.
    case value(placeholder: String, ValueKind)
    /// A flag that is another spelling of `--option value`.
    case shorthand(option: String, value: String)
  }

  /// The long name, without its dashes.
  package var name: String
  package var short: Character?
  package var form: Form
  /// Sentences with full stops. Choices, the default and "can be repeated" are added by the help itself.
  package var help: String
  /// What holds where the option is not given, for the help only: reading the option gives `nil`.
  package var defaultText: String?
  package var isRepeatable: Bool
  package var isRequired: Bool
  /// A hidden option works and is named nowhere.
  package var isHidden: Bool

  /// A flag.
  package static func flag(
    _ name: String, short: Character? = nil, help: String, isRepeatable: Bool = false, isHidden: Bool = false
  ) -> OptionSpecification {
    OptionSpecification(
      name: name, short: short, form: .flag, help: help, defaultText: nil, isRepeatable: isRepeatable, isRequired: false,
      isHidden: isHidden)
  }

  /// An option with a value.
  package static func value(
    _ name: String, short: Character? = nil, _ placeholder: String, _ kind: ValueKind = .text, help: String,
    defaultText: String? = nil, isRepeatable: Bool = false, isRequired: Bool = false, isHidden: Bool = false
  ) -> OptionSpecification {
    OptionSpecification(
      name: name, short: short, form: .value(placeholder: placeholder, kind), help: help, defaultText: defaultText,
      isRepeatable: isRepeatable, isRequired: isRequired, isHidden: isHidden)
  }

  /// A flag that stands for `--option value`, as `--no-refresh` does for `--refresh none`.
  package static func shorthand(
    _ name: String, short: Character? = nil, for option: String, _ value: String, help: String, isHidden: Bool = false
  ) -> OptionSpecification {
    OptionSpecification(
      name: name, short: short, form: .shorthand(option: option, value: value), help: help, defaultText: nil,
      isRepeatable: false, isRequired: false, isHidden: isHidden)
  }

  var takesValue: Bool {
    if case .value = form { true } else { false }
  }

  /// What it takes; `nil` for flags.
  var kind: ValueKind? {
    if case .value(_, let kind) = form { kind } else { nil }
  }

  var placeholder: String? {
    if case .value(let placeholder, _) = form { placeholder } else { nil }
  }
}

/// An argument that has a place rather than a name.
package struct ArgumentSpecification: Sendable, Hashable {
  /// The placeholder, in capitals: `PLANFILE`.
  package var name: String
  package var kind: ValueKind
  /// A sentence, with a full stop.
  package var help: String
  package var isOptional: Bool
  package var isRepeatable: Bool

  package init(_ name: String, _ kind: ValueKind = .text, help: String, isOptional: Bool = false, isRepeatable: Bool = false) {
    self.name = name
    self.kind = kind
    self.help = help
    self.isOptional = isOptional
    self.isRepeatable = isRepeatable
  }
}
