extension CommandLineParser {
  mutating func longOption(_ word: String) throws(UsageError) {
    let body = word.dropFirst(2)
    let equals = body.firstIndex(of: "=")
    let name = String(body[..<(equals ?? body.endIndex)])
    let attached = equals.map { String(body[body.index(after: $0)...]) }
    if name == "help" || (name == "version" && path.isEmpty) {
      if attached != nil { throw flagWithValue("--\(name)") }
      if name == "help" { asksForHelp = true } else { asksForVersion = true }
      return
    }
    guard let option = option(named: name) else { throw unknown("--\(name)", name: name) }
    try take(option, spelling: "--\(name)", attached: attached)
  }

  mutating func shortOptions(_ word: String) throws(UsageError) {
    let body = word.dropFirst()
    let longName = String(body.prefix { $0 != "=" })
    if longName.count > 1, longName == "help" || option(named: longName) != nil {
      throw UsageError(
        .unknownOption, in: title, "\(quoted(word)) has one dash, and long options have two.", hint: "Type --\(body).")
    }
    var letters = body
    while let letter = letters.popFirst() {
      let spelling = "-\(letter)"
      if letter == "h" {
        asksForHelp = true
        continue
      }
      guard
        let option = command.ownOptions.first(where: { $0.short == letter })
          ?? command.reachableOptions.first(where: { $0.short == letter })
      else { throw unknown(spelling, name: longName) }
      if option.takesValue {
        if letters.first == "=" { letters = letters.dropFirst() }
        try take(option, spelling: spelling, attached: letters.isEmpty && body.last != "=" ? nil : String(letters))
        return
      }
      if letters.first == "=" { throw flagWithValue(spelling) }
      try take(option, spelling: spelling, attached: nil)
    }
  }

  /// The command's own, or one of a command below, for options may stand before their command.
  private func option(named name: String) -> OptionSpecification? {
    command.ownOptions.first { $0.name == name } ?? command.reachableOptions.first { $0.name == name }
  }

  private mutating func take(
    _ option: OptionSpecification, spelling: String, attached: String?
  ) throws(UsageError) {
    switch option.form {
    case .flag:
      if attached != nil { throw flagWithValue(spelling) }
      given.append(Given(option: option, value: "", spelling: spelling))
    case .shorthand(let name, let value):
      if attached != nil { throw flagWithValue(spelling) }
      guard let target = self.option(named: name) else { return }
      given.append(Given(option: target, value: value, spelling: "\(spelling) (\(name) \(value))"))
    case .value(let placeholder, let kind):
      var value = attached ?? ""
      if attached == nil { value = try nextWord(for: option, spelling: spelling, placeholder: placeholder) }
      if value.isEmpty {
        throw UsageError(
          .missingValue, in: title, "\(spelling) was given an empty value.",
          hint: "Type \(spelling) \(placeholder); is a variable of your shell not set?")
      }
      if let objection = kind.objection(to: value, placeholder: placeholder) {
        let given = kind.isQuotable ? ", not \(quoted(value))" : ""
        throw UsageError(
          .invalidValue, in: title, "\(spelling) takes \(objection.wanted)\(given).", hint: objection.hint)
      }
      given.append(Given(option: option, value: value, spelling: spelling))
    }
  }

  private mutating func nextWord(
    for option: OptionSpecification, spelling: String, placeholder: String
  ) throws(UsageError) -> String {
    guard let next = rest.first else {
      throw UsageError(
        .missingValue, in: title, "\(spelling) needs a value.", hint: "Type \(spelling) \(placeholder).")
    }
    if next.hasPrefix("-") && next != "-" && !isNegativeNumber(next) {
      throw UsageError(
        .missingValue, in: title, "\(spelling) needs a value, and \(quoted(next)) looks like the next option.",
        hint: "Type \(spelling) \(placeholder); if that is the value, --\(option.name)=\(next).")
    }
    rest = rest.dropFirst()
    return next
  }

  private func flagWithValue(_ spelling: String) -> UsageError {
    UsageError(.unexpectedValue, in: title, "\(spelling) takes no value.", hint: "Type \(spelling) alone.")
  }

  func unknown(_ spelling: String, name: String) -> UsageError {
    let names = (command.reachableOptions.filter { !$0.isHidden }.map(\.name)) + ["help"]
    var hint: String?
    if let near = nearestName(to: name, among: names) {
      hint = "Did you mean --\(near)? Type \(title) --help for all options."
    } else if name == "version" {
      hint = "Type \(root.name) --version."
    } else {
      hint = otherCommands(with: name).map { "\($0) Type \(title) --help for its options." }
    }
    return UsageError(.unknownOption, in: title, "there is no option \(quoted(spelling)).", hint: hint)
  }

  /// `It is an option of clientsync apply.`
  private func otherCommands(with name: String) -> String? {
    let titles = root.everyCommand.filter { entry in
      !entry.command.isHidden && entry.command.ownOptions.contains { $0.name == name && !$0.isHidden }
    }.map { ([root.name] + $0.path).joined(separator: " ") }
    return titles.isEmpty || titles.count > 3 ? nil : "It is an option of \(alternatives(titles))."
  }
}
