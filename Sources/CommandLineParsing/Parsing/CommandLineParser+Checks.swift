extension CommandLineParser {
  /// The command with what it was given, all of it checked.
  func finished() throws(UsageError) -> ParsedCommand {
    guard command.groups.isEmpty else {
      let names = command.subcommands.filter { !$0.isHidden }.map(\.name)
      throw UsageError(
        .missingCommand, in: title, "a command is missing: \(alternatives(names)).",
        hint: "Type \(title) --help for what each of them does.")
    }
    return ParsedCommand(
      path: path, title: title, options: try checkedOptions(), arguments: try checkedArguments(),
      known: Set(command.ownOptions.map(\.name)))
  }

  private func checkedOptions() throws(UsageError) -> [String: [String]] {
    var values: [String: [Given]] = [:]
    for one in given {
      // It stood before the command and belongs to another one.
      guard let option = command.ownOptions.first(where: { $0.name == one.option.name }) else {
        throw unknown(one.spelling, name: one.option.name)
      }
      if let before = values[option.name]?.first, !option.isRepeatable {
        let told = before.value == one.value ? "" : ": \(quoted(before.value)) and \(quoted(one.value))"
        throw UsageError(
          .repeatedOption, in: title,
          before.spelling == one.spelling
            ? "\(one.spelling) is given twice\(told)."
            : "\(before.spelling) and \(one.spelling) are the same option, given twice\(told).",
          hint: "Type it once.")
      }
      values[option.name, default: []].append(one)
    }
    for option in command.ownOptions where option.isRequired && values[option.name] == nil {
      throw UsageError(
        .missingOption, in: title, "--\(option.name) is missing.",
        hint: "Type --\(option.name) \(option.placeholder ?? ""): \(option.help)")
    }
    return values.mapValues { $0.map(\.value) }
  }

  private func checkedArguments() throws(UsageError) -> [String: [String]] {
    var values: [String: [String]] = [:]
    var left = operands[...]
    for argument in command.arguments {
      let taken = argument.isRepeatable ? left : left.prefix(1)
      left = left.dropFirst(taken.count)
      if taken.isEmpty && !argument.isOptional {
        throw UsageError(
          .missingArgument, in: title, "\(argument.name) is missing.",
          hint: "Type \(title) \(argument.name): \(argument.help)")
      }
      for value in taken {
        if value.isEmpty {
          throw UsageError(
            .invalidValue, in: title, "\(argument.name) is empty.", hint: "Is a variable of your shell not set?")
        }
        if let objection = argument.kind.objection(to: value, placeholder: argument.name) {
          throw UsageError(
            .invalidValue, in: title, "\(argument.name) is \(objection.wanted), not \(quoted(value)).", hint: objection.hint)
        }
      }
      values[argument.name] = Array(taken)
    }
    if let stray = left.first {
      let limit = command.arguments.isEmpty ? "takes no arguments" : "takes no more arguments"
      throw UsageError(
        .unexpectedArgument, in: title, "it \(limit), and \(quoted(stray)) is one.", hint: command.strayArgumentHint)
    }
    return values
  }
}
