import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension ReadRegistry {
  /// Reads a document of `kind: Registry`; `nil` where it has no name or no `spec` that could be spoken of.
  convenience init?(_ root: YAMLNode, _ reader: inout ValueReader, source: Int) {
    let document = reader.object(root, .registryDocument)
    guard let document, let name = document["metadata"]?["name"]?.string, let nameNode = root["metadata"]?["name"],
      let specNode = root["spec"], let specKey = root.entry("spec")?.key, let spec = document["spec"]?.object
    else { return nil }
    var reading = RegistryReading(spec: spec, node: specNode, reader: reader)
    var declared = DeclaredRegistry(
      name: name, place: reader.findings.place(root.entries?.first?.key.start ?? root.start),
      source: reader.findings.origin ?? reader.findings.source.file,
      issuer: spec["issuer"]?.string, registrationEndpoint: spec["registrationEndpoint"]?.string,
      embedded: spec["embedded"] != nil, profile: spec["profile"]?.string ?? "auto",
      authentication: spec["authentication"]?.string.flatMap(DeclaredRegistry.Authentication.init) ?? .registrationAccessToken,
      initialAccessToken: reading.credential("initialAccessToken"), admin: reading.admin(), tls: reading.tls(),
      http: reading.http(), rewriteRegistrationURI: reading.rewrite(), headers: reading.headers(),
      insecure: spec["insecure"]?.bool ?? false, safety: reading.safety(), encryption: reading.encryption(),
      defaults: spec["defaults"]?.object ?? JSONObject())
    declared.profileFile = (spec["profile"]?["file"]?.string).map(reader.beside)
    declared.keepSecret = spec["keepSecret"]?.string.flatMap(DeclaredRegistry.KeepSecret.init) ?? .always
    if let span = spec["renewBefore"]?.string.flatMap(SpanText.duration) { declared.renewBefore = span }
    declared.destinations = reading.destinations()
    reading.checkEndpoints(specKey, insecure: declared.insecure, failed: reader.failed)
    reader.findings = reading.reader.findings
    let defaultsNode = specNode["defaults"]
    let defaults = declared.defaults.sorted().map { member in
      Default(member: member, place: (defaultsNode?.entry(member.name)?.key).map { reader.findings.place($0.start) })
    }
    self.init(
      declared: declared, source: source, origin: reader.findings.origin, nameNode: nameNode, defaultsNode: defaultsNode,
      destinationNames: Set((specNode["destinations"]?.entries ?? []).map(\.key.text)), defaults: defaults,
      profile: declared.embedded && declared.profile == "auto" ? .hydra : Profile.named(declared.profile),
      missingVariables: reader.missingVariables, notYet: reader.notYet, failed: reader.failed)
  }
}

/// Headers that a registry cannot set.
enum ReservedHeader {
  /// In lower case.
  static let names: Set<String> = [
    "authorization", "content-type", "content-length", "host", "accept", "transfer-encoding", "connection",
  ]
}

/// Turns the typed members of a Registry's `spec` into its values.
private struct RegistryReading {
  let spec: JSONObject
  let node: YAMLNode
  var reader: ValueReader

  mutating func credential(_ names: String...) -> CredentialSource? {
    var value: JSONValue? = .object(spec)
    var node: YAMLNode? = node
    for name in names {
      value = value?[name]
      node = node?[name]
    }
    guard let value, let node else { return nil }
    return credential(value, node)
  }

  private mutating func credential(_ value: JSONValue, _ node: YAMLNode) -> CredentialSource? {
    // None or several have been spoken of.
    let given = (node.entries ?? []).filter { !$0.value.isNull && ObjectSchema.credential[$0.key.text] != nil }
    guard given.count == 1 else { return nil }
    let place = reader.findings.place(node.start)
    if let name = value["env"]?.string { return .environment(name, place: place) }
    if let path = value["file"]?.string { return .file(beside(path), place: place) }
    if let command = value["command"]?.strings {
      if command.isEmpty || command[0].isEmpty {
        reader.findings.add(
          .invalidValue, "\"command\" takes a program and its arguments", at: given[0].value,
          hint: "Write it like [vault, read, -field=token, secret/registration].")
        return nil
      }
      return .command(command, place: place)
    }
    return nil
  }

