// Whoever imports this library speaks of JSON values and secrets: both come along. (Of the cryptography only `Secret` is public. An
// import of that one type would not do: its members stay out of sight of whoever turns on `MemberImportVisibility`.)
@_exported public import OpenIDCryptography
@_exported public import OpenIDJSON
