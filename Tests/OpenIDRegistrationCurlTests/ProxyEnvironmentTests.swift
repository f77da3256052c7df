import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// Proxies that the environment names: each case in a process of its own, for the environment belongs to all of one.
@Suite struct ProxyEnvironmentTests {
  @Test func `the variables that people know are obeyed`() async {
    await #expect(processExitsWith: .success) {
      for variables in [
        ["http_proxy": "PROXY"], ["all_proxy": "PROXY"], ["ALL_PROXY": "PROXY"],
        ["http_proxy": "PROXY", "no_proxy": "example.com"],
      ] {
        try await expect(isProxied: true, "http://auth.invalid/", variables)
      }
      for variables in [
        ["https_proxy": "PROXY"], ["HTTPS_PROXY": "PROXY"], ["all_proxy": "PROXY"],
        ["https_proxy": "PROXY", "no_proxy": "h.invalid"],
      ] {
        try await expect(isProxied: true, "https://auth.invalid/", variables)
      }
    }
  }

  @Test func `what they except goes its own way`() async {
    await #expect(processExitsWith: .success) {
      for exception in ["auth.invalid", ".invalid", "invalid", "*", "a.example.com,auth.invalid", "example.com, invalid"] {
        for name in ["no_proxy", "NO_PROXY"] {
          try await expect(isProxied: false, "https://auth.invalid/", ["https_proxy": "PROXY", name: exception])
        }
      }
      // Capitals of this one could be a CGI's `Proxy:` field.
      try await expect(isProxied: false, "http://auth.invalid/", ["HTTP_PROXY": "PROXY"])
      try await expect(isProxied: false, "https://auth.invalid/", ["http_proxy": "PROXY"])
    }
  }

  @Test func `the configuration wins over them`() async {
    await #expect(processExitsWith: .success) {
      try await expect(isProxied: false, "https://auth.invalid/", ["https_proxy": "PROXY"], .init(proxy: ""))
      try await expect(
        isProxied: true, "https://auth.invalid/", ["https_proxy": "http://nowhere.invalid"], .init(proxy: "PROXY"))
      // As with curl's own -x, exceptions hold for every proxy.
      try await expect(isProxied: false, "https://auth.invalid/", ["no_proxy": "auth.invalid"], .init(proxy: "PROXY"))
    }
  }

  @Test func `this machine is never asked through them`() async {
    await #expect(processExitsWith: .success) {
      try await withServer { connection in
        while connection.request() != nil { connection.answer() }
      } _: { server in
        try await withServer { connection in
          while connection.request() != nil { connection.answer("403 Forbidden", "no") }
        } _: { proxy in
          for name in ["http_proxy", "all_proxy"] { setenv(name, proxy.url, 1) }
          unsetenv("no_proxy")
          unsetenv("NO_PROXY")
          let transport = CurlTransport(.init(connectTo: ["hydra.embedded.localhost:80:127.0.0.1:\(server.port)"]))
          for url in [server.url, "http://localhost:\(server.port)", "http://hydra.embedded.localhost/"] {
            let response = try await transport.send(HTTPRequest(.get, url))
            #expect(response.status == 200, "\(url)")
          }
          #expect(proxy.requests.isEmpty)
        }
      }
    }
  }
}

/// Sends a request to an address that only a proxy could reach, with these variables. The proxy has to see it, or not; without
/// one the name cannot be resolved (RFC 2606 keeps `.invalid` free of hosts).
private func expect(
  isProxied: Bool, _ url: String, _ variables: [String: String], _ configuration: CurlTransport.Configuration = .init()
) async throws {
  for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
    unsetenv(name)
    unsetenv(name.uppercased())
  }
  try await withServer { connection in
    while connection.request() != nil { connection.answer("403 Forbidden", "no") }
  } _: { proxy in
    for (name, value) in variables { setenv(name, value.replacing("PROXY", with: proxy.url), 1) }
    var configuration = configuration
    configuration.allowsInsecureHTTP = true
    configuration.proxy = configuration.proxy?.replacing("PROXY", with: proxy.url)
    let transport = CurlTransport(configuration)
    do throws(HTTPTransportError) {
      let response = try await transport.send(HTTPRequest(.get, url))
      #expect(response.status == 403)
    } catch {
      #expect(error.code == (proxy.requests.isEmpty ? .nameNotResolved : .couldNotConnect), "\(error)")
    }
    #expect(!proxy.requests.isEmpty == isProxied, "\(url) \(variables)")
  }
}