  private func beside(_ path: String) -> String { reader.beside(path) }

  mutating func admin() -> DeclaredRegistry.Admin? {
    guard let admin = spec["admin"], let endpoint = admin["endpoint"]?.string else { return nil }
    return DeclaredRegistry.Admin(
      endpoint: endpoint, token: credential("admin", "token"), readToken: credential("admin", "readToken"),
      manage: admin["manage"]?.string.flatMap(DeclaredRegistry.Admin.Manage.init) ?? .tokenless)
  }

  mutating func tls() -> DeclaredRegistry.TLS {
    func path(_ name: String) -> String? { spec["tls"]?[name]?.string.map(beside) }
    let tls = DeclaredRegistry.TLS(
      caFile: path("caFile"), certificateFile: path("certificateFile"), keyFile: path("keyFile"))
    if (tls.certificateFile == nil) != (tls.keyFile == nil), let node = node["tls"],
      reader.failed.isDisjoint(with: ["certificateFile", "keyFile"])
    {
      reader.findings.add(
        .missingKey, "certificateFile and keyFile go together", at: node,
        hint: "Write \(tls.keyFile == nil ? "keyFile" : "certificateFile"): too; it takes the path of a PEM file.")
    }
    return tls
  }

  func http() -> DeclaredRegistry.HTTP {
    var http = DeclaredRegistry.HTTP()
    guard let values = spec["http"] else { return http }
    if let timeout = values["timeout"]?.string.flatMap(SpanText.duration) { http.timeout = timeout }
    if let timeout = values["connectTimeout"]?.string.flatMap(SpanText.duration) { http.connectTimeout = timeout }
    if let count = values["maxConcurrency"]?.integer { http.maxConcurrency = count }
    http.requestsPerSecond = values["requestsPerSecond"]?.number?.double
    if let count = values["maxRetries"]?.integer { http.maxRetries = count }
    if let count = values["maxResponseBytes"]?.integer { http.maxResponseBytes = count }
    http.proxy = values["proxy"]?.string
    http.unixSocket = values["unixSocket"]?.string.map(beside)
    return http
  }

  func rewrite() -> DeclaredRegistry.URIRewrite? {
    guard let rule = spec["rewriteRegistrationURI"], let from = rule["from"]?.string, let to = rule["to"]?.string else {
      return nil
    }
    return DeclaredRegistry.URIRewrite(from: from, to: to)
  }

