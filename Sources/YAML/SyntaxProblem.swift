/// libyaml's problem in words that say what to do, with a look at the lines around it: what libyaml trips over is often one line
/// below the mistake.
struct SyntaxProblem {
  private let problem: ParserProblem
  private(set) var lines: SourceLines
  /// The line that libyaml stopped at.
  private let line: TextLine

  init(_ problem: ParserProblem, _ lines: SourceLines) {
    self.problem = problem
    self.lines = lines
    line = TextLine(problem.mark.line, self.lines.bytes(of: problem.mark.line))
  }

  private var context: YAMLMark { problem.contextMark ?? problem.mark }
  private var isAtEnd: Bool { line.isBlank }

  /// The problem, at the place where it was made.
  mutating func told() -> YAMLProblem {
    if let known = conflictMarker() ?? byteOrderMark() ?? blanks() { return known }
    switch problem.words {
    case "found character that cannot start any token": return characterThatBeginsNothing()
    case "mapping values are not allowed in this context": return colon()
    case "did not find expected key", "did not find expected '-' indicator", "did not find expected <document start>":
      return indentation()
    case "block sequence entries are not allowed in this context":
      return at(
        problem.mark, "a list cannot begin here",
        hint: "Begin it on a line of its own below its key, or write it in brackets: [ a, b ]")
    case "did not find expected ',' or ']'": return open("[", "]")
    case "did not find expected ',' or '}'": return open("{", "}")
    case "did not find expected node content":
      if problem.mark.column == 1, ["---", "..."].contains(where: line.text.hasPrefix) {
        return at(
          problem.mark, width: 3, "a document ends within brackets or braces",
          hint: "Close the \"[\" or \"{\" that is open above this line.")
      }
      return at(problem.mark, "a value is missing here", hint: "Write one, or take out the \",\" or the key before it.")
    case "found unexpected end of stream", "found unexpected document indicator":
      return at(context, "the quoted text that begins here has no end", hint: "Write the closing quote behind it.")
    case "could not find expected ':'", "could not found expected ':'": return keyWithoutColon()
    case "did not find expected alphabetic or numeric character": return nameOfNothing()
    case "found unknown escape character", "found invalid Unicode character escape code",
      "did not find expected hexdecimal number":
      return at(
        problem.mark, "in double quotes \"\\\" begins an escape, and this is none",
        hint: "Write \"\\\\\" for one that is meant, or use single quotes, which take \"\\\" as it is.")
    case "found incompatible YAML document":
      return at(problem.mark, "this is YAML of another version", hint: "Leave the %YAML line out.")
    default:
      return at(
        problem.mark, "this is not YAML: \(problem.words)",
        hint: "Look at quotes, brackets and indentation in this line and the one above it.")
    }
  }

  private func at(
    _ mark: YAMLMark, width: Int = 1, _ message: String, _ rule: YAMLRule = .syntax, hint: String
  ) -> YAMLProblem {
    YAMLProblem(
      rule: rule, message: message, start: mark, end: YAMLMark(line: mark.line, column: mark.column + width), hint: hint)
  }

  private mutating func textLine(_ number: Int) -> TextLine { TextLine(number, lines.bytes(of: number)) }

  /// The line above that is neither blank nor a comment; `nil` where there is none near.
  private mutating func lineAbove() -> TextLine? {
    var number = problem.mark.line - 1
    while number >= max(1, problem.mark.line - 100) {
      let above = textLine(number)
      if !above.isBlank, !above.isComment { return above }
      number -= 1
    }
    return nil
  }
}

// MARK: What stands in the text itself

extension SyntaxProblem {
  /// git's marks of a conflict, which may lie well above what libyaml trips over.
  private mutating func conflictMarker() -> YAMLProblem? {
    for number in max(1, min(context.line, problem.mark.line) - 50, problem.mark.line - 500)...problem.mark.line + 1 {
      let text = textLine(number).text
      guard ["<<<<<<< ", ">>>>>>> "].contains(where: text.hasPrefix) || text == "=======" else { continue }
      return at(
        YAMLMark(line: number, column: 1), width: 7, "a merge conflict is left in this file",
        hint: "Keep one of the two sides, and take out the lines with <<<<<<<, ======= and >>>>>>>.")
    }
    return nil
  }

  private func byteOrderMark() -> YAMLProblem? {
    guard line.text.unicodeScalars.first == "\u{feff}" else { return nil }
    return at(
      problem.mark, "a byte order mark in the middle of the text", .encoding,
      hint: "Take it out; one at the very start is fine.")
  }

  /// Tabs, and blanks that only look like some.
  private mutating func blanks() -> YAMLProblem? {
    let column = line.indentation.firstIndex { $0 == "\t" }
    if problem.words.contains("tab character") || column != nil && problem.mark.column <= line.indentation.count + 1 {
      return at(problem.mark, "a tab cannot indent YAML", .tab, hint: "Indent with blanks.")
    }
    for suspect in [line, lineAbove()] {
      guard let suspect, let index = suspect.lookalike else { continue }
      return at(
        YAMLMark(line: suspect.number, column: index + 1), "a blank that is none (a no-break space, say) cannot indent YAML",
        .tab, hint: "Indent with plain blanks.")
    }
    return nil
  }

