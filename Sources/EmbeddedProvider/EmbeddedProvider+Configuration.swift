public import OpenIDJSON
public import OpenIDRegistration

extension EmbeddedProvider {
  /// Where the clients are kept.
  public enum Storage: Sendable, Hashable {
    /// Gone when the provider stops.
    case memory
    /// A file, made where it is missing. Several processes may have it open at once.
    case file(String)
  }

  /// How a provider starts. Everything has a value that suits a test: free ports on loopback, data in memory, Hydra's behaviour.
  public struct Configuration: Sendable {
    /// The port of the public endpoints; 0 takes a free one.
    public var publicPort: Int
    /// The port of the admin API; 0 takes a free one, `nil` leaves the admin API out.
    public var adminPort: Int?
    /// The address to listen on. Anything but loopback has to be asked for here: nothing is encrypted, and the admin API asks
    /// nobody who they are.
    public var host: String
    public var data: Storage
    /// The URL that the provider gives for itself, its issuer; `nil` is the address it listens on.
    public var publicURL: String?
    /// The provider that it plays. Hydra is played to the byte, as it was recorded; any other profile by what the profile says of
    /// tokens, secrets, bodies and members, so that a made-up one shows how a client of it gets along.
    public var profile: Profile
    /// Hydra's configuration keys, such as `oidc.dynamic_client_registration.enabled`.
    public var settings: [String: JSONValue]
    /// Whether the admin port has `/faults`, by which the plan of faults can be changed while the provider runs.
    public var allowsFaults: Bool
    /// What goes wrong from the start; see ``Fault``.
    public var faultPlan: [Fault]
    /// What clients may take of memory, connections and time.
    public var limits: Limits
    /// Fetches what a `sector_identifier_uri` and a `jwks_uri` name, and sends back-channel logout notices. Without one such
    /// clients are refused, as where the host cannot be reached, and no notice is sent.
    public var transport: (any HTTPTransport)?
    /// Called with one line for each request, without query and credentials, on the thread that answers, and with one for each
    /// back-channel notice.
    public var log: (@Sendable (String) -> Void)?

    public init(
      publicPort: Int = 0, adminPort: Int? = 0, host: String = "127.0.0.1", data: Storage = .memory, publicURL: String? = nil,
      profile: Profile = .hydra, settings: [String: JSONValue] = [:], allowsFaults: Bool = false, faultPlan: [Fault] = [],
      limits: Limits = Limits(), transport: (any HTTPTransport)? = nil, log: (@Sendable (String) -> Void)? = nil
    ) {
      self.publicPort = publicPort
      self.adminPort = adminPort
      self.host = host
      self.data = data
      self.publicURL = publicURL
      self.profile = profile
      self.settings = settings
      self.allowsFaults = allowsFaults
      self.faultPlan = faultPlan
      self.limits = limits
      self.transport = transport
      self.log = log
    }
  }
}
