import OpenIDCryptography
import OpenIDJSON
import State

/// A state as it may be shown: what is sealed stands as a mark that changes when the value is sealed anew, and tells nothing.
enum StateView {
  /// The whole document, sealed values marked.
  static func object(_ state: RegistryState, isClear: Bool) -> JSONObject {
    var object = state.json
    let clients = (object["clients"]?.object ?? [:]).map { member in
      JSONMember(name: member.name, value: .object(client(member.value.object ?? [:], isClear: isClear)))
    }
    object["clients"] = .object(JSONObject(clients))
    return object
  }

  static func client(_ entry: JSONObject, isClear: Bool) -> JSONObject {
    var entry = entry
    guard let sealed = entry["sealed"]?.object else { return entry }
    entry["sealed"] = .object(
      JSONObject(
        sealed.map { JSONMember(name: $0.name, value: .string(mark($0.value.string ?? "", isClear: isClear))) }))
    return entry
  }

  private static func mark(_ text: String, isClear: Bool) -> String {
    if isClear { return "(in clear)" }
    return "(sealed \(Hex.encode(Array(SHA2.sha256(Array(text.utf8)).prefix(4)))))"
  }

  /// Lines of `path  value`, so that a diff names what changed.
  static func text(_ object: JSONObject) -> String {
    var lines: [String] = []
    for member in object where member.name != "clients" { add(member, to: &lines, indent: "") }
    for member in object["clients"]?.object ?? [:] {
      lines += ["", member.name]
      for inner in member.value.object ?? [:] { add(inner, to: &lines, indent: "    ") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func clientText(_ entry: JSONObject) -> String {
    var lines: [String] = []
    for member in entry { add(member, to: &lines, indent: "") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func add(_ member: JSONMember, to lines: inout [String], indent: String) {
    if let object = member.value.object, !object.isEmpty {
      for inner in object {
        add(JSONMember(name: "\(member.name).\(inner.name)", value: inner.value), to: &lines, indent: indent)
      }
    } else {
      let text = member.value.string.map { isPlain($0) ? $0 : member.value.text() } ?? member.value.text()
      lines.append("\(indent)\(member.name)  \(text)")
    }
  }

  /// Whether a text can stand without quotes: nothing in it that a terminal would act on.
  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f && !(0x80...0x9f).contains($0.value) }
  }
}
