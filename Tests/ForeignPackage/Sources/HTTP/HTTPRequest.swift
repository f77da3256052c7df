public import JSON

/// Their request, which has the name of one of our types.
public struct HTTPRequest {
  public var path: String
  public var body: JSON

  public init(path: String, body: JSON) {
    self.path = path
    self.body = body
  }
}
