public import OpenIDJSON
public struct EmbeddedProviderError: Error, CustomStringConvertible { public var description: String }
public final class EmbeddedProvider: Sendable {
  public enum Storage: Sendable { case memory; case file(String) }
  public struct Configuration: Sendable {
    public var publicPort = 0; public var adminPort: Int? = 0; public var data: Storage; public var publicURL: String?
    public var settings: [String: JSONValue] = [:]; public var allowsFaults = false
    public init(data: Storage, publicURL: String?) { self.data = data; self.publicURL = publicURL }
  }
  public static func start(_ c: Configuration) throws(EmbeddedProviderError) -> EmbeddedProvider { throw EmbeddedProviderError(description: "x") }
  public var publicPort: Int { 0 }
  public var adminPort: Int? { 0 }
  public func stop() {}
}
