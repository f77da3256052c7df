import Manifests
import OpenIDRegistrationCurl

extension CurlTransport.Configuration {
  /// How a registry is spoken to, as its manifest says; nothing that is a credential.
  init(_ registry: DeclaredRegistry) {
    self.init(connectTimeout: registry.http.connectTimeout, timeout: registry.http.timeout)
    maximumResponseBytes = registry.http.maxResponseBytes
    proxy = registry.http.proxy
    unixSocket = registry.http.unixSocket
    caFile = registry.tls.caFile
    maximumConnections = registry.http.maxConcurrency
    allowsInsecureHTTP = registry.insecure
  }
}
