public import OpenIDCryptography
public import OpenIDJSON

/// What a provider says about somebody who signed in (OpenID Connect Core 1.0, section 5.3.2).
///
/// All claims stand in ``claims``, in their order, also those without a property here. A property is `nil` where the claim is
/// absent or of another type. It prints the names of the claims only, for the rest is about a person.
public struct UserInfo: Sendable, Hashable {
  /// Every claim.
  public let claims: JSONObject
  /// Who it is, in the words of the provider: the one claim that is always there. Unique for this issuer, and for this client too
  /// where subjects are pairwise.
  public let subject: String
  /// The key that the answer was signed with; `nil` for plain JSON.
  public let signedBy: VerificationKey?
  /// The header fields of the answer.
  public let headers: HTTPFields

  public init(
    claims: JSONObject, subject: String, signedBy: VerificationKey? = nil, headers: HTTPFields = [:]
  ) {
    self.claims = claims
    self.subject = subject
    self.signedBy = signedBy
    self.headers = headers
  }

  public subscript(name: String) -> JSONValue? { claims[name] }
}

extension UserInfo: CustomStringConvertible, CustomReflectable {
  public var description: String { "userinfo with \(claims.names.joined(separator: ", "))" }
  public var customMirror: Mirror { Mirror(self, children: ["claims": claims.names]) }
}

/// The standard claims (OpenID Connect Core 1.0, section 5.1).
extension UserInfo {
  /// The whole name, as people write it.
  public var name: String? { claims["name"]?.string }
  /// First names.
  public var givenName: String? { claims["given_name"]?.string }
  /// Last names.
  public var familyName: String? { claims["family_name"]?.string }
  public var middleName: String? { claims["middle_name"]?.string }
  public var nickname: String? { claims["nickname"]?.string }
  /// A short name of the person's own choice. It may change and need not be unique.
  public var preferredUsername: String? { claims["preferred_username"]?.string }
  /// The URL of a page about the person.
  public var profile: String? { claims["profile"]?.string }
  /// The URL of a picture.
  public var picture: String? { claims["picture"]?.string }
  /// The URL of a page of the person's.
  public var website: String? { claims["website"]?.string }
  /// It need not be unique, and is nobody's name for ever: tell people apart by ``subject``.
  public var email: String? { claims["email"]?.string }
  /// Whether the provider made sure that the address is the person's. Some providers write it as a string, which counts.
  public var emailVerified: Bool? { flag("email_verified") }
  public var gender: String? { claims["gender"]?.string }
  /// `1980-02-29`, `1980`, or `0000-02-29` where the year is not said.
  public var birthdate: String? { claims["birthdate"]?.string }
  /// A name of the time zone database: `Europe/Paris`.
  public var zoneinfo: String? { claims["zoneinfo"]?.string }
  /// A language tag (RFC 5646): `en-US`; some providers write `en_US`.
  public var locale: String? { claims["locale"]?.string }
  /// Mostly as E.164 has it: `+1 (425) 555-1212`.
  public var phoneNumber: String? { claims["phone_number"]?.string }
  public var phoneNumberVerified: Bool? { flag("phone_number_verified") }
  /// The postal address (section 5.1.1).
  public var address: Address? { claims["address"]?.object.map(Address.init) }
  /// When these claims last changed, in seconds since 1970.
  public var updatedAt: Int? { claims["updated_at"]?.integer }

  private func flag(_ name: String) -> Bool? {
    switch claims[name] {
    case .bool(let value)?: value
    case .string("true")?: true
    case .string("false")?: false
    default: nil
    }
  }

  /// A postal address (OpenID Connect Core 1.0, section 5.1.1).
  public struct Address: Sendable, Hashable {
    /// Every member.
    public let members: JSONObject

    public init(_ members: JSONObject) { self.members = members }

    /// The whole, as for an envelope; lines may be parted by newlines.
    public var formatted: String? { members["formatted"]?.string }
    /// Street and number, and what else comes before the town.
    public var streetAddress: String? { members["street_address"]?.string }
    /// The town.
    public var locality: String? { members["locality"]?.string }
    public var region: String? { members["region"]?.string }
    public var postalCode: String? { members["postal_code"]?.string }
    public var country: String? { members["country"]?.string }
  }
}
