/// What a string must look like, beyond being one.
///
/// Forms of the envelope and of `spec` are checked while decoding. Forms of client metadata say what a member is; whether a value
/// is allowed is for the lint rules, which know the whole client.
package enum StringForm: Sendable, Hashable {
  case any
  /// One of these words. The second list names words of the format that nothing is done about yet.
  case choice([String], notYet: [String] = [])
  case clientName
  case registryName
  /// An `http:` or `https:` URL that credentials may go to.
  case endpoint
  /// A span of time: `10s`, `1m30s`, `14d`.
  case duration
  case path
  /// A folder that files are written to: no part of it is `.git`.
  case deliveryRoot
  case environmentVariable
  case ageRecipient
  /// The name of a client metadata member.
  case memberName
  case headerName
  case headerValue
  /// A path below a folder that somebody else names: relative, without `..`, nothing in `.git`.
  case pathBelow
  /// A variable that a Client may read: its name begins with `CLIENTSYNC_VAR_`.
  case manifestVariable

  /// The name of a lint rule that can be turned down or off.
  case lintRule

  // Client metadata.
  case redirectURI
  /// A page or a picture for people, or a document to be fetched.
  case webURL
  case securedURL
  case origin
  /// Words with one blank between (RFC 6749, section 3.3).
  case scope
  case goDuration
  /// One of these words at most providers; others may know more.
  case usual([String])
}
