/// Writes the completion function for zsh: one function a command, in `_arguments`'s terms.
struct ZshCompletion {
  let root: CommandSpecification

  func script() -> String {
    let functions = root.visiblePaths(from: []).map(function)
    return """
      #compdef \(root.name)
      # Completion of \(root.name) for zsh: \(root.name) completions zsh > "${fpath[1]}/_\(root.name)"

      \(functions.joined(separator: "\n"))
      if [[ $funcstack[1] == _\(root.name) ]]; then
        \(functionName([])) "$@"
      else
        compdef \(functionName([])) \(root.name)
      fi

      """
  }

  private func functionName(_ path: [String]) -> String {
    (["_" + root.functionName] + path.map { String($0.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }).joined(separator: "__")
  }

  private func function(at path: [String]) -> String {
    guard let command = root.command(at: path) else { return "" }
    var specs = command.completedOptions(isRoot: path.isEmpty).flatMap(specs)
    let children = command.subcommands.filter { !$0.isHidden }
    if children.isEmpty {
      specs += command.arguments.enumerated().map { number, argument in
        let place = argument.isRepeatable ? "*" : (argument.isOptional ? "\(number + 1):" : "\(number + 1)")
        return shellQuoted("\(place):\(escaped(argument.name)):\(action(argument.kind))")
      }
      return """
        \(functionName(path))() {
          _arguments -s -S : \\
            \(specs.joined(separator: " \\\n    "))
        }

        """
    }
    specs += ["'1: :->command'", "'*:: :->rest'"]
    let described = children.map { shellQuoted("\($0.name):\(escaped(firstSentence($0.abstract)))") }
    let branches = children.map { "        \($0.name)) \(functionName(path + [$0.name])) ;;" }
    return """
      \(functionName(path))() {
        local curcontext=$curcontext state line
        local -A opt_args
        local -a commands=(
          \(described.joined(separator: "\n    "))
        )
        _arguments -C -s -S : \\
          \(specs.joined(separator: " \\\n    "))
        case $state in
          command) _describe command commands ;;
          rest)
            case $line[1] in
      \(branches.joined(separator: "\n"))
            esac ;;
        esac
      }

      """
  }

  /// The option's long and short spelling, each shutting the other out unless it can be repeated.
  private func specs(_ option: OptionSpecification) -> [String] {
    let names = (option.short.map { ["-\($0)"] } ?? []) + ["--\(option.name)"]
    let before = option.isRepeatable ? "*" : "(\(names.joined(separator: " ")))"
    let value = option.kind.map { ":\(escaped(option.placeholder ?? "")):\(action($0))" } ?? ""
    return names.map { name in
      let attached = option.takesValue ? (name.hasPrefix("--") ? "=" : "+") : ""
      return shellQuoted("\(before)\(name)\(attached)[\(escaped(firstSentence(option.help)))]\(value)")
    }
  }

  private func action(_ kind: ValueKind) -> String {
    switch kind {
    case .choice(let words): "(\(words.joined(separator: " ")))"
    case .path: "_files"
    case .folder: "_files -/"
    case .text, .integer, .duration, .pair, .namedSource: ""
    }
  }

  /// Text inside a specification, where brackets and colons part its fields.
  private func escaped(_ text: String) -> String {
    var shown = ""
    for character in text {
      if "[]:\\".contains(character) { shown.append("\\") }
      shown.append(character)
    }
    return shown
  }
}