  private func characterThatBeginsNothing() -> YAMLProblem {
    let rest = line.value(from: problem.mark.column)
    let character = rest.unicodeScalars.first.map { quoted(String($0)) } ?? "this"
    return at(
      problem.mark, "\(character) cannot begin a value",
      hint: "Put the value in quotes" + (TextLine.canBeQuoted(rest) ? ": \"\(rest)\"" : "."))
  }

  private func nameOfNothing() -> YAMLProblem {
    let rest = TextLine.value(of: line, from: context.column)
    let (sign, word) = rest.hasPrefix("&") ? ("&", "an anchor") : ("*", "an alias")
    return at(
      context, "\"\(sign)\" begins \(word), and no name follows",
      hint: "Put the value in quotes" + (TextLine.canBeQuoted(rest) ? ": \"\(rest)\"" : "."))
  }

  private func open(_ opening: String, _ closing: String) -> YAMLProblem {
    guard isAtEnd || context.line != problem.mark.line else {
      return at(
        problem.mark, "the \"\(opening)\" is not closed before this",
        hint: "Put a \",\" between the elements, and quotes around a text that has brackets, braces or \": \" in it.")
    }
    return at(
      context, "this \"\(opening)\" is never closed",
      hint: "Write \"\(closing)\" behind its last element" + (isAtEnd ? "." : ", before line \(problem.mark.line)."))
  }

  private mutating func keyWithoutColon() -> YAMLProblem {
    let key = textLine(context.line)
    let words = key.content.split(separator: " ", maxSplits: 1)
    let isKey = words.count == 2 && TextLine.isKey(words[0])
    return at(
      context, width: max(1, key.content.unicodeScalars.count), "a \":\" is missing in this line",
      hint: isKey ? "Write it like \(words[0]): \(words[1])" : "A key has \": \" behind it; a value that goes on needs quotes.")
  }
}

// MARK: Where lines begin

extension SyntaxProblem {
  /// A `:` where none can stand: in a value, or in a line that belongs to none of those above it.
  private mutating func colon() -> YAMLProblem {
    let column = problem.mark.column
    if let value = line.valueBefore(column) {
      let whole = line.value(from: value.column)
      return at(
        problem.mark, "a \": \" cannot stand in a value without quotes",
        hint: "Put the value in quotes"
          + (TextLine.canBeQuoted(whole) ? ": \(value.key): \"\(whole)\"" : "."))
    }
    let message = "a \":\" cannot stand here"
    guard let above = lineAbove() else {
      return at(problem.mark, message, hint: "A value with \": \" in it needs quotes.")
    }
    if let (key, rest) = above.keyWithoutBlank, above.indentation.count == line.indentation.count {
      return at(
        YAMLMark(line: above.number, column: above.indentation.count + key.count + 1), "a blank is missing behind this \":\"",
        hint: "Write it like \(key): \(rest)")
    }
    if above.indentation.count != line.indentation.count {
      return at(
        line.keyMark, width: line.keyWidth,
        "this line belongs to none of those above it: line \(above.number) has its value already",
        hint:
          "Indent both alike: line \(above.number) has \(blanksBefore(above.indentation.count)), this one \(line.indentation.count)."
      )
    }
    return at(problem.mark, message, hint: "A value with \": \" in it needs quotes.")
  }

  /// A line that begins where neither its neighbours nor those around them begin.
  private mutating func indentation() -> YAMLProblem {
    let count = line.indentation.count
    guard problem.mark.column == count + 1 else {
      return at(
        problem.mark, "this does not belong behind the value",
        hint: "Put the whole value in quotes, or take out what is too much.")
    }
    let place = problem.words.hasSuffix("'-' indicator") ? "list" : "mapping"
    let outer = problem.contextMark ?? YAMLMark(line: 1, column: 1)
    let message = "this line is indented unlike the \(place) that begins in line \(outer.line)"
    var choices: [String] = []
    if let above = lineAbove(), above.indentation.count != count, above.number != outer.line {
      choices.append("\(blanksBefore(above.indentation.count)), as before line \(above.number)")
    }
    if outer.column - 1 != count, !choices.contains(where: { $0.hasPrefix(blanksBefore(outer.column - 1)) }) {
      choices.append(
        "\(choices.isEmpty ? blanksBefore(outer.column - 1) : "\(outer.column - 1)"), as before line \(outer.line)")
    }
    guard !choices.isEmpty else {
      return at(
        line.keyMark, width: line.keyWidth, message,
        hint: line.content.hasPrefix("- ")
          ? "A list belongs below a key of its own, or between lines that begin with \"- \"."
          : "Between keys nothing else can stand; a second document needs a line with --- before it.")
    }
    return at(
      line.keyMark, width: line.keyWidth, message, hint: "Put \(choices.joined(separator: ", or ")); it has \(count).")
  }

  private func blanksBefore(_ count: Int) -> String {
    count == 0 ? "no blank before it" : count == 1 ? "1 blank before it" : "\(count) blanks before it"
  }
}
