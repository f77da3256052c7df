public import OpenIDJSON

/// What a provider says about itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2).
///
/// All members stand in ``members``, also those without a property here.
public struct ProviderMetadata: Sendable, Hashable {
  public var members: JSONObject
  /// Where it was read, in the order in which it was asked; the first document's members win.
  public var sources: [String]

  public init(_ members: JSONObject, sources: [String] = []) {
    self.members = members
    self.sources = sources
  }

  public subscript(name: String) -> JSONValue? { members[name] }
}
