/// Writes the completions for fish: a line for each thing that can be offered, with the command it is offered at.
struct FishCompletion {
  let root: CommandSpecification

  private var walk: String { "__\(root.functionName)_at" }

  func script() -> String {
    let paths = root.visiblePaths(from: [])
    let values = root.reachableOptions.filter { $0.takesValue && !$0.isHidden }
      .flatMap { ["--\($0.name)"] + ($0.short.map { ["-\($0)"] } ?? []) }
    let named = paths.filter { !$0.isEmpty }.map { quotedForFish($0.joined(separator: " ")) }
    return """
      # Completion of \(root.name) for fish:
      # \(root.name) completions fish > ~/.config/fish/completions/\(root.name).fish

      # Whether the words before the cursor lead to the command with this path.
      function \(walk)
          set -l path
          set -l skip 0
          for word in (commandline -opc)[2..-1]
              if test $skip = 1
                  set skip 0
                  continue
              end
              switch $word
                  case --
                      break
                  case \((values + ["''"]).joined(separator: " "))
                      set skip 1
                  case '-*'
                  case '*'
                      contains -- (string join ' ' $path $word) \(named.joined(separator: " "))
                      and set path $path $word
              end
          end
          test "$path" = "$argv"
      end

      complete -c \(root.name) -f
      \(paths.flatMap(lines).joined(separator: "\n"))

      """
  }

  private func lines(at path: [String]) -> [String] {
    guard let command = root.command(at: path) else { return [] }
    let condition = "complete -c \(root.name) -n \(quotedForFish(([walk] + path).joined(separator: " ")))"
    var lines = command.subcommands.filter { !$0.isHidden }.map { child in
      "\(condition) -a \(child.name) -d \(quotedForFish(firstSentence(child.abstract)))"
    }
    if path.isEmpty && !command.groups.isEmpty { lines.append("\(condition) -a help -d 'Print help'") }
    for option in command.completedOptions(isRoot: path.isEmpty) {
      let short = option.short.map { " -s \($0)" } ?? ""
      let value = option.kind.map { " " + offers($0, isOption: true) } ?? ""
      lines.append("\(condition)\(short) -l \(option.name)\(value) -d \(quotedForFish(firstSentence(option.help)))")
    }
    for argument in command.arguments {
      let offers = offers(argument.kind, isOption: false)
      if !offers.isEmpty { lines.append("\(condition) \(offers)") }
    }
    return lines
  }

  private func offers(_ kind: ValueKind, isOption: Bool) -> String {
    switch kind {
    case .choice(let words): (isOption ? "-x " : "") + "-a \(quotedForFish(words.joined(separator: " ")))"
    case .path: isOption ? "-r -F" : "-F"
    case .folder: (isOption ? "-x " : "") + "-a '(__fish_complete_directories)'"
    case .text, .integer, .duration, .pair, .namedSource: isOption ? "-x" : ""
    }
  }

  private func quotedForFish(_ text: String) -> String {
    var shown = "'"
    for character in text {
      if character == "'" || character == "\\" { shown.append("\\") }
      shown.append(character)
    }
    return shown + "'"
  }
}