  mutating func headers() -> [DeclaredRegistry.Header] {
    (spec["headers"]?.object ?? JSONObject()).compactMap { member in
      guard let entry = node["headers"]?.entry(member.name) else { return nil }
      guard isToken(member.name) else {
        reader.findings.add(
          .invalidName, "\(quoted(member.name)) cannot name a header", at: entry.key,
          hint: "Header names are letters, digits and \"-\", like X-Team (RFC 9110, section 5.6.2).")
        return nil
      }
      if ReservedHeader.names.contains(member.name.lowercased()) {
        reader.findings.add(
          .reservedName, "the header \(member.name) is clientsync's own to send", at: entry.key,
          hint: member.name.lowercased() == "authorization"
            ? "Take it out; a token for registration belongs under initialAccessToken." : "Take it out.")
        return nil
      }
      if let text = member.value.string {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
          reader.findings.add(
            .invalidValue, "a header's value is one line", at: entry.value,
            hint: "Take the line breaks and control characters out.")
          return nil
        }
        return DeclaredRegistry.Header(name: member.name, value: .text(text))
      }
      return credential(member.value, entry.value).map { DeclaredRegistry.Header(name: member.name, value: .credential($0)) }
    }
  }

  /// RFC 9110, section 5.6.2.
  private func isToken(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }

  func destinations() -> [String: Destination] {
    var destinations: [String: Destination] = [:]
    for member in spec["destinations"]?.object ?? JSONObject() {
      guard let node = node["destinations"]?[member.name] else { continue }
      let name = member.name
      if let command = member.value["command"], let argv = command["argv"]?.strings, let place = node["command"]?["argv"] {
        destinations[name] = Destination(
          name: name, kind: .command(argv), format: format(of: command), place: reader.findings.place(place.start))
      } else if let file = member.value["file"], let root = file["root"]?.string, let place = node["file"]?["root"] {
        destinations[name] = Destination(
          name: name, kind: .file(root: beside(root), recipients: file["seal"]?["age"]?.strings ?? []),
          format: format(of: file),
          place: reader.findings.place(place.start))
      }
    }
    return destinations
  }

  private func format(of value: JSONValue) -> Destination.Format {
    value["format"]?.string.flatMap(Destination.Format.init) ?? .json
  }

  func safety() -> DeclaredRegistry.Safety {
    let safety = spec["safety"]
    let percent = safety?["maxDeletePercent"]?.integer
    return DeclaredRegistry.Safety(
      maxCreates: safety?["maxCreates"]?.integer, maxDeletes: safety?["maxDeletes"]?.integer, maxDeletePercent: percent ?? 30,
      isMaxDeletePercentGiven: percent != nil)
  }

  mutating func encryption() -> DeclaredRegistry.Encryption? {
    if spec["encryption"]?.string == "none" { return .some(.none) }
    guard let recipients = spec["encryption"]?["age"]?.strings else { return nil }
    return .age(recipients)
  }

  /// One way to the provider, and no credential in clear over a network.
  mutating func checkEndpoints(_ specKey: YAMLKey, insecure: Bool, failed: Set<String>) {
    let ways = ["issuer", "registrationEndpoint", "embedded"].compactMap { node.entry($0) }.filter { !$0.value.isNull }
    if ways.isEmpty, failed.isDisjoint(with: ["issuer", "registrationEndpoint", "embedded"]) {
      reader.findings.add(
        .missingKey, "a Registry needs issuer, registrationEndpoint or embedded", at: specKey,
        hint: "Write issuer: https://auth.example.com/ below it, or embedded: {} for the provider that ships inside clientsync."
      )
    }
    if ways.count > 1, let embedded = node.entry("embedded"), !embedded.value.isNull {
      reader.findings.add(
        .conflictingKeys, "an embedded provider has its own issuer and endpoints", at: embedded.key,
        hint: "Take out embedded, or issuer and registrationEndpoint.")
    }
    if let issuer = spec["issuer"]?.string, let node = node["issuer"], issuer.contains("?") {
      reader.findings.add(
        .invalidURL, "an issuer has no query (OpenID Connect Discovery 1.0, section 3)", at: node,
        hint: "Leave out what is behind the \"?\".")
    }
    guard !insecure else { return }
    for path in [
      ["issuer"], ["registrationEndpoint"], ["admin", "endpoint"], ["rewriteRegistrationURI", "from"],
      ["rewriteRegistrationURI", "to"],
    ] {
      let value = path.reduce(JSONValue.object(spec)) { $0[$1] ?? .null }
      guard let text = value.string, let url = try? HTTPURL(text), !url.isSecure, !url.isLoopback else { continue }
      guard path != ["rewriteRegistrationURI", "from"], let node = path.reduce(Optional(node), { $0?[$1] }) else { continue }
      reader.findings.add(
        .insecureURL, "\(quoted(text)) would carry credentials in clear", at: node,
        hint: "Use https:, or say insecure: true in spec where the network can be trusted.")
    }
  }
}
