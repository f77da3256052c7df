/// What `--help` prints about one command.
///
/// Headings stand at the margin, what they hold is indented; terms stand in one column and their texts in another, as wide as the
/// page's longest usual term asks for. No line is longer than the width, unless a single word is.
struct HelpPage {
  let command: CommandSpecification
  /// The command as it is typed.
  let title: String
  let isRoot: Bool
  let width: Int

  /// A term and its text: an option, a command, an exit code.
  private struct Row {
    var term: String
    var text: String
  }

  private struct Section {
    var title: String
    var rows: [Row]
  }

  func text() -> String {
    var blocks = [wrapped(command.abstract, width: width), usage()]
    blocks += command.discussion.map { paragraph in wrapped(paragraph, width: width) }
    let sections = self.sections()
    let column = termColumn(of: sections)
    for section in sections {
      blocks.append(["\(section.title):"] + section.rows.flatMap { lines(of: $0, column: column) })
    }
    if !command.examples.isEmpty { blocks.append(examples()) }
    if !command.groups.isEmpty {
      blocks.append(wrapped("Type \(title) COMMAND --help for one of them.", width: width))
    }
    return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func usage() -> [String] {
    let synopsis = wrapped(command.synopsis, width: width - 7 - title.count - 1)
    let indent = String(repeating: " ", count: 7 + title.count)
    var lines = synopsis.enumerated().map { ($0.offset == 0 ? "Usage: \(title)" : indent) + " " + $0.element }
    if lines.isEmpty { lines = ["Usage: \(title)"] }
    return lines
  }

  private func sections() -> [Section] {
    var sections = command.groups.map { group in
      Section(title: group.title, rows: group.commands.filter { !$0.isHidden }.map { Row(term: $0.name, text: $0.abstract) })
    }
    sections.append(Section(title: "Arguments", rows: command.arguments.map { Row(term: $0.name, text: $0.fullHelp) }))
    sections += command.options.map { group in
      Section(title: group.title, rows: group.options.filter { !$0.isHidden }.map { Row(term: $0.term, text: $0.fullHelp) })
    }
    sections.append(Section(title: "Help", rows: helpRows()))
    sections += command.notes.map { note in
      Section(title: note.kind.rawValue, rows: note.entries.map { Row(term: $0.term, text: $0.text) })
    }
    return sections.filter { !$0.rows.isEmpty }
  }

  private func helpRows() -> [Row] {
    let help = Row(term: "-h, --help", text: "Print this page.")
    return isRoot ? [help, Row(term: "    --version", text: "Print name, version and commit.")] : [help]
  }

  /// Terms beyond a third of the page have their text on the next line instead of pushing everybody's to the right.
  private func termColumn(of sections: [Section]) -> Int {
    let limit = width / 3
    return sections.flatMap(\.rows).map(\.term.count).filter { $0 <= limit }.max() ?? 0
  }

  private func lines(of row: Row, column: Int) -> [String] {
    let indent = String(repeating: " ", count: 2 + column + 2)
    var texts = wrapped(row.text, width: width - indent.count)
    guard row.term.count <= column, !texts.isEmpty else { return ["  " + row.term] + texts.map { indent + $0 } }
    let first = "  " + padded(row.term, to: column) + "  " + texts.removeFirst()
    return [first] + texts.map { indent + $0 }
  }

  private func examples() -> [String] {
    ["Examples:"]
      + command.examples.flatMap { example in
        ["  \(example.command)"] + wrapped(example.text, width: width - 6).map { "      " + $0 }
      }
  }
}

extension CommandSpecification {
  /// The help of the command at the path, in lines of 60 to 100 characters.
  package func help(for path: [String], width: Int = 80) -> String {
    guard let command = command(at: path) else { return "" }
    let title = ([name] + path).joined(separator: " ")
    return HelpPage(command: command, title: title, isRoot: path.isEmpty, width: min(max(width, 60), 100)).text()
  }

  /// What stands behind the name in a usage line: `[OPTION]… --out FILE [PATH…]`
  var synopsis: String {
    var words: [String] = []
    if ownOptions.contains(where: { !$0.isHidden && !$0.isRequired }) { words.append("[OPTION]…") }
    words += ownOptions.filter(\.isRequired).map { "--\($0.name) \($0.placeholder ?? "")" }
    if !groups.isEmpty { words.append("COMMAND") }
    words += arguments.map { argument in
      let word = argument.name + (argument.isRepeatable ? "…" : "")
      return argument.isOptional ? "[\(word)]" : word
    }
    return words.joined(separator: " ")
  }
}

extension OptionSpecification {
  /// `-f, --filename PATH`; long names stand below each other whether there is a short one or not.
  var term: String {
    (short.map { "-\($0), " } ?? "    ") + "--\(name)" + (placeholder.map { " \($0)" } ?? "")
  }

  /// The help with what the declaration says anyway: choices, the default, whether it may be repeated.
  var fullHelp: String {
    var text = help
    if case .choice(let words)? = kind { text += " One of \(alternatives(words))." }
    if let defaultText { text += " Default: \(defaultText)." }
    if isRepeatable { text += " Can be repeated." }
    return text
  }
}

extension ArgumentSpecification {
  var fullHelp: String {
    if case .choice(let words) = kind { help + " One of \(alternatives(words))." } else { help }
  }
}
