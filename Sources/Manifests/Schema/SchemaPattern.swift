import OpenIDJSON

/// The forms of strings as regular expressions (ECMA-262, as JSON Schema has them); the decoder and the lint rules decide alike.
enum SchemaPattern {
  /// What behind a `$` can only be meant for a variable and is none (``ValueReader/slips``).
  private static let slip = #"\{env:|[({]?CLIENTSYNC_VAR_"#
  private static let plain = #"(?:[^$]|\$(?!\(env:|\#(slip)))"#
  private static let reference = #"\$\(env:CLIENTSYNC_VAR_[A-Za-z0-9_]*(?::-(?:[^)$]|\$(?!\#(slip)))*)?\)"#

  /// A text in which every `$(env:` is one that can be read.
  static let text = #"^(?:\#(plain)|\#(reference))*$"#

  /// Such a text that holds a variable: what it becomes is not known here.
  static let variable = #"^\#(plain)*\#(reference)(?:\#(plain)|\#(reference))*$"#

  /// What a name in a mapping of the user's own must look like.
  static func name(_ form: StringForm) -> JSONValue {
    switch form {
    case .any: ["not": ["const": "sealed"]]
    default: ["pattern": .string(pattern(form))]
    }
  }

  /// What else than a string has a text of that form: `name: 5`.
  static func scalar(_ form: StringForm) -> JSONValue? {
    switch form {
    case .clientName: ["type": ["number", "boolean"], "minimum": 0]
    case .registryName: ["type": ["integer", "boolean"], "minimum": 0]
    case .environmentVariable: ["type": "boolean"]
    case .path, .pathBelow, .deliveryRoot, .scope, .headerValue: ["type": ["number", "boolean"]]
    case .goDuration: ["const": 0]
    default: nil
    }
  }

  static func pattern(_ form: StringForm) -> String {
    switch form {
    case .any, .usual: #"^[\s\S]*$"#
    case .choice(let words, let notYet): "^(?:\((words + notYet).joined(separator: "|")))$"
    case .clientName: #"^(?!sealed$)[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$"#
    case .registryName: #"^(?!sealed$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"#
    case .endpoint: "^\(web)(?:[/?]\(uri("#"))*)?$"
    case .duration: #"^(?=.*[1-9])"# + ["d", "h", "m", "s", "ms"].map { #"(?:[0-9]+(?:\.[0-9]+)?\#($0))?"# }.joined() + "$"
    case .path: #"^[^\u0000]+$"#
    case .deliveryRoot: #"^(?!(?:.*/)?\.[gG][iI][tT](?:/|$))[^\u0000]+$"#
    case .pathBelow:
      #"^(?!(?:.*/)?\.\.?(?:/|$))(?!(?:.*/)?\.[gG][iI][tT](?:/|$))[^/\\\u0000-\u001f\u007f-\u009f]+(?:/[^/\\\u0000-\u001f\u007f-\u009f]+)*$"#
    case .environmentVariable: "^[A-Za-z_][A-Za-z0-9_]*$"
    case .manifestVariable: "^CLIENTSYNC_VAR_[A-Za-z0-9_]*$"
    case .ageRecipient: "^age1[a-z0-9]{17,}$"
    case .memberName: memberName
    case .lintRule: "^(?:\(Rule.adjustableNames.joined(separator: "|")))$"
    case .headerName: headerName
    case .headerValue: #"^[^\u0000-\u0008\u000a-\u001f\u007f]*$"#
    case .redirectURI:
      "^(?!(?:\(anyCase(Self.runningSchemes))):)(?![hH][tT][tT][pP][sS]?:(?!//[^/?#]))[A-Za-z][A-Za-z0-9+.-]*:\(uri("#*"))+$"
    case .webURL: "^(?:|\(web)(?:[/?#]\(uri(""))*)?)$"
    case .securedURL: "^(?:|[hH][tT][tT][pP][sS]://\(authority)(?:[/?#]\(uri(""))*)?)$"
    case .origin: "^\(web)/*$"
    case .scope: #"^(?:|[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)$"#
    case .goDuration: "^[-+]?(?:0|(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:ns|us|\u{b5}s|\u{3bc}s|ms|s|m|h))+)$"
    }
  }

  static let runningSchemes = ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"]

  private static let web = "[hH][tT][tT][pP][sS]?://" + authority
  /// A host that is there, and a port of five digits at most; no user name.
  private static let authority = #"(?:\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]|"# + uri("#/?@:[") + #"+)(?::[0-9]{0,5})?"#

  /// A character that a URI may have, without some more.
  private static func uri(_ others: String) -> String {
    #"[^\u0000-\u0020\u007f"<>\\^`{|}"# + others.replacing("[", with: #"\["#) + "]"
  }

  private static func anyCase(_ words: [String]) -> String {
    words.map { word in word.map { $0.isLetter ? "[\($0)\($0.uppercased())]" : String($0) }.joined() }.joined(separator: "|")
  }

  private static let memberName: String = {
    let known = ObjectSchema.clientMetadata.names.joined(separator: "|")
    let tagged = Field.taggableNames.joined(separator: "|")
    return "^(?:\(known)|(?:\(tagged))#[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?|x_[^#]+|[^#]*[.:][^#]*)$"
  }()

  /// A token (RFC 9110, section 5.6.2) that is none of those that clientsync sends itself.
  private static let headerName: String = {
    let own = ReservedHeader.names.sorted()
    return "^(?!(?:sealed|\(anyCase(own)))$)[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
  }()
}
