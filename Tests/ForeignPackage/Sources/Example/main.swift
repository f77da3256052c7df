import EmbeddedProvider
import OpenIDRegistration
import OpenIDRegistrationCurl

// A provider inside this process, so that there is something to talk to. Take your own issuer in its place.
let provider = try EmbeddedProvider.start()
defer { provider.stop() }

let client = OpenIDRegistrationClient(transport: CurlTransport())
let metadata = try await client.discoverOidcConfiguration(issuer: provider.publicURL)
let endpoint = Profile.hydra.registrationEndpoint(of: metadata)!

var billing: ClientMetadata = ["client_name": "Billing", "grant_types": ["authorization_code"]]
billing.redirectURIs = ["https://billing.example.com/callback"]
let created = try await client.createOidcDynamicClient(billing, at: endpoint) { answer in
  // Secret and token are shown once: keep them here, durably, before anything else can go wrong.
  print("keep the token of \(answer.clientID)")
}

billing.scope = "openid offline_access"
let changed = try await client.setOidcDynamicClient(
  billing, at: created.registrationClientURI!, authentication: .registrationAccessToken(created.registrationAccessToken!))
print("its scope is now \(changed.metadata.scope!)")

try await client.deleteOidcDynamicClient(
  at: created.registrationClientURI!, authentication: .registrationAccessToken(changed.registrationAccessToken!))
