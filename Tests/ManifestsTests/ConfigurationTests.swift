import Diagnostics
import Foundation
import Manifests
import Testing

struct ConfigurationTests {
  private func configuration(_ text: String, file: String = "clientsync.yaml") -> Configuration {
    Configuration(decoding: Array(text.utf8), file: file, environment: ["CLIENTSYNC_VAR_TEAM": "a"])
  }

  @Test func `paths count from the file's own folder`() {
    let read = configuration(
      "filename: [clients, /abs, '-']\nstate: $(env:CLIENTSYNC_VAR_TEAM)/state\n", file: "teams/clientsync.yaml")
    #expect(read.diagnostics == [])
    #expect(read.filenames == ["teams/clients", "/abs", "-"])
    #expect(read.state == "teams/a/state")
    #expect(configuration("state: git:origin#state\n", file: "teams/clientsync.yaml").state == "git:origin#state")
  }

  @Test(arguments: ["", "# nothing yet\n", "---\n", "{}\n"])
  func `an empty file says nothing`(_ text: String) {
    #expect(configuration(text).diagnostics == [])
  }

  @Test(arguments: [
    ("rules: { redirect-uri-htp: off }", "unknown-value", "redirect-uri-http"),
    ("rules: { private-key: off }", "unknown-value", "cannot be turned down"),
    ("rules: { unknown-key: off }", "unknown-value", "cannot be turned down"),
    ("rules: { lifespan: quiet }", "unknown-value", "It can be error, warning, off."),
    ("rule: {}", "unknown-key", "rules"), ("filename: { a: b }", "wrong-type", "filename"),
    ("policies: [x]", "not-supported-yet", "policies"), ("state: a\n---\nstate: b", "too-much", "one document"),
    ("state: [a", "yaml-syntax", "closed"), ("state: $(env:HOME)", "variable-name", "HOME"),
    ("state: $(env:CLIENTSYNC_VAR_NONE)", "missing-variable", "NONE"),
  ])
  func `mistakes are told at their places`(_ text: String, _ rule: String, _ words: String) {
    let found = configuration(text).diagnostics
    #expect(found.map(\.rule) == [rule])
    #expect(found.first?.text().contains(words) == true, "\(found.first?.text() ?? "")")
    #expect(found.first?.place?.file == "clientsync.yaml")
  }

  @Test func `the file among the manifests is read, and is no manifest`() throws {
    let folder = try TemporaryFolder()
    try folder.write("registry.yaml", registryText)
    let file = try folder.write("clientsync.yaml", "rules: { redirect-uri-http: off }\n")
    let read = ConfigurationLoader.load(named: nil, besides: [folder.path], environment: [:])
    #expect(read.file == file)
    let set = ManifestDecoder.decode(ManifestLoader.load([folder.path]), environment: [:], configuration: read)
    #expect(set.diagnostics == [])
    #expect(set.files == 1)
  }

