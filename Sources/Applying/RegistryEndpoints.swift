import Manifests
package import OpenIDRegistration

/// Where a registry's calls go, and by which profile: from its manifest, or found out by discovery.
package struct RegistryEndpoints: Sendable, Hashable {
  package var registrationEndpoint: String
  package var issuer: String?
  package var profile: Profile
  /// Whether `auto` found nothing that tells, so that the plain RFC 7591 profile stands in.
  package var profileIsGuessed: Bool

  package init(registrationEndpoint: String, issuer: String?, profile: Profile, profileIsGuessed: Bool) {
    self.registrationEndpoint = registrationEndpoint
    self.issuer = issuer
    self.profile = profile
    self.profileIsGuessed = profileIsGuessed
  }
}

/// Why a registry's endpoints cannot be had.
package enum EndpointError: Error, Sendable {
  case discovery(RegistrationError)
  /// The discovery document names no registration endpoint.
  case noRegistrationEndpoint(issuer: String, asked: [String])
}

extension RegistryEndpoints {
  /// Asks the provider's discovery document for what the manifest leaves open.
  package static func resolve(
    _ registry: DeclaredRegistry, with client: OpenIDRegistrationClient
  ) async throws(EndpointError) -> RegistryEndpoints {
    let named = Profile.named(registry.profile)
    if let endpoint = registry.registrationEndpoint {
      if let named {
        return RegistryEndpoints(
          registrationEndpoint: endpoint, issuer: registry.issuer, profile: named, profileIsGuessed: false)
      }
      let detected = await detect(issuer: registry.issuer ?? origin(of: endpoint), with: client)
      return RegistryEndpoints(
        registrationEndpoint: endpoint, issuer: registry.issuer, profile: detected ?? .rfc7591,
        profileIsGuessed: detected == nil)
    }
    let issuer = registry.issuer ?? ""
    let metadata: ProviderMetadata
    do { metadata = try await client.discoverOidcConfiguration(issuer: issuer) } catch { throw .discovery(error) }
    let detected = named ?? Profile.detect(from: metadata)
    let profile = detected ?? .rfc7591
    guard let endpoint = metadata.registrationEndpoint ?? profile.registrationEndpoint(issuer: issuer) else {
      throw .noRegistrationEndpoint(issuer: issuer, asked: metadata.sources)
    }
    return RegistryEndpoints(
      registrationEndpoint: endpoint, issuer: issuer, profile: profile, profileIsGuessed: detected == nil)
  }

  /// A failure here only means that nothing tells the provider; the calls themselves will say what is wrong.
  private static func detect(issuer: String, with client: OpenIDRegistrationClient) async -> Profile? {
    guard let metadata = try? await client.discoverOidcConfiguration(issuer: issuer) else { return nil }
    return Profile.detect(from: metadata)
  }

  /// Scheme and authority of a URL.
  private static func origin(of url: String) -> String {
    guard let scheme = url.range(of: "://") else { return url }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return url[..<scheme.upperBound] + authority
  }
}
