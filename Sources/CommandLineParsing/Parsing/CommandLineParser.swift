/// One reading of a command line.
struct CommandLineParser {
  let root: CommandSpecification
  var command: CommandSpecification
  var path: [String] = []
  var given: [Given] = []
  var operands: [String] = []
  var rest: ArraySlice<String> = []
  var asksForHelp = false
  var asksForVersion = false

  /// One option as it stood there.
  struct Given {
    var option: OptionSpecification
    var value: String
    /// With its dashes, for messages.
    var spelling: String
  }

  init(root: CommandSpecification) {
    self.root = root
    command = root
  }

  /// The command as it is typed.
  var title: String { ([root.name] + path).joined(separator: " ") }

  /// The deepest command that the words of a broken command line name.
  func path(_ arguments: [String]) -> [String] {
    var path: [String] = []
    for word in arguments.prefix(while: { $0 != "--" }) where !word.hasPrefix("-") {
      if root.command(at: path + [word]) != nil { path.append(word) }
    }
    return path
  }

  mutating func parse(_ arguments: [String]) throws(UsageError) -> CommandLineRequest {
    if arguments.first == "help" && !root.subcommands.contains(where: { $0.name == "help" }) {
      return try help(Array(arguments.dropFirst()))
    }
    rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        for word in rest { try operand(word) }
        rest = []
      } else if word.hasPrefix("--") {
        try longOption(word)
      } else if word.hasPrefix("-") && word != "-" && !isNegativeNumber(word) {
        try shortOptions(word)
      } else {
        try operand(word)
      }
    }
    if asksForHelp { return .help(path: path) }
    if asksForVersion { return .version }
    return .run(try finished())
  }

  /// `clientsync help keys new`
  private mutating func help(_ words: [String]) throws(UsageError) -> CommandLineRequest {
    for word in words where !word.hasPrefix("-") {
      guard !command.groups.isEmpty else { break }
      try descend(to: word)
    }
    return .help(path: path)
  }
}

extension CommandLineParser {
  mutating func operand(_ word: String) throws(UsageError) {
    if command.groups.isEmpty {
      operands.append(word)
    } else {
      try descend(to: word)
    }
  }

  private mutating func descend(to word: String) throws(UsageError) {
    guard let child = command.subcommands.first(where: { $0.name == word }) else {
      throw UsageError(.unknownCommand, in: title, "there is no command \(quoted(word)).", hint: commandHint(word))
    }
    command = child
    path.append(word)
  }

  private func commandHint(_ word: String) -> String {
    let names = command.subcommands.filter { !$0.isHidden }.map(\.name)
    if let near = nearestName(to: word, among: names) {
      return "Did you mean \(title) \(near)? Type \(title) --help for all commands."
    }
    // `clientsync new` where `clientsync keys new` is meant.
    let elsewhere = root.everyCommand.filter { $0.path.last == word && !$0.command.isHidden }.map(\.path)
    if elsewhere.count == 1 { return "Did you mean \(([root.name] + elsewhere[0]).joined(separator: " "))?" }
    return "Type \(title) --help for all commands."
  }

  /// `-1` is a value and never an option, unless the command has options that are digits.
  func isNegativeNumber(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word.dropFirst().first?.isASCIIDigit == true else { return false }
    return !command.reachableOptions.contains { $0.short?.isASCIIDigit == true }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
