/// Writes the completion script for bash (3.2 and later, without the bash-completion package).
///
/// One function walks the words before the cursor, which tells the command and whether an option waits for its value, and then
/// looks up what that command offers.
struct BashCompletion {
  let root: CommandSpecification

  private var function: String { "_" + root.functionName }

  func script() -> String {
    let paths = root.visiblePaths(from: [])
    return """
      # Completion of \(root.name) for bash: source <(\(root.name) completions bash)

      \(function)() {
        local cur=${COMP_WORDS[COMP_CWORD]} path='' option='' prefix='' ended='' count=0 word i
        local words='' files=''
        for ((i = 1; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          if [[ -n $option && $word == '=' ]]; then continue; fi
          if [[ -n $option ]]; then option=''; continue; fi
          if [[ -n $ended ]]; then count=$((count + 1)); continue; fi
          case $word in
            --) ended=1 ;;
      \(valueOptions())      -?*) ;;
            *)
              case "$path/$word" in
                \((paths.filter { !$0.isEmpty }.map(pattern) + ["''"]).joined(separator: "|"))) path=$path/$word ;;
                /help) ;;
                *) count=$((count + 1)) ;;
              esac ;;
          esac
        done
        if [[ -n $option && $cur == '=' ]]; then cur=''; fi
        # Where the equals sign does not part words.
        if [[ -z $option && -z $ended && $cur == --*=* ]]; then
          option=${cur%%=*} prefix=$option= cur=${cur#*=}
        fi
        case $path in
      \(paths.map(offers).joined())  esac
        COMPREPLY=()
        if [[ -n $words ]]; then
          while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen -W "$words" -- "$cur")
        fi
        if [[ -n $files ]]; then
          type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
          while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen "$files" -- "$cur")
        fi
      }

      complete -F \(function) \(root.name)

      """
  }

  private func pattern(_ path: [String]) -> String { shellQuoted(path.map { "/" + $0 }.joined()) }

  /// `--state|-f) option=$word ;;`
  private func valueOptions() -> String {
    let names = root.reachableOptions.filter { $0.takesValue && !$0.isHidden }.flatMap(spellings)
    return names.isEmpty ? "" : "      \(names.joined(separator: "|"))) option=$word ;;\n"
  }

  private func spellings(_ option: OptionSpecification) -> [String] {
    ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
  }

  /// What one command offers: the values of its options, and else its commands, options and arguments.
  private func offers(at path: [String]) -> String {
    guard let command = root.command(at: path) else { return "" }
    let options = command.completedOptions(isRoot: path.isEmpty)
    var lines = ["    \(pattern(path)))", "      case $option in"]
    for option in options where option.takesValue {
      lines.append("        \(spellings(option).joined(separator: "|"))) \(assignment(option.kind ?? .text)) ;;")
    }
    let names = options.map { "--\($0.name)" }.joined(separator: " ")
    lines.append("        '') if [[ -z $ended && $cur == -* ]]; then words=\(shellQuoted(names)); else")
    if !command.groups.isEmpty {
      let commands = command.subcommands.filter { !$0.isHidden }.map(\.name) + (path.isEmpty ? ["help"] : [])
      lines.append("          words=\(shellQuoted(commands.joined(separator: " ")))")
    } else if !command.arguments.isEmpty {
      lines.append("          case $count in")
      for (number, argument) in command.arguments.enumerated() {
        lines.append("            \(argument.isRepeatable ? "*" : String(number))) \(assignment(argument.kind)) ;;")
      }
      lines.append("          esac")
    } else {
      lines.append("          :")
    }
    return (lines + ["        fi ;;", "      esac ;;"]).joined(separator: "\n") + "\n"
  }

  private func assignment(_ kind: ValueKind) -> String {
    switch kind {
    case .choice(let words): "words=" + shellQuoted(words.joined(separator: " "))
    case .path: "files=-f"
    case .folder: "files=-d"
    case .text, .integer, .duration, .pair, .namedSource: ":"
    }
  }
}
