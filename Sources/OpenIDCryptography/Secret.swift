/// A credential in memory: a client secret, a registration access token, an initial access token, a key.
///
/// It cannot print itself: interpolation, `dump`, `Mirror` and an error that carries it all show `(sensitive)`. Whoever needs the
/// text asks for ``exposed`` by name, which makes each such place easy to find in a review.
public struct Secret: Sendable, Hashable {
  /// The credential in clear. To be handed to the wire or to a seal, never to a message.
  public let exposed: String

  public init(_ exposed: String) { self.exposed = exposed }

  public var isEmpty: Bool { exposed.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "(sensitive)" }
  public var debugDescription: String { "(sensitive)" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
