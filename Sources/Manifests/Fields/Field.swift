/// One member that a manifest may have: a row of the tables that the decoder, its suggestions, the JSON Schema, `explain` and the
/// reference page are made from.
package struct Field: Sendable {
  /// Where a member comes from.
  package enum Source: Sendable, Hashable {
    /// The Kubernetes-style envelope.
    case kubernetes
    /// clientsync's own.
    case clientsync
    /// Client metadata by a standard; the text names it with its section.
    case standard(String)
    /// Client metadata of Ory Hydra's own.
    case hydra
  }

  /// What happens where the member is given.
  package enum Standing: Sendable, Hashable {
    case known
    /// Part of the format whose machinery is still to come: it is read and checked, a warning says so, and `plan` and `apply`
    /// refuse it rather than leave it out silently.
    case notYet
    /// Client metadata that only a provider writes: an error in every profile.
    case serverOwned
  }

  package var name: String
  package var type: FieldType
  /// One sentence without a full stop.
  package var summary: String
  package var source: Source
  package var isRequired: Bool
  /// Whether the order of a list's elements, or of a text's words, means something.
  package var isOrdered: Bool
  /// What counts where the member is left out, in words; `nil` where that is nothing.
  package var fallback: String?
  package var standing: Standing

  init(
    _ name: String, _ type: FieldType, _ summary: String, source: Source = .clientsync, isRequired: Bool = false,
    isOrdered: Bool = false, fallback: String? = nil, standing: Standing = .known
  ) {
    self.name = name
    self.type = type
    self.summary = summary
    self.source = source
    self.isRequired = isRequired
    self.isOrdered = isOrdered
    self.fallback = fallback
    self.standing = standing
  }
}
