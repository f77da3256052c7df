extension CommandSpecification {
  /// All commands right below.
  package var subcommands: [CommandSpecification] { groups.flatMap(\.commands) }

  /// The command that a path of names leads to.
  package func command(at path: [String]) -> CommandSpecification? {
    guard let first = path.first else { return self }
    return subcommands.first { $0.name == first }?.command(at: Array(path.dropFirst()))
  }

  /// Every command of the tree with its path, this one (with an empty path) first.
  package var everyCommand: [(path: [String], command: CommandSpecification)] {
    [([], self)] + subcommands.flatMap { child in child.everyCommand.map { ([child.name] + $0.path, $0.command) } }
  }

  /// What the command itself takes, of all groups.
  var ownOptions: [OptionSpecification] { options.flatMap(\.options) }

  /// What the command or any command below it takes, each name once.
  var reachableOptions: [OptionSpecification] {
    var seen: Set<String> = []
    return everyCommand.flatMap(\.command.ownOptions).filter { seen.insert($0.name).inserted }
  }

  /// What is wrong with the tree itself, as sentences for whoever wrote it; a test of the tool asks that there is nothing.
  package func faults() -> [String] {
    var faults: [String] = []
    var forms: [String: OptionSpecification] = [:]
    var letters: [Character: String] = [:]
    for (path, command) in everyCommand {
      let title = ([name] + path).joined(separator: " ")
      func fault(_ text: String) { faults.append("\(title): \(text)") }
      if !command.abstract.hasSuffix(".") { fault("the abstract has no full stop") }
      if !command.groups.isEmpty && !command.arguments.isEmpty { fault("takes both commands and arguments") }
      for name in repeated(command.subcommands.map(\.name)) { fault("has two commands called \(name)") }
      for name in repeated(command.ownOptions.map(\.name)) { fault("has two options --\(name)") }
      for short in repeated(command.ownOptions.compactMap(\.short)) { fault("has two options -\(short)") }
      for argument in command.arguments.dropLast() where argument.isOptional || argument.isRepeatable {
        fault("\(argument.name) is not the last argument")
      }
      for option in command.ownOptions {
        if !option.help.hasSuffix(".") { fault("the help of --\(option.name) has no full stop") }
        if option.name == "help" || option.short == "h" { fault("--help and -h are there already") }
        if case .shorthand(let target, _) = option.form, !command.ownOptions.contains(where: { $0.name == target }) {
          fault("--\(option.name) stands for --\(target), which is not there")
        }
        // An option may stand before the command, where only its name can say whether a value follows.
        if let other = forms[option.name], other.takesValue != option.takesValue || other.short != option.short {
          fault("--\(option.name) is another option elsewhere")
        }
        forms[option.name] = option
        guard let short = option.short else { continue }
        if let name = letters[short], name != option.name { fault("-\(short) is --\(name) elsewhere") }
        letters[short] = option.name
      }
    }
    return faults
  }
}

/// What stands more than once in the list, each once.
private func repeated<Name: Hashable>(_ names: [Name]) -> [Name] {
  var seen: Set<Name> = []
  var told: Set<Name> = []
  return names.filter { !seen.insert($0).inserted && told.insert($0).inserted }
}
