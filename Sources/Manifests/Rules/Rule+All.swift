extension Rule {
  /// Every lint rule, in the order of `docs/rules.md`.
  ///
  /// A rule that `clientsync.yaml` or a comment can turn down is one of ``adjustable``.
  package static let all: [Rule] = [
    .redirectURIsRequired, .redirectURIAbsolute, .redirectURIFragment, .redirectURIWildcard, .redirectURIScheme,
    .redirectURIPrivateScheme, .redirectURIHTTP, .postLogoutOrigin, .frontchannelLogoutOrigin, .logoutURIFragment,
    .responseTypesGrantTypes, .grantTypesResponseTypes, .implicitGrant, .passwordGrant, .refreshTokenAlone, .offlineAccess,
    .clientCredentialsPublic, .unusualValue, .duplicateElement, .jwksAndJWKSURI, .jwksShape, .privateKey, .weakKey,
    .duplicateKeyID, .privateKeyJWTKeys, .signingAlgorithm, .encryptionAlgorithm, .tlsClientAuthSubject, .pairwiseSector,
    .scopeGrammar, .scopeSeparator, .webURL, .corsOrigin,
    .lifespan, .refusedOnRegistration, .droppedMember,
  ]

  /// All but the one that says that a secret has leaked.
  package static let adjustable: [Rule] = all.filter(\.isAdjustable)

  /// Every name that `rules` in `clientsync.yaml` takes.
  package static let adjustableNames: [String] = adjustable.map(\.name) + [OnlineRule.notSupported.rawValue]
}
