/// RP-initiated, front-channel and back-channel logout.
extension ClientMetadata {
  /// Where the user may be sent after signing out (RP-Initiated Logout 1.0, section 3.1).
  public var postLogoutRedirectURIs: [String]? {
    get { self[strings: "post_logout_redirect_uris"] }
    set { self[strings: "post_logout_redirect_uris"] = newValue }
  }

  /// The page that ends the client's session in the user's browser (Front-Channel Logout 1.0, section 2).
  public var frontchannelLogoutURI: String? {
    get { self[string: "frontchannel_logout_uri"] }
    set { self[string: "frontchannel_logout_uri"] = newValue }
  }

  /// Whether that page needs `iss` and `sid`; false where left out (Front-Channel Logout 1.0, section 2).
  public var frontchannelLogoutSessionRequired: Bool? {
    get { self[bool: "frontchannel_logout_session_required"] }
    set { self[bool: "frontchannel_logout_session_required"] = newValue }
  }

  /// Where the provider sends logout tokens (Back-Channel Logout 1.0, section 2.2).
  public var backchannelLogoutURI: String? {
    get { self[string: "backchannel_logout_uri"] }
    set { self[string: "backchannel_logout_uri"] = newValue }
  }

  /// Whether logout tokens need a `sid`; false where left out (Back-Channel Logout 1.0, section 2.2).
  public var backchannelLogoutSessionRequired: Bool? {
    get { self[bool: "backchannel_logout_session_required"] }
    set { self[bool: "backchannel_logout_session_required"] = newValue }
  }
}
