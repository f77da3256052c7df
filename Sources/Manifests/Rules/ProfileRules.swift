import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// What the provider takes through its admin API alone.
  ///
  /// These members are Hydra's own. Where a registry leaves its profile open, whoever declares them speaks to a Hydra.
  static let refusedOnRegistration = Rule(
    "refused-on-registration", about: [], triggers: []
  ) { client in
    if let knowledge = client.knowledge { return refused(client, by: knowledge) }
    let profile = client.profile ?? .hydra
    guard !profile.refused.isEmpty, !refusedSomewhere.isDisjoint(with: client.present) else { return [] }
    return client.metadata.compactMap { member in
      guard let refusal = profile.refused[member.name], refusal.applies(to: member.value) else { return nil }
      return .about(
        member.name, "\(profile.title) refuses \(quoted(refusal.words(member.name))) on registration",
        hint: profile.adminOnly.contains(member.name)
          ? "Only its admin API takes it, for clients that are managed there." : "Take it out.")
    }
  }

  /// What the provider accepts and throws away: declared here, it would differ from what is live for ever.
  static let droppedMember = Rule(
    "dropped-member", .warning, about: [], triggers: []
  ) { client in
    if let knowledge = client.knowledge { return dropped(client, by: knowledge) }
    guard let profile = client.profile, !droppedSomewhere.isDisjoint(with: client.present) else { return [] }
    return client.metadata.compactMap { member in
      let isTagged = profile.kept != nil && member.name.utf8.contains(UInt8(ascii: "#"))
      guard isTagged || profile.dropped.contains(member.name) else { return nil }
      return .about(
        member.name, "\(profile.title) accepts \(quoted(member.name)) and throws it away",
        hint: "Take it out: what is declared would never become what is.")
    }
  }
}

extension Rule {
  /// What some profile refuses, and what some profile throws away: most clients have none of it.
  private static let refusedSomewhere = MemberMask(Profile.all.flatMap(\.refused.keys))
  private static let droppedSomewhere = MemberMask(Profile.all.flatMap(\.dropped) + ["client_name#fr"])

  private static func refused(_ client: ReviewedClient, by knowledge: ProviderKnowledge) -> [Finding] {
    client.metadata.compactMap { member in
      guard knowledge.fate(of: member.name) == .refused else { return nil }
      return .about(
        member.name, "\(knowledge.title) does not know \(quoted(member.name)), and refuses a client that has it",
        hint: "Take it out.")
    }
  }

  private static func dropped(_ client: ReviewedClient, by knowledge: ProviderKnowledge) -> [Finding] {
    client.metadata.compactMap { member in
      guard knowledge.fate(of: member.name) == .dropped else { return nil }
      return .about(
        member.name, "\(knowledge.title) accepts \(quoted(member.name)) and throws it away",
        hint: "Take it out: what is declared would never become what is.")
    }
  }
}

extension Profile.Refusal {
  fileprivate func applies(to value: JSONValue) -> Bool {
    switch self {
    case .always: true
    case .whenNotEmpty: value.string?.isEmpty == false
    case .whenTrue: value.bool == true
    }
  }

  fileprivate func words(_ member: String) -> String { self == .whenTrue ? "\(member): true" : member }
}
