package import Manifests
package import OpenIDJSON

/// What a member is, for a terminal and for machines.
package enum ExplanationText {
  package static func text(_ explanation: Explanation, isRecursive: Bool = false) -> String {
    var lines: [String] = ["KIND:      \(explanation.kind)"]
    if let field = explanation.field {
      lines.append("MEMBER:    \(explanation.path)")
      lines.append("TYPE:      \(field.type.fullWords)")
      if field.isRequired { lines.append("REQUIRED:  yes") }
      if let fallback = field.fallback { lines.append("DEFAULT:   \(fallback)") }
      if let order = field.orderWords { lines.append("ORDER:     \(order)") }
      lines.append("SOURCE:    \(field.source.words)")
      for (words, names) in grouped(explanation.treatments) {
        lines.append("PROFILE:   \(names.joined(separator: ", ")): \(words)")
      }
      lines += ["", "\(field.summary)."]
      if let standing = field.standingWords { lines.append(standing) }
    } else if let kind = Explanation.kinds.first(where: { $0.name == explanation.kind }) {
      lines += ["", "\(kind.summary)."]
    }
    if !explanation.members.isEmpty {
      lines += ["", "MEMBERS:"]
      add(explanation.members, indent: 2, isRecursive, &lines)
      if explanation.takesOthers {
        lines += [
          "", "A member of the provider's own begins with x_, or has a dot or a colon in its name; names and pages for people",
          "may carry a language tag, like client_name#fr.",
        ]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Profiles that say the same stand together.
  private static func grouped(_ treatments: [Explanation.Treatment]) -> [(words: String, names: [String])] {
    var groups: [(words: String, names: [String])] = []
    for treatment in treatments {
      if let index = groups.firstIndex(where: { $0.words == treatment.words }) {
        groups[index].names.append(treatment.profile)
      } else {
        groups.append((treatment.words, [treatment.profile]))
      }
    }
    return groups
  }

  private static func add(_ members: [Explanation.Member], indent: Int, _ isRecursive: Bool, _ lines: inout [String]) {
    let width = members.map(\.field.name.count).max() ?? 0
    for member in members {
      let name = member.field.name
      let gap = String(repeating: " ", count: width - name.count + 2)
      let required = member.field.isRequired ? " (required)" : ""
      lines.append(
        String(repeating: " ", count: indent) + name + gap + "<\(member.field.type.words)>\(required)  \(member.field.summary)")
      if isRecursive, let below = member.field.type.members {
        add(
          below.fields.map { Explanation.Member(field: $0, path: "\(member.path).\($0.name)") }, indent: indent + 2,
          isRecursive,
          &lines)
      }
    }
  }

  package static func json(_ explanation: Explanation) -> JSONObject {
    var object: JSONObject = ["format_version": 1, "kind": .string(explanation.kind), "path": .string(explanation.path)]
    if let field = explanation.field {
      object["summary"] = .string(field.summary)
      object["type"] = .string(field.type.fullWords)
      object["required"] = .bool(field.isRequired)
      object["default"] = field.fallback.map(JSONValue.string) ?? .null
      object["ordered"] = field.orderWords == nil ? .null : .bool(field.isOrdered)
      object["source"] = .string(field.source.words)
      object["supported"] = .bool(field.standing == .known)
      object["profiles"] = .object(
        JSONObject(explanation.treatments.map { JSONMember(name: $0.profile, value: .string($0.words)) }))
    }
    object["members"] = .array(
      explanation.members.map { member in
        [
          "name": .string(member.field.name), "type": .string(member.field.type.words),
          "summary": .string(member.field.summary),
        ]
      })
    return object
  }
}

extension Field {
  /// Whether order means something; `nil` where there is none.
  package var orderWords: String? {
    switch type {
    case .list, .string(.scope): isOrdered ? "matters" : "means nothing"
    default: nil
    }
  }

  var standingWords: String? {
    switch standing {
    case .known: nil
    case .notYet: "This version of clientsync checks it, and does not act upon it yet: plan and apply refuse it."
    case .serverOwned: "It cannot be declared: the provider says it."
    }
  }
}

extension Field.Source {
  package var words: String {
    switch self {
    case .kubernetes: "the envelope, as Kubernetes has it"
    case .clientsync: "clientsync"
    case .standard(let words): words
    case .hydra: "Ory Hydra"
    }
  }
}
