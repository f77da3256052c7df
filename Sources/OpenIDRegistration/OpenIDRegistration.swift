// Whoever imports this library speaks of JSON values and secrets: both come along.
@_exported public import OpenIDJSON

@_exported public import struct OpenIDCryptography.Secret
