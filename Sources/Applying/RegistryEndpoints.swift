package import Manifests
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

extension EndpointError {
  /// What happened, and what to do.
  package var words: String {
    switch self {
    case .discovery(let error): error.explanation
    case .noRegistrationEndpoint(let issuer, let asked):
      "names no registration endpoint (asked \(asked.joined(separator: ", "))). If \(issuer) has one, give it in spec.registrationEndpoint."
    }
  }
}

extension RegistryEndpoints {
  /// Asks the provider's discovery document for what the manifest leaves open.
  package static func resolve(
    _ registry: DeclaredRegistry, with client: OpenIDRegistrationClient, retry: RetryPolicy, stop: StopSignal
  ) async throws(EndpointError) -> RegistryEndpoints {
    let named = Profile.named(registry.profile)
    if let endpoint = registry.registrationEndpoint {
      var profile = named
      if profile == nil { profile = await detect(registry, endpoint, with: client) }
      return RegistryEndpoints(
        registrationEndpoint: endpoint, issuer: registry.issuer, profile: profile ?? .rfc7591,
        profileIsGuessed: profile == nil)
    }
    let issuer = registry.issuer ?? ""
    let metadata: ProviderMetadata
    do {
      metadata = try await retry.repeating(until: stop) { () throws(RegistrationError) in
        try await client.discoverOidcConfiguration(issuer: issuer)
      }
    } catch {
      throw .discovery(error)
    }
    let detected = named ?? Profile.detect(from: metadata)
    let profile = detected ?? .rfc7591
    guard let endpoint = profile.registrationEndpoint(of: metadata) else {
      throw .noRegistrationEndpoint(issuer: issuer, asked: metadata.sources)
    }
    return RegistryEndpoints(
      registrationEndpoint: endpoint, issuer: issuer, profile: profile, profileIsGuessed: detected == nil)
  }

  /// A failure here only means that nothing tells the provider; the calls themselves will say what is wrong.
  private static func detect(
    _ registry: DeclaredRegistry, _ endpoint: String, with client: OpenIDRegistrationClient
  ) async -> Profile? {
    let metadata: ProviderMetadata?
    if let issuer = registry.issuer {
      metadata = try? await client.discoverOidcConfiguration(issuer: issuer)
    } else {
      metadata = (try? await client.configurationBeside(registrationEndpoint: endpoint)) ?? nil
    }
    return metadata.flatMap(Profile.detect)
  }
}
