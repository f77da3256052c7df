/// A shell that completion scripts are written for.
package enum Shell: String, Sendable, Hashable, CaseIterable {
  case bash
  case zsh
  case fish
}

extension CommandSpecification {
  /// The script that makes the shell complete commands, options and their values.
  ///
  /// bash: `source <(clientsync completions bash)`; zsh: a file `_clientsync` in `$fpath`; fish: a file `clientsync.fish` in
  /// `~/.config/fish/completions`. The script needs nothing but the shell.
  package func completionScript(for shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletion(root: self).script()
    case .zsh: ZshCompletion(root: self).script()
    case .fish: FishCompletion(root: self).script()
    }
  }

  /// A name for functions of a shell: letters, digits and underscores.
  var functionName: String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// The options that a completion offers for the command, `--help` among them.
  func completedOptions(isRoot: Bool) -> [OptionSpecification] {
    let help = OptionSpecification.flag("help", short: "h", help: "Print help.")
    let version = OptionSpecification.flag("version", help: "Print name, version and commit.")
    return ownOptions.filter { !$0.isHidden } + [help] + (isRoot ? [version] : [])
  }
}

/// A word in single quotes, as bash and zsh read it.
func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

/// The first sentence, without its full stop: what fits beside a completion.
func firstSentence(_ text: String) -> String {
  let words = text.split(separator: " ")
  let end = words.firstIndex { $0.hasSuffix(".") } ?? words.endIndex - 1
  let sentence = words[...end].joined(separator: " ")
  return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
}
