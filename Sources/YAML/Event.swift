/// What libyaml reads next, in Swift's terms.
struct Event {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(text: String, isQuoted: Bool, NodeProperties?)
    case sequenceStart(NodeProperties?)
    case sequenceEnd
    case mappingStart(NodeProperties?)
    case mappingEnd
  }

  var kind: Kind
  var start: YAMLMark
  var end: YAMLMark
}

/// The anchor and the tag before a node. Most nodes have neither.
struct NodeProperties {
  var anchor: String?
  var tag: String?
}

/// Why libyaml cannot go on, with its own words.
struct ParserProblem: Error {
  enum Kind {
    /// Not UTF-8, or a control character: `offset` counts.
    case encoding
    /// The bound on one token was passed.
    case tokenTooLong
    case memory
    case syntax
  }

  var kind: Kind
  var words: String
  var mark: YAMLMark
  /// What was being read, and where that began.
  var contextMark: YAMLMark?
  /// In bytes from the segment's start.
  var offset: Int
}
