import CClientsyncYAML

/// libyaml's parser over a piece of a source. The bytes must outlive the reader.
///
/// The parser stands behind a pointer because it must not move. Bytes are handed to it in pieces, counted since the last event:
/// a text without end would otherwise be read whole before anyone could say that it is too long.
@safe struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let feed: UnsafeMutablePointer<Feed>
  /// How many lines of the source stand before the first byte that is read here.
  private let linesBefore: Int

  init?(_ bytes: UnsafeBufferPointer<UInt8>, linesBefore: Int, tokenBytes: Int) {
    unsafe parser = .allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      return nil
    }
    unsafe feed = .allocate(capacity: 1)
    unsafe feed.initialize(to: Feed(bytes: bytes, limit: tokenBytes))
    self.linesBefore = linesBefore
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input(
      parser,
      { context, buffer, size, filled in
        guard let context = unsafe context, let buffer = unsafe buffer, let filled = unsafe filled else { return 0 }
        let feed = unsafe context.assumingMemoryBound(to: Feed.self)
        guard let count = unsafe feed.pointee.fill(buffer, size) else { return 0 }
        unsafe filled.pointee = count
        return 1
      }, feed)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe feed.deallocate()
  }

  mutating func next() throws(ParserProblem) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { unsafe yaml_event_delete(&event) }
    unsafe feed.pointee.sinceLastEvent = 0
    return unsafe Event(kind: kind(of: event), start: mark(event.start_mark), end: mark(event.end_mark))
  }

  /// The only place that looks into the event's union, and only at the member that its type names.
  private func kind(of event: yaml_event_t) -> Event.Kind {
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let text = unsafe String(decoding: bytes, as: UTF8.self)
      let isQuoted = unsafe scalar.style != YAML_PLAIN_SCALAR_STYLE
      return unsafe .scalar(text: text, isQuoted: isQuoted, properties(anchor: scalar.anchor, tag: scalar.tag))
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe .mappingStart(properties(anchor: start.anchor, tag: start.tag))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe .sequenceStart(properties(anchor: start.anchor, tag: start.tag))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_ALIAS_EVENT: return unsafe .alias(text(event.data.alias.anchor) ?? "")
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_START_EVENT: return .streamStart
    default: return .streamEnd
    }
  }

  @inline(__always)
  private func properties(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?
  ) -> NodeProperties? {
    if unsafe anchor == nil, unsafe tag == nil { return nil }
    return unsafe NodeProperties(anchor: text(anchor), tag: text(tag))
  }

  /// Anchors and tags end with a zero byte.
  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(cString: pointer)
  }

  private func mark(_ mark: yaml_mark_t) -> YAMLMark {
    YAMLMark(line: mark.line + 1 + linesBefore, column: mark.column + 1)
  }

  private func problem() -> ParserProblem {
    let parser = unsafe parser.pointee
    let kind: ParserProblem.Kind =
      switch unsafe parser.error {
      case _ where unsafe feed.pointee.isPastLimit: .tokenTooLong
      case YAML_READER_ERROR: .encoding
      case YAML_MEMORY_ERROR: .memory
      default: .syntax
      }
    let words = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "unknown problem"
    let hasContext = unsafe parser.context != nil
    return unsafe ParserProblem(
      kind: kind, words: words, mark: mark(kind == .tokenTooLong ? parser.mark : parser.problem_mark),
      contextMark: hasContext ? mark(parser.context_mark) : nil, offset: Int(parser.problem_offset))
  }
}

/// What libyaml's read handler hands out, and how much of it since the last event.
@unsafe private struct Feed {
  let bytes: UnsafeBufferPointer<UInt8>
  let limit: Int
  var position = 0
  var sinceLastEvent = 0
  var isPastLimit = false

  init(bytes: UnsafeBufferPointer<UInt8>, limit: Int) {
    unsafe self.bytes = unsafe bytes
    unsafe self.limit = limit
  }

  /// Copies what fits; `nil` where a single token has taken more than the limit.
  mutating func fill(_ buffer: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int? {
    guard unsafe sinceLastEvent <= limit else {
      unsafe isPastLimit = true
      return nil
    }
    let count = unsafe min(size, bytes.count - position)
    if count > 0, let base = unsafe bytes.baseAddress { unsafe buffer.update(from: base + position, count: count) }
    unsafe position += count
    unsafe sinceLastEvent += count
    return count
  }
}
