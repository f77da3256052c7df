import Diagnostics
package import Planning

/// A client that nothing can be planned for, as lines of the plan's text.
package struct ProblemText: Sendable {
  let style: TextStyle

  package init(style: TextStyle = TextStyle()) { self.style = style }

  package func lines(_ problem: Problem, nameWidth: Int) -> [String] {
    let place = problem.place.map { "\($0.file.printable):\($0.line)" } ?? ""
    let head = "\(style.paint("! stuck ", .red))  \(problem.client.padded(to: nameWidth))   \(place)"
    return [head] + problem.kind.sentences.map { "    " + $0 }
  }
}

extension Problem.Kind {
  /// What is the matter, and the way out.
  package var sentences: [String] {
    switch self {
    case .createInDoubt:
      [
        "in doubt: an earlier run sent its create and got no answer, so it may exist without anyone holding its token.",
        "It is never created again by itself. Look for it at the provider (its name, its redirect URIs); with admin.endpoint in the",
        "registry, clientsync finds it by its marker and settles it.",
      ]
    case .tokenLost:
      [
        "in doubt: an earlier run sent a set and got no answer. Its token is not accepted since, so the set happened and",
        "the new token was lost. Heal it through the provider's admin API, or delete it there and let it be created again.",
      ]
    case .unauthorized:
      [
        "the provider answers 401: the token is stale, or the client is gone. It is never created again unasked.",
        "Whoever runs the provider can say which; with admin.endpoint in the registry clientsync asks by itself.",
      ]
    case .tokenRejected:
      [
        "the client exists, and the provider does not accept the token that the state holds (an admin write ends it at Hydra)."
      ]
    case .unreadable(let words): ["cannot be read: \(words.printable)"]
    }
  }
}
