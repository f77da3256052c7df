package import Diagnostics
package import OpenIDJSON

/// One provider's registration endpoint with its settings: a document of `kind: Registry`.
package struct DeclaredRegistry: Sendable, Hashable {
  /// A DNS label: it names a file, a ref and a host.
  package var name: String
  /// The document's first line.
  package var place: SourcePlace
  /// The file, as the user or kustomize's origin annotation names it.
  package var source: String
  package var issuer: String?
  /// Explicit, wins over discovery.
  package var registrationEndpoint: String?
  /// Whether the provider that ships inside clientsync serves this registry.
  package var embedded: Bool
  /// A profile's name, or `auto`.
  package var profile: String
  /// A file that describes the provider instead, joined with the manifest's folder.
  package var profileFile: String?
  package var authentication: Authentication
  package var initialAccessToken: CredentialSource?
  package var admin: Admin?
  package var tls: TLS
  package var http: HTTP
  package var rewriteRegistrationURI: URIRewrite?
  /// Sent to this registry's endpoints only, in the manifest's order.
  package var headers: [Header]
  /// Whether `http:` is allowed beyond loopback.
  package var insecure: Bool
  package var safety: Safety
  /// `nil` where the manifest leaves it to `.sops.yaml`.
  package var encryption: Encryption?
  /// Whether client secrets are forgotten once every destination has them.
  package var keepSecret = KeepSecret.always
  /// How long before its end a secret is renewed.
  package var renewBefore = Duration.seconds(14 * 86_400)
  /// Where credentials may be handed over, by name.
  package var destinations: [String: Destination] = [:]
  /// Client metadata that is merged under every client.
  package var defaults: JSONObject

  package init(
    name: String, place: SourcePlace, source: String? = nil, issuer: String? = nil, registrationEndpoint: String? = nil,
    embedded: Bool = false, profile: String = "auto", authentication: Authentication = .registrationAccessToken,
    initialAccessToken: CredentialSource? = nil, admin: Admin? = nil, tls: TLS = .init(), http: HTTP = .init(),
    rewriteRegistrationURI: URIRewrite? = nil, headers: [Header] = [], insecure: Bool = false, safety: Safety = .init(),
    encryption: Encryption? = nil, defaults: JSONObject = .init()
  ) {
    self.name = name
    self.place = place
    self.source = source ?? place.file
    self.issuer = issuer
    self.registrationEndpoint = registrationEndpoint
    self.embedded = embedded
    self.profile = profile
    self.authentication = authentication
    self.initialAccessToken = initialAccessToken
    self.admin = admin
    self.tls = tls
    self.http = http
    self.rewriteRegistrationURI = rewriteRegistrationURI
    self.headers = headers
    self.insecure = insecure
    self.safety = safety
    self.encryption = encryption
    self.defaults = defaults
  }
}
