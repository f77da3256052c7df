/// A command as data: its name, what it takes and what there is to say about it.
///
/// The whole tool is one such value, with its commands inside. Parsing, `--help`, the manual pages and the completions of three
/// shells all come from it, so they cannot disagree.
///
/// ```swift
/// let tool = CommandSpecification(
///   "clientsync", abstract: "Keep OAuth2 clients as files in git.",
///   groups: [CommandGroup("Commands", [
///     CommandSpecification("plan", abstract: "Print what would change.", options: [common])
///   ])])
/// switch try tool.parse(arguments) {
/// case .run(let command): print(command.path, command.text("state"))
/// case .help(let path): print(tool.help(for: path))
/// case .version: print("1.0")
/// }
/// ```
package struct CommandSpecification: Sendable, Hashable {
  package var name: String
  /// One sentence, with a full stop.
  package var abstract: String
  /// Paragraphs for whoever asks for help.
  package var discussion: [String]
  package var options: [OptionGroup]
  /// In order; an optional or a repeatable one is the last.
  package var arguments: [ArgumentSpecification]
  /// What stands below: a command with commands does nothing by itself and takes no arguments.
  package var groups: [CommandGroup]
  package var examples: [Example]
  /// Lists of terms: exit codes, environment variables, files.
  package var notes: [Note]
  /// What to say to someone who gives an argument too many: `To name manifests, use -f PATH.`
  package var strayArgumentHint: String?
  /// A hidden command works and is named nowhere.
  package var isHidden: Bool

  package init(
    _ name: String, abstract: String, discussion: [String] = [], options: [OptionGroup] = [],
    arguments: [ArgumentSpecification] = [], groups: [CommandGroup] = [], examples: [Example] = [], notes: [Note] = [],
    strayArgumentHint: String? = nil, isHidden: Bool = false
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.options = options
    self.arguments = arguments
    self.groups = groups
    self.examples = examples
    self.notes = notes
    self.strayArgumentHint = strayArgumentHint
    self.isHidden = isHidden
  }
}

/// Commands under one heading of the help.
package struct CommandGroup: Sendable, Hashable {
  package var title: String
  package var commands: [CommandSpecification]

  package init(_ title: String, _ commands: [CommandSpecification]) {
    self.title = title
    self.commands = commands
  }
}

/// Options under one heading of the help. What many commands take is one group, defined once and listed by each of them.
package struct OptionGroup: Sendable, Hashable {
  package var title: String
  package var options: [OptionSpecification]

  package init(_ title: String, _ options: [OptionSpecification]) {
    self.title = title
    self.options = options
  }
}

/// A command line to copy, and what it does.
package struct Example: Sendable, Hashable {
  package var command: String
  /// A sentence, with a full stop.
  package var text: String

  package init(_ command: String, _ text: String) {
    self.command = command
    self.text = text
  }
}

/// A list of terms with their meaning, under a heading.
package struct Note: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package var term: String
    package var text: String

    package init(_ term: String, _ text: String) {
      self.term = term
      self.text = text
    }
  }

  /// Which section of a manual page it is.
  package enum Kind: String, Sendable, Hashable {
    case environment = "Environment"
    case files = "Files"
    case exitCodes = "Exit codes"
  }

  package var kind: Kind
  package var entries: [Entry]

  package init(_ kind: Kind, _ entries: [Entry]) {
    self.kind = kind
    self.entries = entries
  }
}
