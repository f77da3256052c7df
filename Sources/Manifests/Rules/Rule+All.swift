extension Rule {
  /// Every lint rule, in the order of `docs/rules.md`.
  ///
  /// A rule that `clientsync.yaml` or a comment can turn down is one of ``adjustable``.
  package static let all: [Rule] = [
    .redirectURIsRequired, .redirectURIAbsolute, .redirectURIFragment, .redirectURIWildcard, .redirectURIScheme,
    .redirectURIHTTP,
    .postLogoutOrigin, .responseTypesGrantTypes, .implicitGrant, .passwordGrant, .clientCredentialsPublic, .unusualValue,
    .duplicateElement, .jwksAndJWKSURI, .jwksShape, .privateKey, .privateKeyJWTKeys, .scopeGrammar, .webURL, .corsOrigin,
    .lifespan, .refusedOnRegistration, .droppedMember,
  ]

  /// All but the one that says that a secret has leaked.
  package static let adjustable: [Rule] = all.filter { $0.name != privateKey.name }
}
