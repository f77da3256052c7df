/// The names of the decoder's and the loader's diagnostics, as `docs/rules.md` lists them; lint rules are values of ``Rule``.
package enum ManifestRule: String, Sendable, CaseIterable {
  // Reading files.
  case missing
  case unreadable
  case emptyFolder = "empty-folder"
  case emptyFile = "empty-file"
  case tooLarge = "too-large"
  case notAFile = "not-a-file"
  case outsideFolder = "outside-folder"
  case fileName = "file-name"

  // Comments.
  case uselessAllow = "useless-allow"

  // The envelope.
  case otherDocument = "other-document"
  case kustomization
  case notADocument = "not-a-document"

  // Members and their values.
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case conflictingKeys = "conflicting-keys"
  case wrongType = "wrong-type"
  case unknownValue = "unknown-value"
  case invalidName = "invalid-name"
  case reservedName = "reserved-name"
  case invalidValue = "invalid-value"
  case pathOutside = "path-outside"
  case tooMuch = "too-much"
  case invalidURL = "invalid-url"
  case insecureURL = "insecure-url"
  case notSupportedYet = "not-supported-yet"
  case serverOwnedMember = "server-owned-member"
  case variableSyntax = "variable-syntax"
  case variableName = "variable-name"
  case missingVariable = "missing-variable"

  // Documents among each other.
  case duplicateName = "duplicate-name"
  case unknownRegistry = "unknown-registry"
  case registryRequired = "registry-required"
  case previousName = "previous-name"
  case unknownDestination = "unknown-destination"
  case duplicateDelivery = "duplicate-delivery"
  case duplicateAdoption = "duplicate-adoption"
  case plaintextDestination = "plaintext-destination"
}
