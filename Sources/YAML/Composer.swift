/// Builds the nodes of one document after the other from libyaml's events.
///
/// libyaml knows syntax only; what it leaves open is settled here: aliases, merge keys, duplicate keys, tags, and how much of
/// all that one source may ask for.
struct Composer: ~Copyable {
  /// Why composing ends before the stream does.
  enum Interruption: Error {
    case parser(ParserProblem)
    /// The problem is noted; reading may go on with the next document behind that line.
    case noted(line: Int)
  }

  enum Anchor {
    /// What it names is being read.
    case open
    case closed(YAMLNode, nodes: Int)
  }

  private var reader: EventReader
  private let limits: YAMLLimits
  private var anchors: [String: Anchor] = [:]
  private var written = 0
  private var writtenBefore = 0
  private var expanded = 0
  var problems: [YAMLProblem] = []
  /// Whether something is missing from the document that was composed last, so that it cannot be judged further.
  private(set) var isBroken = false

  init(_ reader: consuming EventReader, limits: YAMLLimits) {
    self.reader = reader
    self.limits = limits
  }

  /// The next document; `nil` at the end of the stream.
  mutating func document() throws(Interruption) -> YAMLNode? {
    while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: return nil
      case .documentStart:
        anchors.removeAll()
        writtenBefore = written
        isBroken = false
        return try node(try next(), depth: 0)
      default: continue
      }
    }
  }

  private mutating func next() throws(Interruption) -> Event {
    do { return try reader.next() } catch { throw .parser(error) }
  }

  private mutating func node(_ event: Event, depth: Int) throws(Interruption) -> YAMLNode {
    written += 1
    switch event.kind {
    case .scalar(let text, let isQuoted, let properties):
      var scalar = YAMLScalar(text, isPlain: !isQuoted)
      guard let properties else { return YAMLNode(.scalar(scalar), start: event.start, end: event.end) }
      if let tag = properties.tag { note(tag, of: &scalar, event) }
      let node = YAMLNode(.scalar(scalar), start: event.start, end: event.end)
      if let anchor = properties.anchor { anchors[anchor] = .closed(node, nodes: 1) }
      return node
    case .sequenceStart(let properties):
      if let tag = properties?.tag, tag != "tag:yaml.org,2002:seq", tag != "!" { noteUnknown(tag, event) }
      return try collection(event, properties?.anchor, depth: depth) { composer, depth throws(Interruption) in
        try composer.sequence(depth: depth)
      }
    case .mappingStart(let properties):
      if let tag = properties?.tag, tag != "tag:yaml.org,2002:map", tag != "!" { noteUnknown(tag, event) }
      return try collection(event, properties?.anchor, depth: depth) { composer, depth throws(Interruption) in
        try composer.mapping(depth: depth)
      }
    case .alias(let name): return try alias(name, event)
    default:
      // libyaml sends nothing else where a node belongs.
      return YAMLNode(.scalar(YAMLScalar("", isPlain: true)), start: event.start, end: event.end)
    }
  }

  private mutating func collection(
    _ event: Event, _ anchor: String?, depth: Int,
    read: (inout Composer, Int) throws(Interruption) -> (YAMLNode.Content, YAMLMark)
  ) throws(Interruption) -> YAMLNode {
    guard depth < limits.depth else {
      try stop(
        .limit, "nested deeper than \(limits.depth) levels", event.start, event.end,
        hint: "Manifests have six or so: take out the brackets that are too much.")
    }
    guard written - writtenBefore < limits.nodes else {
      try stop(.limit, "this document holds more than \(limits.nodes) values", event.start, event.end, hint: "Split it.")
    }
    let before = written + expanded
    if let anchor { anchors[anchor] = .open }
    let (content, end) = try read(&self, depth + 1)
    let node = YAMLNode(content, start: event.start, end: end)
    if let anchor { anchors[anchor] = .closed(node, nodes: written + expanded - before + 1) }
    return node
  }

  private mutating func stopForChildren(_ event: Event) throws(Interruption) -> Never {
    try stop(.limit, "more than \(limits.children) values in one list or mapping", event.start, event.end, hint: "Split it.")
  }

  private mutating func sequence(depth: Int) throws(Interruption) -> (YAMLNode.Content, YAMLMark) {
    var elements: [YAMLNode] = []
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind { return (.sequence(elements), event.end) }
      guard elements.count < limits.children else { try stopForChildren(event) }
      elements.append(try node(event, depth: depth))
    }
  }

  private mutating func mapping(depth: Int) throws(Interruption) -> (YAMLNode.Content, YAMLMark) {
    var entries: [YAMLEntry] = []
    // Most mappings of manifests have a few keys: one allocation instead of three.
    entries.reserveCapacity(6)
    var seen = SeenKeys()
    var merge: YAMLEntry?
    var mergeIndex = 0
    while true {
      let event = try next()
      if case .mappingEnd = event.kind {
        if let merge { entries.insert(contentsOf: merged(merge, under: entries), at: mergeIndex) }
        return (.mapping(entries), event.end)
      }
      guard entries.count < limits.children else { try stopForChildren(event) }
      let keyNode = try node(event, depth: depth)
      let value = try node(try next(), depth: depth)
      guard case .scalar(let scalar) = keyNode.content, !(scalar.isPlain && scalar.text.isEmpty) else {
        note(
          .key, keyNode.scalar == nil ? "a key must be a text" : "a key is missing here", keyNode.start, keyNode.end,
          hint: keyNode.scalar == nil
            ? "Write its name without brackets or braces." : "Write its name before the \":\", or take the line out.")
        continue
      }
      let key = YAMLKey(scalar.text, start: keyNode.start, end: keyNode.end)
      if let first = seen.first(key, in: entries, merge) {
        note(
          .duplicateKey, "duplicate key \(quoted(key.text))", key.start, key.end,
          hint: "It stands in line \(first.line) already: keep one of the two.")
        continue
      }
      if scalar.isPlain, scalar.text == "<<" {
        merge = YAMLEntry(key: key, value: value)
        mergeIndex = entries.count
      } else {
        entries.append(YAMLEntry(key: key, value: value))
      }
    }
  }

  private mutating func alias(_ name: String, _ event: Event) throws(Interruption) -> YAMLNode {
    switch anchors[name] {
    case .closed(var node, let nodes)?:
      expanded += nodes
      guard expanded <= limits.freeExpansion + limits.expansionFactor * written else {
        try stop(
          .limit, "aliases bring more than \(expanded) values here", event.start, event.end,
          hint: "Aliases of aliases multiply; write such a file out, or make it with a tool.")
      }
      node.start = event.start
      node.end = event.end
      return node
    case .open?:
      note(
        .recursiveAlias, "\(quoted("*" + name)) stands within what it names", event.start, event.end,
        hint: "Write the value out here.")
    case nil:
      note(
        .unknownAlias, "no anchor \(quoted("&" + name)) comes before this", event.start, event.end,
        hint: "A plain value cannot begin with \"*\"; put it in quotes if it is a text.")
    }
    isBroken = true
    return YAMLNode(.scalar(YAMLScalar("", isPlain: true)), start: event.start, end: event.end)
  }

  mutating func markBroken() { isBroken = true }

  /// The tags of YAML's core schema say no more than the schema of whoever reads the node; others mean nothing here.
  private mutating func note(_ tag: String, of scalar: inout YAMLScalar, _ event: Event) {
    switch tag {
    case "!", "tag:yaml.org,2002:str": scalar.isPlain = false
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
      scalar.isPlain = true
    default: noteUnknown(tag, event)
    }
  }

  private mutating func noteUnknown(_ tag: String, _ event: Event) {
    note(.tag, "the tag \(quoted(tag)) means nothing here", event.start, event.end, hint: "Leave it out.")
  }

  mutating func note(_ rule: YAMLRule, _ message: String, _ start: YAMLMark, _ end: YAMLMark, hint: String? = nil) {
    // One more than is told, so that the caller sees that there were more.
    guard problems.count <= limits.problems else { return }
    problems.append(YAMLProblem(rule: rule, message: message, start: start, end: end, hint: hint))
  }

  private mutating func stop(
    _ rule: YAMLRule, _ message: String, _ start: YAMLMark, _ end: YAMLMark, hint: String? = nil
  ) throws(Interruption) -> Never {
    note(rule, message, start, end, hint: hint)
    throw .noted(line: start.line)
  }
}

/// Something wrong with a source, before it has an excerpt.
struct YAMLProblem {
  var rule: YAMLRule
  var message: String
  var start: YAMLMark
  var end: YAMLMark
  var hint: String?
}

/// Which keys of a mapping came already. Few are compared one by one; past that an index is cheaper.
private struct SeenKeys {
  private var places: [String: YAMLMark] = [:]

  /// Where that key came first; otherwise remembers it.
  mutating func first(_ key: YAMLKey, in entries: [YAMLEntry], _ merge: YAMLEntry?) -> YAMLMark? {
    if let merge, key.text == "<<" { return merge.key.start }
    if entries.count < 16 { return entries.first { $0.key.text == key.text }?.key.start }
    if places.isEmpty { for entry in entries { places[entry.key.text] = entry.key.start } }
    if let first = places[key.text] { return first }
    places[key.text] = key.start
    return nil
  }
}
