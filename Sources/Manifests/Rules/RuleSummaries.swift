/// What each rule is about, in a sentence: for SARIF, which wants to know the rules of a tool.
package enum RuleSummaries {
  /// By the rule's name, sorted; every name that a diagnostic can have.
  package static let all: [(name: String, summary: String)] = texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }

  package static subscript(name: String) -> String? { texts[name] }

  private static let texts: [String: String] = client.merging(format) { first, _ in first }

  private static let client: [String: String] = [
    "redirect-uris-required": "Grants that send the browser back need redirect URIs.",
    "redirect-uri-absolute": "Redirect URIs are absolute.",
    "redirect-uri-fragment": "Redirect URIs have no fragment.",
    "redirect-uri-wildcard": "Redirect URIs have no wildcard.",
    "redirect-uri-scheme": "Redirect URIs have a scheme that a browser can be sent to.",
    "redirect-uri-private-scheme": "A scheme of an app's own is a domain name in reverse.",
    "redirect-uri-http": "Redirect URIs beyond loopback are https.",
    "post-logout-origin": "URIs after signing out share their origin with a redirect URI.",
    "frontchannel-logout-origin": "The front-channel logout URI shares its origin with a redirect URI.",
    "logout-uri-fragment": "Logout URIs have no fragment.",
    "response-types-grant-types": "Response types have their grant types.",
    "grant-types-response-types": "Grant types have their response types.",
    "implicit-grant": "The implicit grant hands tokens out in URLs.",
    "password-grant": "The password grant shows passwords to the client.",
    "refresh-token-alone": "A refresh token needs a grant that brings one.",
    "offline-access": "The scope offline_access needs the grant refresh_token.",
    "client-credentials-public": "A client that acts on its own behalf proves itself.",
    "unusual-value": "A word is one that a standard knows.",
    "duplicate-element": "An element stands in a list once.",
    "jwks-and-jwks-uri": "A client has its keys in one place.",
    "jwks-shape": "A key set has keys with the members that their type needs.",
    "private-key": "A key set holds public keys alone.",
    "weak-key": "RSA keys have 2048 bits or more.",
    "duplicate-key-id": "Keys of a set have identifiers of their own.",
    "private-key-jwt-keys": "A client that proves itself with a key shows its public half.",
    "signing-algorithm": "Assertions are signed with an algorithm that fits the method and the provider.",
    "encryption-algorithm": "Content encryption comes with an algorithm for its key.",
    "tls-client-auth-subject": "A client with a certificate names one subject of it.",
    "pairwise-sector": "Pairwise subjects over several hosts need a sector identifier.",
    "scope-grammar": "Scopes are words with one blank between.",
    "web-url": "Pages and documents have web addresses.",
    "cors-origin": "Origins are scheme, host and port.",
    "lifespan": "Lifespans are durations in Go's grammar.",
    "refused-on-registration": "The provider takes the member on registration.",
    "dropped-member": "The provider keeps the member.",
    "not-supported-online": "The provider's discovery document offers what the client asks for.",
    "unreadable-online": "The provider's discovery document can be read.",
    "server-owned-member": "What a provider says is not declared.",
  ]

  private static let format: [String: String] = [
    "unknown-key": "Keys are known.", "missing-key": "Required keys are there.",
    "conflicting-keys": "Keys that exclude each other do not stand together.", "wrong-type": "A value has its member's type.",
    "unknown-value": "A value is one of those that its member takes.", "invalid-value": "A value has its member's form.",
    "path-outside": "Paths stay below their folder.", "too-much": "Sizes are bounded.",
    "invalid-name": "Names have their form.", "reserved-name": "Names do not collide with clientsync's own.",
    "invalid-url": "Endpoints are URLs.", "insecure-url": "Credentials go over TLS.",
    "not-supported-yet": "This version knows the member.", "variable-syntax": "Variables are written as $(env:NAME).",
    "variable-name": "Variables begin with CLIENTSYNC_VAR_.", "missing-variable": "Variables are set.",
    "useless-allow": "A comment that allows something allows something.",
    "not-a-document": "A document has an apiVersion and a kind.", "other-document": "Documents are clientsync's.",
    "kustomization": "kustomize's own file is no manifest.", "duplicate-name": "Names are given once.",
    "unknown-registry": "A client's registry is declared.",
    "registry-required": "Among several registries a client names its own.",
    "previous-name": "Previous names are free and belong to one client.", "yaml-syntax": "A file is YAML.",
    "yaml-tab": "Blanks indent.", "yaml-key": "Keys are texts.", "yaml-tag": "Tags mean something here.",
    "duplicate-key": "A key stands in a mapping once.", "unknown-alias": "An alias has its anchor.",
    "recursive-alias": "An alias does not stand within what it names.", "merge-value": "A merge key takes mappings.",
    "merge-conflict": "Merged mappings agree.", "yaml-encoding": "A file is UTF-8.",
    "yaml-limit": "Nesting and aliases are bounded.",
    "missing": "What is named is there.", "unreadable": "What is there can be read.",
    "empty-folder": "A folder holds manifests.",
    "too-large": "Files are bounded.", "not-a-file": "Manifests are files.", "outside-folder": "Links stay in their folder.",
    "file-name": "File names can be shown.",
  ]
}
