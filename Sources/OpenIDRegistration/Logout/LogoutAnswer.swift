/// What came of asking a provider to sign somebody out.
public struct LogoutAnswer: Sendable, Hashable {
  public enum Outcome: Sendable, Hashable {
    /// The way led back to the client: to its `post_logout_redirect_uri`, with the right state. That URL was not fetched.
    case returned(to: String)
    /// The provider shows a page of its own, which was fetched: that it is done, or a question to whoever sits before it. Which
    /// of the two only ``LogoutAnswer/logoutChallenge`` can tell, at Hydra.
    case page(at: String)
    /// The way leads to another origin, which nobody asked for: a sign-out page of the provider's, a default target. Only a browser
    /// may go there.
    case elsewhere(String)
  }

  /// Where the way ended.
  public let outcome: Outcome
  /// The pages of other clients that a browser would load now, in frames, to end their sessions too (Front-Channel Logout 1.0,
  /// section 2). None was fetched: the sessions live in that browser.
  public let frontchannelLogoutURLs: [String]
  /// Hydra's challenge, where the way led past its sign-out page: the logout waits for somebody to accept it there.
  public let logoutChallenge: String?
  /// How many redirects were followed.
  public let followed: Int
  /// The status of the last answer.
  public let status: Int
  /// The header fields of the last answer.
  public let headers: HTTPFields

  public init(
    outcome: Outcome, frontchannelLogoutURLs: [String] = [], logoutChallenge: String? = nil, followed: Int = 0,
    status: Int = 200,
    headers: HTTPFields = [:]
  ) {
    self.outcome = outcome
    self.frontchannelLogoutURLs = frontchannelLogoutURLs
    self.logoutChallenge = logoutChallenge
    self.followed = followed
    self.status = status
    self.headers = headers
  }
}
