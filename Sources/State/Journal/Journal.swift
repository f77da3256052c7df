import OpenIDCryptography
import OpenIDJSON
import Sealing

/// The write-ahead journal: a header, then records, a line each with a checksum, so that a torn last line is told from a
/// damaged earlier one.
struct Journal: Sendable {
  /// What a first run's credentials can be opened with, though no state was written yet.
  struct Header: Sendable, Hashable {
    var lineage: String
    /// The serial of the state that the records go on from; 0 where there was none.
    var serial: Int
    var registry: String
    var binding: Binding
    /// The wrapped data key, by recipient.
    var envelopes: [(recipient: String, armoured: String)]

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
      guard let record = Journal.record(in: line) else {
        if index == lines.count - 1 {
          isTorn = true
          break
        }
        throw StateError(
          .damagedJournal,
          "\(here): the line is damaged, and lines follow it. Nothing was changed. Keep the file: it may hold the only copy of a token."
        )
      }
      if header == nil { header = try Header(record, at: here) } else { records.append(try JournalRecord(record, at: here)) }
    }
    guard let header else { return nil }
    self.header = header
  }

  static func line(_ record: JSONObject) -> [UInt8] {
    let text = record.text()
    let object: JSONObject = ["sum": .string(sum(text)), "record": .object(record)]
    return Array(object.text().utf8) + [0x0a]
  }

  private static func record(in line: ArraySlice<UInt8>) -> JSONObject? {
    guard let value = try? JSONValue(parsing: line), let record = value["record"]?.object,
      value["sum"]?.string == sum(record.text())
    else { return nil }
    return record
  }

  private static func sum(_ text: String) -> String { Hex.encode(Array(SHA2.sha256(Array(text.utf8)).prefix(8))) }
}

extension Journal.Header {
  var json: JSONObject {
    [
      "journal": 1, "lineage": .string(lineage), "serial": .number(JSONNumber(serial)), "registry": .string(registry),
      "binding": .object(binding.json),
      "age": .array(envelopes.map { ["recipient": .string($0.recipient), "enc": .string($0.armoured)] }),
    ]
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
    binding = try Binding(reader.object("binding"), at: place)
    envelopes = (object["age"]?.array ?? []).compactMap { entry in
      guard let recipient = entry["recipient"]?.string, let armoured = entry["enc"]?.string else { return nil }
      return (recipient, armoured)
    }
  }
}
