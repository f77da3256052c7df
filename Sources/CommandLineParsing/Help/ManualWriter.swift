/// Writes one command's manual page: the same things as its help, in the order that mdoc(7) sets.
struct ManualWriter {
  let root: CommandSpecification
  let path: [String]
  let date: String
  private var lines: [String] = []

  private var command: CommandSpecification { root.command(at: path) ?? root }
  /// `clientsync-plan`
  private var pageName: String { ([root.name] + path).joined(separator: "-") }
  private var title: String { ([root.name] + path).joined(separator: " ") }

  init(root: CommandSpecification, path: [String], date: String) {
    self.root = root
    self.path = path
    self.date = date
  }

  func text() -> String {
    var writer = self
    writer.write()
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func write() {
    lines = [".Dd \(date)", ".Dt \(pageName.uppercased()) 1", ".Os"]
    lines += [".Sh NAME", ".Nm \(pageName)", ".Nd \(plain(oneLine(command.abstract)))"]
    synopsis()
    lines += [".Sh DESCRIPTION"]
    sentences(command.abstract)
    for paragraph in command.discussion {
      lines.append(".Pp")
      sentences(paragraph)
    }
    commands()
    arguments()
    options()
    note(.environment, "ENVIRONMENT", tag: "Ev")
    note(.files, "FILES", tag: "Pa")
    note(.exitCodes, "EXIT STATUS", tag: "Sy")
    examples()
    seeAlso()
  }

  private mutating func synopsis() {
    lines += [".Sh SYNOPSIS", ".Nm \(title)"]
    if command.ownOptions.contains(where: { !$0.isHidden && !$0.isRequired }) { lines.append(".Op Ar OPTION ...") }
    for option in command.ownOptions where option.isRequired {
      lines.append(".Fl -\(option.name)" + (option.placeholder.map { " Ar \(argument($0))" } ?? ""))
    }
    if !command.groups.isEmpty { lines.append(".Ar COMMAND") }
    for operand in command.arguments {
      lines.append((operand.isOptional ? ".Op Ar " : ".Ar ") + argument(operand.name) + (operand.isRepeatable ? " ..." : ""))
    }
  }

  private mutating func commands() {
    for group in command.groups {
      let shown = group.commands.filter { !$0.isHidden }
      list(group.title, shown.map { (".It Xr \(pageName)-\($0.name) 1", $0.abstract) })
    }
  }

  private mutating func arguments() {
    list("Arguments", command.arguments.map { (".It Ar \(argument($0.name))", $0.fullHelp) })
  }

  private mutating func options() {
    for group in command.options {
      list(group.title, group.options.filter { !$0.isHidden }.map { (item($0), $0.fullHelp) })
    }
    var help = [(".It Fl h , Fl -help", "Print a shorter form of this page.")]
    if path.isEmpty { help.append((".It Fl -version", "Print name, version and commit.")) }
    list("Help", help)
  }

  private func item(_ option: OptionSpecification) -> String {
    let short = option.short.map { "Fl \($0) , " } ?? ""
    return ".It \(short)Fl -\(option.name)" + (option.placeholder.map { " Ar \(argument($0))" } ?? "")
  }

  private mutating func list(_ title: String, _ entries: [(item: String, text: String)]) {
    guard !entries.isEmpty else { return }
    lines += [".Ss \(plain(title))", ".Bl -tag -width Ds"]
    for entry in entries {
      lines.append(entry.item)
      sentences(entry.text)
    }
    lines.append(".El")
  }

  private mutating func note(_ kind: Note.Kind, _ heading: String, tag: String) {
    let entries = command.notes.filter { $0.kind == kind }.flatMap(\.entries)
    guard !entries.isEmpty else { return }
    lines += [".Sh \(heading)", ".Bl -tag -width Ds"]
    for entry in entries {
      lines.append(".It \(tag) \(argument(entry.term))")
      sentences(entry.text)
    }
    lines.append(".El")
  }

  private mutating func examples() {
    guard !command.examples.isEmpty else { return }
    lines.append(".Sh EXAMPLES")
    for (number, example) in command.examples.enumerated() {
      if number > 0 { lines.append(".Pp") }
      sentences(example.text)
      lines += [".Bd -literal -offset indent", plain(example.command), ".Ed"]
    }
  }

  /// The page above and the pages beside, in the order of the alphabet, as mdoc wants it.
  private mutating func seeAlso() {
    guard !path.isEmpty else { return }
    let parent = path.dropLast()
    let beside = (root.command(at: Array(parent))?.subcommands ?? []).filter { !$0.isHidden && $0.name != path.last }
    let above = ([root.name] + parent).joined(separator: "-")
    let names = ([above] + beside.map { "\(above)-\($0.name)" }).sorted()
    lines.append(".Sh SEE ALSO")
    lines += names.enumerated().map { ".Xr \($0.element) 1" + ($0.offset < names.count - 1 ? " ," : "") }
  }
}

// MARK: - Text

extension ManualWriter {
  /// Adds the text with each sentence on a line of its own, as mdoc sets its sentence spacing by, and no line too long.
  private mutating func sentences(_ text: String) {
    var words: [Substring] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      words.append(word)
      if let last = word.last, ".?".contains(last) {
        lines += wrapped(words.joined(separator: " "), width: 76).map(plain)
        words = []
      }
    }
    lines += wrapped(words.joined(separator: " "), width: 76).map(plain)
  }

  /// A line of text: no backslash and no leading dot or quote is a request, and what is not ASCII is named by its number.
  private func plain(_ text: String) -> String {
    var line = text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": line += "\\e"
      case "`": line += "\\(ga"
      case "~": line += "\\(ti"
      case "^": line += "\\(ha"
      case _ where !scalar.isASCII: line += "\\[u\(fourDigits(scalar.value))]"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// One argument of a macro: quoted where it has blanks, and never taken for a macro's name.
  private func argument(_ text: String) -> String {
    let escaped = plain(text).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq")
    if escaped.contains(" ") || escaped.isEmpty { return "\"\(escaped)\"" }
    return (2...3).contains(escaped.count) || escaped.count == 1 ? "\\&" + escaped : escaped
  }

  /// The abstract as `.Nd` wants it: in lower case, without its full stop.
  private func oneLine(_ sentence: String) -> String {
    let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private func fourDigits(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
