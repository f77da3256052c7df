import EmbeddedProvider
import OpenIDRegistration
import OpenIDRegistrationCurl

// A provider inside this process, so that there is something to talk to. Take your own issuer in its place.
let provider = try EmbeddedProvider.start()
defer { provider.stop() }

let client = OpenIDRegistrationClient(transport: CurlTransport())
let metadata = try await client.discoverOidcConfiguration(issuer: provider.publicURL)
let endpoint = Profile.hydra.registrationEndpoint(of: metadata)!

// Secret and token are shown once: keep them durably, before anything else can go wrong.
let keep: OpenIDRegistrationClient.Persist = { answer in print("keep the token of \(answer.clientID)") }

var billing: ClientMetadata = ["client_name": "Billing", "grant_types": ["authorization_code"]]
billing.redirectURIs = ["https://billing.example.com/callback"]
let created = try await client.createOidcDynamicClient(billing, at: endpoint, persist: keep)

billing.scope = "openid offline_access"
let changed = try await client.setOidcDynamicClient(billing, of: created, persist: keep)
print("its scope is now \(changed.metadata.scope ?? "what the provider likes")")

try await client.deleteOidcDynamicClient(of: changed)
