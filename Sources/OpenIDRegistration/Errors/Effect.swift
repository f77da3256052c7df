/// What a call that failed may have done at the provider.
///
/// The rule of this library: a call whose effect is `unknown` is never repeated by itself, for a second create would make a
/// second client.
public enum Effect: String, Sendable, Hashable {
  /// The provider did nothing: the request was never sent, or the answer says that it was refused.
  case none
  /// The request went out and its outcome is not known: no answer, a broken answer, a server error.
  case unknown
  /// The provider did it, and what failed came afterwards.
  case done
}