  @Test func `a second file further down is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.write("registry.yaml", registryText)
    try folder.write("team/clientsync.yaml", "rules: {}\n")
    let read = ConfigurationLoader.load(named: nil, besides: [folder.path], environment: [:])
    #expect(read.file == nil)
    let set = ManifestDecoder.decode(ManifestLoader.load([folder.path]), environment: [:], configuration: read)
    #expect(set.diagnostics.map(\.rule) == ["other-document"])
  }

  @Test func `the file cannot be a link out of the folder, nor name manifests from among them`() throws {
    let outside = try TemporaryFolder()
    let secret = try outside.write("secret.yaml", "token: hush\n")
    let folder = try TemporaryFolder()
    try folder.link("clientsync.yaml", to: secret)
    let read = ConfigurationLoader.load(named: nil, besides: [folder.path], environment: [:])
    #expect(read.diagnostics.map(\.rule) == ["outside-folder"])
    #expect(!read.diagnostics.map { $0.text() }.joined().contains("hush"))
    let other = try TemporaryFolder()
    try other.write("clientsync.yaml", "filename: elsewhere\n")
    #expect(
      ConfigurationLoader.load(named: nil, besides: [other.path], environment: [:]).diagnostics.map(\.rule) == [
        "conflicting-keys"
      ])
  }

  @Test func `a file that is named and not there, or no file, is an error`() throws {
    let folder = try TemporaryFolder()
    #expect(
      ConfigurationLoader.load(named: folder.path + "/x.yaml", besides: [], environment: [:]).diagnostics.map(\.rule) == [
        "missing"
      ])
    #expect(!ConfigurationLoader.load(named: folder.path, besides: [], environment: [:]).diagnostics.isEmpty)
    try folder.link("clientsync.yaml", to: "nowhere")
    #expect(
      ConfigurationLoader.load(named: nil, besides: [folder.path], environment: [:]).diagnostics.map(\.rule) == ["missing"])
  }

  // MARK: Letting findings pass

  private func decode(_ client: String, rules: [String: RuleSettings.Setting] = [:]) -> ManifestSet {
    var configuration = Configuration()
    configuration.rules = RuleSettings(rules)
    return ManifestDecoder.decode(
      LoadedManifests(sources: [
        ManifestSource(file: "a.yaml", text: clientText(client)), ManifestSource(file: "b.yaml", text: registryText),
      ]), environment: [:], configuration: configuration)
  }

  private let clear = "redirect_uris: [http://a.example.com/cb]"

  @Test func `a rule is turned off, down or up, and what it found is kept`() {
    #expect(decode(clear).diagnostics.map(\.severity) == [.warning])
    let off = decode(clear, rules: ["redirect-uri-http": .off])
    #expect(off.diagnostics == [])
    #expect(off.allowed.map(\.diagnostic.rule) == ["redirect-uri-http"])
    #expect(off.allowed.map(\.reason) == [.configuration])
    #expect(decode(clear, rules: ["redirect-uri-http": .error]).failure == .invalid)
    #expect(decode("grant_types: [authorization_code]", rules: ["redirect-uris-required": .warning]).failure == nil)
  }

  @Test(arguments: [
    "redirect_uris: [http://a.example.com/cb]  # clientsync: allow redirect-uri-http",
    "# clientsync: allow redirect-uri-http\nredirect_uris: [http://a.example.com/cb]",
    "# clientsync: allow redirect-uri-http -- because, you know, implicit-grant\n# more\n\nredirect_uris: [http://a.example.com/cb]",
    "redirect_uris:\n  - https://b.example.com/\n  # clientsync: allow redirect-uri-http\n  - http://a.example.com/cb",
    "redirect_uris: [http://a.example.com/cb] # the kiosk # clientsync: allow redirect-uri-http",
  ])
  func `a comment lets a rule pass at its line`(_ text: String) {
    let set = decode(text)
    #expect(set.diagnostics.map { $0.text() } == [])
    #expect(set.allowed.map(\.diagnostic.rule) == ["redirect-uri-http"])
  }

  @Test(arguments: [
    ("redirect_uris: [https://a.example.com/cb] # clientsync: allow redirect-uri-http", "has nothing to say about line 6"),
    ("redirect_uris: [https://a.example.com/cb] # clientsync: allow", "names no rule"),
    ("redirect_uris: [https://a.example.com/cb] # clientsync: allow redirect-uri-htp", "did you mean \"redirect-uri-http\"?"),
    ("redirect_uris: [https://a.example.com/cb] # clientsync: allow private-key", "is no rule that a comment can turn off"),
  ])
  func `a comment that allows nothing is a warning at its place`(_ text: String, _ words: String) {
    let set = decode(text)
    #expect(set.diagnostics.map(\.rule) == ["useless-allow"])
    #expect(set.diagnostics.first?.severity == .warning)
    #expect(set.diagnostics.first?.text().contains(words) == true, "\(set.diagnostics.first?.text() ?? "")")
    #expect(set.diagnostics.first?.place?.line == 6)
    #expect(set.diagnostics.first?.place?.column == 47)
  }

  @Test(arguments: [
    "client_name: 'a # clientsync: allow redirect-uri-http'", "client_name: |\n  # clientsync: allow redirect-uri-http\n  b",
    "client_name: a#clientsync: allow redirect-uri-http",
  ])
  func `a text is no comment`(_ text: String) {
    let set = decode(clear + "\n" + text)
    #expect(set.diagnostics.map(\.rule).filter { $0 != "yaml-syntax" }.contains("useless-allow") == false)
    #expect(set.allowed == [])
  }

  @Test func `a private key is told whatever anybody allows`() {
    let set = decode(
      "# clientsync: allow private-key\njwks: { keys: [{ kty: EC, d: AAAA }] }\nredirect_uris: [https://a.example.com/cb]",
      rules: ["private-key": .off])
    #expect(set.diagnostics.contains { $0.rule == "private-key" && $0.severity == .error })
    #expect(set.failure == .invalid)
  }
}
