import Diagnostics
import OpenIDJSON
import Planning

/// One change as lines of the plan's text.
struct ChangeText {
  let style: TextStyle
  /// How wide the column of the actions is.
  let verbWidth: Int
  /// How wide the column of the clients' names is.
  let nameWidth: Int

  func lines(_ change: Change) -> [String] {
    let verb = "\(change.action.symbol) \(change.action.rawValue.padded(to: verbWidth))"
    let name = change.client.padded(to: nameWidth)
    var lines = ["\(style.paint(verb, change.action.colour))  \(name)   \(why(change))"]
    if let refusal = change.refusal { lines.append("    " + style.paint(refusal.words, .red)) }
    let width = change.fields.map(\.member.count).max() ?? 0
    for field in change.fields { lines += fieldLines(field, of: change, memberWidth: width) }
    if !change.keptFromLive.isEmpty {
      lines.append("    kept from live: \(change.keptFromLive.joined(separator: ", "))")
    }
    if !change.mayBeReset.isEmpty {
      lines.append("    may be reset: \(change.mayBeReset.joined(separator: ", ")) (not visible here)")
    }
    if change.unchangedMembers > 0, change.action == .set || change.action == .replace {
      lines.append("    " + style.paint("\(counted(change.unchangedMembers, "member")) unchanged", .faint))
    }
    return lines
  }

  private func why(_ change: Change) -> String {
    let place = change.place.map { "\($0.file.printable):\($0.line)" }
    var parts: [String] = []
    if let movedFrom = change.movedFrom { parts.append("known as \(movedFrom) until now") }
    switch change.reason {
    case .removed(let file):
      let policy = change.action == .forget ? "retain" : change.refusal == .prevented ? "prevent" : "delete"
      parts.append("\(file.map { $0.printable } ?? "its document") was removed (deletion: \(policy))")
    case .goneAtProvider where change.action == .forget: parts.append("already gone at the provider, as its admin API says")
    case .goneAtProvider: parts.append("gone at the provider, as its admin API says; it gets a new client id")
    case .notReadBack: parts.append("not read back since its last call: what the provider has is noted")
    case .inDoubt where change.action == .create:
      parts.append("an earlier create got no whole answer: what it left is looked for and deleted first")
    case .inDoubt where change.action == .delete:
      parts.append("an earlier create got no whole answer: what it left is looked for")
    case .inDoubt: parts.append("its delete was sent, and its token is not accepted any more (not proved)")
    case .drifted, .declarationChanged, .declarationChangedAndDrifted, .notRegistered, .renamed, .settingsChanged: break
    }
    if let place { parts.insert(place, at: 0) }
    return parts.joined(separator: "  ")
  }

  private func fieldLines(_ field: FieldChange, of change: Change, memberWidth: Int) -> [String] {
    let name = "    " + field.member.padded(to: memberWidth)
    let blank = String(repeating: " ", count: name.count)
    let cause = cause(of: field, in: change)
    let before = field.before.map { MemberValue.redacted($0, of: field.member) }
    let after = field.after.map { MemberValue.redacted($0, of: field.member) }
    let shown = FieldChange(member: field.member, cause: field.cause, before: before, after: after)
    guard let elements = shown.elements, elements.added.count + elements.removed.count > 0 else {
      return [withCause("\(name)    \(scalarText(before: before, after: after, of: change))", cause)]
    }
    var lines: [String] = []
    for (sign, colour, element) in elements.removed.map({ ("-", TextStyle.Colour.red, $0) })
      + elements.added.map({ ("+", TextStyle.Colour.green, $0) })
    {
      let start = lines.isEmpty ? name : blank
      lines.append(withCause("\(start)  \(style.paint(sign, colour)) \(MemberValue.element(element))", cause))
    }
    return lines
  }

  private func scalarText(before: JSONValue?, after: JSONValue?, of change: Change) -> String {
    if change.action == .create { return after.map(MemberValue.text) ?? "" }
    switch (before, after) {
    case (let before?, let after?): return "\(MemberValue.text(before)) -> \(MemberValue.text(after))"
    case (nil, let after?): return "(not set) -> \(MemberValue.text(after))"
    case (let before?, nil): return "\(MemberValue.text(before)) -> (the provider's default)"
    case (nil, nil): return "(not set) -> (the provider's default)"
    }
  }

  private func cause(of field: FieldChange, in change: Change) -> String? {
    switch field.cause {
    case .declared: change.action == .set ? "declared" : nil
    case .registryDefault: "default of the registry"
    case .drift: "drift: will be set back"
    case .reset: "reset: nobody declares it"
    }
  }

  private func withCause(_ line: String, _ cause: String?) -> String {
    guard let cause else { return line }
    return line.padded(to: 72) + "  " + style.paint(cause, .faint)
  }
}

extension Action {
  /// The sign in front of the verb; the verb says the same in words.
  var symbol: String {
    switch self {
    case .create, .adopt: "+"
    case .set, .rotate: "~"
    case .delete: "-"
    case .replace: "±"
    case .move: ">"
    case .forget: "x"
    case .remember, .deliver: "*"
    }
  }

  var colour: TextStyle.Colour {
    switch self {
    case .create, .adopt: .green
    case .delete, .replace: .red
    case .set, .rotate, .deliver: .yellow
    case .move, .forget, .remember: .cyan
    }
  }
}

extension Refusal {
  /// What apply says when it leaves the change out, with the way out.
  package var words: String {
    switch self {
    case .prevented:
      "refused: deletion is prevent. Set it to delete in its manifest, apply that, then remove the document."
    case .tooManyCreates(let count, let limit):
      "refused: \(count) creates, and safety.maxCreates is \(limit). If they are meant: --max-creates \(count)"
    case .tooManyDeletes(let count, let limit):
      "refused: \(count) deletes, and safety.maxDeletes is \(limit). If they are meant: --max-deletes \(count)"
    case .tooLargeAShare(let count, let total, let limit):
      "refused: \(count) of \(total) clients would go, and safety.maxDeletePercent is \(limit). If they are meant: --max-deletes \(count)"
    }
  }
}
