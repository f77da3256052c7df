import CommandLineParsing
import Manifests
import OpenIDJSON
import OpenIDRegistration

/// Client metadata from a JSON file, from standard input, and from `--set NAME=VALUE`, which win.
enum MetadataInput {
  /// What only a provider writes. A set must not send it back (RFC 7592, section 2.2), and a token has no place in a body; left out,
  /// what `oidc get` printed can be changed and sent.
  private static let serverOwned: Set<String> = [
    "registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at",
  ]

  static func read(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ClientMetadata {
    var members: JSONObject = [:]
    if let path = command.argument("FILE") { members = try object(at: path, context) }
    for (name, texts) in grouped(command.pairs("set")) {
      guard !["client_secret", "registration_access_token"].contains(name) else {
        throw CommandFailure(
          .usage,
          "--set \(name): a credential does not belong on a command line; put it into the JSON of a file or of standard input."
        )
      }
      members[name] = try value(of: name, texts)
    }
    guard command.argument("FILE") != nil || !members.isEmpty else {
      throw CommandFailure(.usage, "there is no metadata: name a JSON file, - for standard input, or --set NAME=VALUE.")
    }
    return ClientMetadata(members.filter { !serverOwned.contains($0.name) })
  }

  /// The JSON object of a file, or of standard input for `-`.
  static func object(at path: String, _ context: Context) throws(CommandFailure) -> JSONObject {
    let shown = path == "-" ? "standard input" : path
    let bytes = path == "-" ? try InputFile.standardInput(context, for: shown) : try InputFile.read(path)
    let value: JSONValue
    do throws(JSONParsingError) { value = try JSONValue(parsing: bytes) } catch {
      throw CommandFailure(.failed, "\(shown):\(error.line):\(error.column): \(error.words).")
    }
    guard let object = value.object else {
      throw CommandFailure(.failed, "\(shown): a JSON object is wanted, and this is \(value.kind).")
    }
    return object
  }

  /// The values by name, in the order in which the names came first.
  private static func grouped(_ pairs: [(key: String, value: String)]) -> [(String, [String])] {
    var order: [String] = []
    var values: [String: [String]] = [:]
    for (name, value) in pairs {
      if values[name] == nil { order.append(name) }
      values[name, default: []].append(value)
    }
    return order.map { ($0, values[$0] ?? []) }
  }

  /// What the texts say for a member of that name: its type is the table's, as in a manifest, so that `client_name=no` is a text. A
  /// list is JSON, or the option given once for each element. A member that no table knows is JSON where it reads as such.
  private static func value(of name: String, _ texts: [String]) throws(CommandFailure) -> JSONValue {
    let last = texts.last ?? ""
    let parsed = try? JSONValue(parsing: last)
    if last == "null" { return .null }
    let field = ObjectSchema.clientMetadata.field(name)
    if field == nil, let known = likelyName(for: name) {
      throw CommandFailure(
        .usage,
        "--set \(name): no member of that name is known; did you mean \(known)? One of a provider's own goes into the JSON of a file or of standard input."
      )
    }
    switch field?.type {
    case .string?: return .string(last)
    case .list?:
      if texts.count == 1, case .array? = parsed { return parsed ?? .null }
      guard !texts.contains(where: { $0.hasPrefix("[") }) else {
        throw CommandFailure(
          .usage,
          "--set \(name) takes a list as JSON, once, such as '\(name)=[\"a\",\"b\"]', or the option once for each element.")
      }
      return .array(texts.map(JSONValue.string))
    case .boolean?: return try require(parsed, name, "true or false") { $0.bool != nil }
    case .integer?, .number?: return try require(parsed, name, "a number") { $0.number != nil }
    case .object?, .map?, .jsonObject?: return try require(parsed, name, "a JSON object") { $0.object != nil }
    case .json?, .either?, nil: return parsed ?? .string(last)
    }
  }

  /// The member that was meant by a name that is none. A language behind it is no mistake (RFC 7591, section 2.2).
  private static func likelyName(for name: String) -> String? {
    let bare = String(name.prefix { $0 != "#" })
    let known = ObjectSchema.clientMetadata.names
    return known.contains(bare) ? nil : nearest(to: bare, among: known)
  }

  private static func require(
    _ value: JSONValue?, _ name: String, _ wanted: String, _ fits: (JSONValue) -> Bool
  ) throws(CommandFailure) -> JSONValue {
    guard let value, fits(value) else { throw CommandFailure(.usage, "--set \(name) takes \(wanted).") }
    return value
  }
}
