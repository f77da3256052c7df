import Manifests
import Testing

struct ExplanationTests {
  @Test(arguments: [
    ("Client.spec.client.redirect_uris", "Client", "spec.client.redirect_uris"),
    ("client.spec.client.redirect_uris", "Client", "spec.client.redirect_uris"),
    ("redirect_uris", "Client", "spec.client.redirect_uris"), ("client.scope", "Client", "spec.client.scope"),
    ("client", "Client", ""), ("registry", "Registry", ""), ("spec.http.timeout", "Registry", "spec.http.timeout"),
    ("Registry.spec.headers.X-Team", "Registry", "spec.headers"), ("maxDeletes", "Registry", "spec.safety.maxDeletes"),
    ("Registry.spec.defaults.scope", "Registry", "spec.defaults.scope"), ("clientsync.yaml", "clientsync.yaml", ""),
    ("clientsync.yaml.rules", "clientsync.yaml", "rules"), ("Client.spec.client.x_tier", "Client", "spec.client.x_tier"),
  ])
  func `a member is found by its path, or by the end of it`(_ text: String, _ kind: String, _ path: String) throws {
    let found = try Explanation.find(text)
    #expect(found.kind == kind)
    #expect(found.path == path)
  }

  @Test(arguments: [
    ("redirect_uri", "Did you mean redirect_uris?"), ("Client.spec.cleint", "Did you mean client?"),
    ("metadata.name", "could be Registry.metadata.name, Client.metadata.name"), ("Client.spec.deletion.x", "has no members"),
    ("", "nothing is called"),
  ])
  func `what is not found is told with what is near`(_ text: String, _ words: String) {
    #expect { try Explanation.find(text) } throws: { ($0 as? Explanation.Mistake)?.message.contains(words) == true }
  }

  @Test func `every member of client metadata says what each profile makes of it`() {
    let members = Explanation.every.filter { $0.path.hasPrefix("spec.client.") }
    #expect(members.count == ObjectSchema.clientMetadata.fields.count)
    for member in members { #expect(member.treatments.count >= 3, "\(member.path)") }
    let consent = members.first { $0.path.hasSuffix(".skip_consent") }
    #expect(
      consent?.treatments.first { $0.profile == "hydra" }?.words == "true is refused on registration; the admin API takes it")
  }
}
