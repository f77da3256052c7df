import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// What the provider takes through its admin API alone.
  ///
  /// These members are Hydra's own. Where a registry leaves its profile open, whoever declares them speaks to a Hydra.
  static let refusedOnRegistration = Rule("refused-on-registration", about: []) { client in
    let profile = client.profile ?? .hydra
    return client.metadata.compactMap { member in
      guard let refusal = profile.refused[member.name], refusal.applies(to: member.value) else { return nil }
      return .about(
        member.name, "\(profile.title) refuses \(quoted(refusal.words(member.name))) on registration",
        hint: profile.adminOnly.contains(member.name)
          ? "Only its admin API takes it, for clients that are managed there." : "Take it out.")
    }
  }

  /// What the provider accepts and throws away: declared here, it would differ from what is live for ever.
  static let droppedMember = Rule("dropped-member", .warning, about: []) { client in
    guard let profile = client.profile else { return [] }
    return client.metadata.compactMap { member in
      let isTagged = member.name.contains("#") && profile.kept != nil
      guard profile.dropped.contains(member.name) || isTagged else { return nil }
      return .about(member.name, "\(profile.title) accepts \(quoted(member.name)) and throws it away")
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
