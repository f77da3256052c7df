package import Diagnostics
package import OpenIDJSON

/// One OAuth 2.0 client as it is wanted: a document of `kind: Client`, with its registry's defaults merged under.
package struct DeclaredClient: Sendable, Hashable {
  /// What happens at the provider when the document goes away; remembered in state.
  package enum Deletion: String, Sendable, Hashable, CaseIterable {
    case delete
    /// The client stays at the provider, and is forgotten here.
    case retain
    /// Refused.
    case prevent
  }

  package var name: String
  /// The name of the registry, also where the document leaves it out.
  package var registry: String
  package var labels: [String: String]
  /// The document's first line: `clients/billing.yaml:14`.
  package var place: SourcePlace
  /// The file, as the user or kustomize's origin annotation names it.
  package var source: String
  package var deletion: Deletion
  /// Names under which the state may know the client: a rename, not a delete and a create.
  package var previousNames: [String]
  /// Members that are left as they are live.
  package var ignoreDrift: [String]
  package var secretVersion: Int?
  /// How the client is taken over, where it exists already.
  package var adoption: Adoption? {
    get { adoptions.first }
    set { adoptions = newValue.map { [$0] } ?? [] }
  }
  /// Hardly any client has one: its room is taken where there is one alone.
  private var adoptions: [Adoption] = []
  /// Where its credentials are handed over.
  package var deliveries: [Delivery] = []
  /// The members in the manifest's order, then those that only the registry's defaults bring, sorted. Never a null.
  package var metadata: JSONObject
  /// Where each member of ``metadata`` stands; in the registry's document for ``defaulted`` ones.
  package var memberPlaces: MemberPlaces
  /// The members that came from the registry's defaults.
  package var defaulted: Set<String>

  package init(
    name: String, registry: String, labels: [String: String] = [:], place: SourcePlace, source: String? = nil,
    deletion: Deletion = .delete, previousNames: [String] = [], ignoreDrift: [String] = [], secretVersion: Int? = nil,
    metadata: JSONObject, memberPlaces: MemberPlaces = [:], defaulted: Set<String> = []
  ) {
    self.name = name
    self.registry = registry
    self.labels = labels
    self.place = place
    self.source = source ?? place.file
    self.deletion = deletion
    self.previousNames = previousNames
    self.ignoreDrift = ignoreDrift
    self.secretVersion = secretVersion
    self.metadata = metadata
    self.memberPlaces = memberPlaces
    self.defaulted = defaulted
  }
}
