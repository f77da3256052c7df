import Foundation
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// Recorded conversations with a real Hydra, replayed against this provider by the program that stands beside them.
@Suite struct ConformanceTests {
  /// Conversations that share their settings, and so a provider.
  struct Group: Sendable, CustomTestStringConvertible {
    let settings: [String: JSONValue]
    let names: [String]

    var testDescription: String { settings.isEmpty ? "Hydra's start" : settings.keys.sorted().joined(separator: ", ") }
  }

  static let folder = Bundle.module.resourceURL?.appending(path: "Fixtures/conformance") ?? URL(filePath: "/")

  static let groups = [
    Group(settings: [:], names: names(withSettings: [:])),
    Group(
      settings: ["oidc.dynamic_client_registration.default_scope": ["openid", "profile"]], names: ["default-scope"]),
    Group(settings: ["oidc.dynamic_client_registration.enabled": false], names: ["disabled"]),
    Group(
      settings: ["webfinger.oidc_discovery.client_registration_url": .null], names: ["discovery-without-registration"]),
    Group(settings: ["oidc.subject_identifiers.supported_types": ["public", "pairwise"]], names: ["pairwise"]),
    Group(settings: ["ttl.access_token": "1s"], names: ["expired-access-token"]),
  ]

  /// Conversations that prove the possession of a key.
  static let withProofs = Group(settings: [:], names: groups[0].names.filter { $0.hasPrefix("credential") })

  /// What asks a person through Hydra's own pages, where this provider asks nobody.
  static let throughPages: Set<String> = ["logout-accepted", "logout-with-hint"]

  @Test("Hydra's recorded conversations hold", arguments: groups)
  func conversationsHold(_ group: Group) async throws {
    let names = group.names.filter { !ConformanceTests.withProofs.names.contains($0) }
    try await replay(Group(settings: group.settings, names: names))
  }

  @Test("Hydra's recorded conversations about credentials hold", .enabled(if: Python.makesProofs, "Python has no cryptography"))
  func credentialsHold() async throws { try await replay(ConformanceTests.withProofs) }

  private func replay(_ group: Group) async throws {
    let provider = try EmbeddedProvider.start(.init(settings: group.settings))
    defer { provider.stop() }
    let settings = JSONObject(group.settings.map { JSONMember(name: $0.key, value: $0.value) }).text()
    let files = group.names.map { ConformanceTests.folder.appending(path: "hydra/\($0).json").path }
    let arguments = [
      ConformanceTests.folder.appending(path: "replay.py").path, "--public", provider.publicAddress, "--admin",
      try #require(provider.adminAddress), "--login", "direct", "--settings", settings,
    ]
    let output = try await inBackground { try Python.run(arguments + files) }
    let verdicts = output.split(separator: "\n").dropLast().map { line in
      line.split(separator: " ", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(verdicts.filter { $0.first != "ok" } == [])
    #expect(Set(verdicts.compactMap(\.last)) == Set(group.names))
    #expect(output.hasSuffix("\(group.names.count) passed, 0 failed, 0 skipped\n"))
  }

  @Test("every conversation in the folder belongs to a group")
  func allAreReplayed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ConformanceTests.folder.appending(path: "hydra").path)
    let replayed = ConformanceTests.groups.flatMap(\.names)
    #expect(files.sorted() == (replayed + ConformanceTests.throughPages).map { $0 + ".json" }.sorted())
    #expect(ConformanceTests.groups[0].names.count == 89)
    #expect(ConformanceTests.withProofs.names.count == 5)
  }

  @Test("members stand in the recorded order")
  func membersKeepTheirOrder() throws {
    let clientMembers = ClientMember.all.map(\.name)
    let address = try PublicAddress("http://127.0.0.1:4444")
    let discoveryMembers = Discovery.document(address, try Settings([:])).names
    var compared = 0
    for group in ConformanceTests.groups {
      for name in group.names {
        let data = try Data(contentsOf: ConformanceTests.folder.appending(path: "hydra/\(name).json"))
        for step in try JSONValue(parsing: data)["steps"]?.array ?? [] {
          guard let recorded = step["response"]?["keys"]?.strings else { continue }
          let order = recorded.contains("client_name") ? clientMembers : recorded.contains("issuer") ? discoveryMembers : []
          guard !order.isEmpty else { continue }
          #expect(order.filter(recorded.contains) == recorded, "\(name)")
          compared += 1
        }
      }
    }
    #expect(compared > 100)
  }

  /// The conversations of the folder that were recorded with exactly these settings.
  private static func names(withSettings settings: JSONObject) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "hydra").path)) ?? []
    return files.sorted().filter { file in
      guard let data = try? Data(contentsOf: folder.appending(path: "hydra/\(file)")),
        let recorded = try? JSONValue(parsing: data)
      else { return false }
      return recorded["provider"]?["settings"]?.object ?? [:] == settings && recorded["needs"] == nil
    }.map { String($0.dropLast(5)) }
  }
}
