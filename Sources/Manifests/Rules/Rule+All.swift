extension Rule {
  /// Every lint rule, in the order of `docs/rules.md`.
  package static let all: [Rule] = [
    .redirectURIsRequired, .redirectURIAbsolute, .redirectURIFragment, .redirectURIWildcard, .redirectURIScheme,
    .redirectURIHTTP,
    .postLogoutOrigin, .responseTypesGrantTypes, .implicitGrant, .passwordGrant, .clientCredentialsPublic, .unusualValue,
    .duplicateElement, .jwksAndJWKSURI, .jwksShape, .privateKey, .privateKeyJWTKeys, .scopeGrammar, .webURL, .corsOrigin,
    .lifespan, .refusedOnRegistration, .droppedMember,
  ]
}
