import Diagnostics
package import Planning

/// A client that nothing can be planned for, as lines of the plan's text.
package struct ProblemText: Sendable {
  let style: TextStyle

  package init(style: TextStyle = TextStyle()) { self.style = style }

  package func lines(_ problem: Problem, verbWidth: Int, nameWidth: Int) -> [String] {
    let place = problem.place.map { "\($0.file.printable):\($0.line)" } ?? ""
    let head = "\(style.paint("! " + "stuck".padded(to: verbWidth), .red))  \(problem.client.padded(to: nameWidth))   \(place)"
    return [head] + problem.sentences.map { "    " + $0 }
  }
}

extension Problem {
  /// What is the matter, and the way out.
  package var sentences: [String] {
    switch kind {
    case .createInDoubt:
      [
        "in doubt: an earlier run sent its create and got no answer, so it may exist without anyone holding its token.",
        "It is never created again by itself. With admin.endpoint in the registry, clientsync finds it by its marker.",
        "Else look for it at the provider (its name, its redirect URIs). Once it is gone, or never was:",
        "  \(forgetCommand)    then apply creates it",
      ]
    case .previousNameInDoubt(let name):
      [
        "in doubt: a create of \(name), as this client was called, got no answer, so it may be there under that name.",
        "It is created once that is settled: see \(name).",
      ]
    case .noToken:
      [
        "the state holds no registration access token for it, so registration cannot change or delete it.",
        "Where another copy of the state has one, bring it over. If it may get another client id, delete it at the provider, then:",
        "  \(forgetCommand)    then apply creates it anew",
      ]
    case .tokenLost:
      [
        "in doubt: an earlier run sent a set and got no answer. Its token is not accepted since, so the set happened and",
        "the new token was lost. If it may get another client id, delete it at the provider, then:",
        "  \(forgetCommand)    then apply creates it anew",
      ]
    case .unauthorized:
      [
        "the provider answers 401: the token is stale, or the client is gone. It is never created again unasked.",
        "Whoever runs the provider can say which; with admin.endpoint in the registry clientsync asks by itself.",
        "Once it is gone:",
        "  \(forgetCommand)    then apply creates it anew",
      ]
    case .tokenRejected:
      [
        "the client exists, and the provider does not accept the token that the state holds (an admin write ends it at Hydra).",
        "If it may get another client id, delete it at the provider, then:",
        "  \(forgetCommand)    then apply creates it anew",
      ]
    case .unreadable(let words): ["cannot be read: \(words.printable)"]
    }
  }

  private var forgetCommand: String {
    Command.forget(client, of: registry, inDoubt: isInDoubt)
  }
}

extension Change {
  /// The command that takes the client of a create in doubt out of the state.
  var forgetCommand: String { Command.forget(client, of: registry, inDoubt: true) }
}

/// Commands that an answer names as the way out, as they are typed.
private enum Command {
  static func forget(_ client: String, of registry: String, inDoubt: Bool) -> String {
    "clientsync state rm \(client) --registry \(registry)" + (inDoubt ? " --force" : "")
  }
}
