import OpenIDCryptography
import OpenIDJSON
import Sealing

/// The write-ahead journal: a header, then records, a line each with a checksum, so that a torn last line is told from a
/// damaged earlier one, and with a MAC, so that nobody adds a line who does not hold the data key.
struct Journal: Sendable {
  /// What a first run's credentials can be opened with, though no state was written yet.
  struct Header: Sendable, Hashable {
    var lineage: String
    /// The serial of the state that the records go on from; 0 where there was none.
    var serial: Int
    var registry: String
    /// The id of the run that wrote it.
    var run: String?
    var binding: Binding
    /// The wrapped data key, by recipient.
    var envelopes: [(recipient: String, armoured: String)]
    /// Whether credentials stand in it in clear.
    var isClear = false

    static func == (a: Header, b: Header) -> Bool { a.lineage == b.lineage && a.serial == b.serial }
    func hash(into hasher: inout Hasher) {
      hasher.combine(lineage)
      hasher.combine(serial)
    }
  }

  var header: Header
  var records: [JournalRecord]
  /// Whether the last line was torn, as a kill leaves it.
  var isTorn: Bool
  /// Each line's record as it is written, and its MAC.
  private var lines: [(text: String, mac: String?)] = []

  /// - Returns: `nil` where the journal is empty, or was torn within its header: no call can have been sent yet.
  init?(parsing bytes: [UInt8], at place: String) throws(StateError) {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    // What follows the last newline is a torn line, or nothing.
    let tail = lines.popLast() ?? []
    isTorn = !tail.isEmpty
    records = []
    var header: Header?
    for (index, line) in lines.enumerated() {
      let here = "\(place):\(index + 1)"
      guard let (record, mac) = Journal.record(in: line) else {
        if index == lines.count - 1 {
          isTorn = true
          break
        }
        throw StateError(
          .damagedJournal,
          "\(here): the line is damaged, and lines follow it. Nothing was changed. Keep the file: it may hold the only copy of a token."
        )
      }
      self.lines.append((record.text(), mac))
      if header == nil { header = try Header(record, at: here) } else { records.append(try JournalRecord(record, at: here)) }
    }
    guard let header else { return nil }
    self.header = header
  }

  /// Checks that who wrote the lines held the data key, and that none was taken out or moved.
  func verify(with key: [UInt8], at place: String) throws(StateError) {
    var chain = Chain(key: key)
    for (index, line) in lines.enumerated() where chain.mac(of: line.text) != line.mac {
      throw StateError(
        .damagedJournal,
        "\(place):\(index + 1): the line was not written by a run that holds the state's data key. Where that key was rotated since (sops rotate), put the state back as it was before, apply, and rotate then. If not, find out who put the file there. Nothing was changed."
      )
    }
  }

  /// Whether those are the bytes of a journal with credentials in clear.
  static func standsInClear(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.split(separator: 0x0a, maxSplits: 1).first, let header = record(in: first)?.0 else { return false }
    return header["journal"] != nil && header[StateEncryption.member] == "none"
  }

  private static func record(in line: ArraySlice<UInt8>) -> (JSONObject, mac: String?)? {
    guard let value = try? JSONValue(parsing: line), let record = value["record"]?.object,
      value["sum"]?.string == sum(record.text())
    else { return nil }
    return (record, value["mac"]?.string)
  }

  /// The MACs of lines one after the other: each covers all before it.
  struct Chain: Sendable {
    private let key: HMACKey?
    private var last: [UInt8] = []

    /// - Parameter key: `nil` where there is none, and no line has a MAC.
    init(key: [UInt8]?) { self.key = key.map(HMACKey.init) }

    mutating func mac(of text: String) -> String? {
      guard let key else { return nil }
      last = key.sha256(last + Array(text.utf8))
      return Hex.encode(Array(last.prefix(16)))
    }

    mutating func line(_ record: JSONObject) -> [UInt8] {
      let text = record.text()
      var object: JSONObject = ["sum": .string(Journal.sum(text))]
      object["mac"] = mac(of: text).map(JSONValue.string)
      object["record"] = .object(record)
      return Array(object.text().utf8) + [0x0a]
    }
  }

  private static func sum(_ text: String) -> String { Hex.encode(Array(SHA2.sha256(Array(text.utf8)).prefix(8))) }
}

extension Journal.Header {
  var json: JSONObject {
    var object: JSONObject = [
      "journal": 1, "lineage": .string(lineage), "serial": .number(JSONNumber(serial)), "registry": .string(registry),
    ]
    object["run"] = run.map(JSONValue.string)
    object["binding"] = .object(binding.json)
    object["age"] = .array(envelopes.map { ["recipient": .string($0.recipient), "enc": .string($0.armoured)] })
    if isClear { object[StateEncryption.member] = "none" }
    return object
  }

  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: place)
    let version = try reader.integer("journal")
    guard version <= 1 else {
      throw StateError(.fromTheFuture, "\(place): a newer clientsync wrote this journal. Use that version or a later one.")
    }
    lineage = try reader.text("lineage")
    serial = try reader.integer("serial")
    registry = try reader.text("registry")
    run = try reader.optionalText("run")
    binding = try Binding(reader.object("binding"), at: place)
    isClear = object[StateEncryption.member] == "none"
    envelopes = (object["age"]?.array ?? []).compactMap { entry in
      guard let recipient = entry["recipient"]?.string, let armoured = entry["enc"]?.string else { return nil }
      return (recipient, armoured)
    }
  }
}
