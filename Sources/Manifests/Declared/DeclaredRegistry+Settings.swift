extension DeclaredRegistry {
  /// How a client proves at its configuration endpoint that it may be read, set and deleted.
  package enum Authentication: String, Sendable, Hashable, CaseIterable {
    case registrationAccessToken = "registration_access_token"
    case clientSecretBasic = "client_secret_basic"
    case clientSecretPost = "client_secret_post"
    case bearer
  }

  /// Hydra's or Keycloak's admin API.
  package struct Admin: Sendable, Hashable {
    /// Which clients the admin API manages.
    package enum Manage: String, Sendable, Hashable, CaseIterable {
      case never
      /// Those that have no registration access token.
      case tokenless
      case all
    }

    package var endpoint: String
    package var token: CredentialSource?
    /// For the list that `plan` asks for; less may be granted to it than to ``token``.
    package var readToken: CredentialSource?
    package var manage: Manage

    package init(
      endpoint: String, token: CredentialSource? = nil, readToken: CredentialSource? = nil, manage: Manage = .tokenless
    ) {
      self.endpoint = endpoint
      self.token = token
      self.readToken = readToken
      self.manage = manage
    }
  }

  /// Paths of PEM files, joined with the manifest's folder.
  package struct TLS: Sendable, Hashable {
    package var caFile: String?
    package var certificateFile: String?
    package var keyFile: String?

    package init(caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
      self.caFile = caFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  /// How requests are made.
  package struct HTTP: Sendable, Hashable {
    package var timeout: Duration
    package var connectTimeout: Duration
    package var maxConcurrency: Int
    package var requestsPerSecond: Double?
    package var maxRetries: Int
    package var maxResponseBytes: Int
    /// `nil`: the environment's.
    package var proxy: String?
    package var unixSocket: String?

    package init(
      timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(10), maxConcurrency: Int = 16,
      requestsPerSecond: Double? = nil, maxRetries: Int = 5, maxResponseBytes: Int = 10 << 20, proxy: String? = nil,
      unixSocket: String? = nil
    ) {
      self.timeout = timeout
      self.connectTimeout = connectTimeout
      self.maxConcurrency = maxConcurrency
      self.requestsPerSecond = requestsPerSecond
      self.maxRetries = maxRetries
      self.maxResponseBytes = maxResponseBytes
      self.proxy = proxy
      self.unixSocket = unixSocket
    }
  }

  /// For servers that do not know their public URL: a prefix of `registration_client_uri` and what takes its place.
  package struct URIRewrite: Sendable, Hashable {
    package var from: String
    package var to: String

    package init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  package struct Header: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
      case text(String)
      case credential(CredentialSource)
    }

    package var name: String
    package var value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Thresholds past which an apply refuses all changes of that kind.
  package struct Safety: Sendable, Hashable {
    package var maxCreates: Int?
    package var maxDeletes: Int?
    /// Of the registry's clients; counts from ten clients up.
    package var maxDeletePercent: Int
    /// Whether the manifest says the percentage, rather than the default.
    package var isMaxDeletePercentGiven: Bool

    package init(
      maxCreates: Int? = nil, maxDeletes: Int? = nil, maxDeletePercent: Int = 30, isMaxDeletePercentGiven: Bool = false
    ) {
      self.maxCreates = maxCreates
      self.maxDeletes = maxDeletes
      self.maxDeletePercent = maxDeletePercent
      self.isMaxDeletePercentGiven = isMaxDeletePercentGiven
    }
  }

  /// How long the state keeps a client's secret.
  package enum KeepSecret: String, Sendable, Hashable, CaseIterable {
    case always
    case untilDelivered = "until-delivered"
  }

  /// How credentials are sealed in the state.
  package enum Encryption: Sendable, Hashable {
    /// For these age recipients.
    case age([String])
    /// In clear, asked for by name.
    case none
  }
}
