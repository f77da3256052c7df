import OpenIDRegistration

// The library alone, with somebody's own way to the network: it must bring neither libcurl nor a provider along.

struct Canned: HTTPTransport {
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    HTTPResponse(status: 201, headers: ["Content-Type": "application/json"], body: Array(#"{"client_id":"app"}"#.utf8))
  }
}

let client = OpenIDRegistrationClient(transport: Canned())
let created = try await client.createOidcDynamicClient(["client_name": "App"], at: "https://auth.example.com/register")
print("registered \(created.clientID)")
