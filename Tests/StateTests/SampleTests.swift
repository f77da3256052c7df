import Foundation
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import State

/// What earlier versions of clientsync wrote, kept as it was.
@Suite struct SampleTests {
  private static let folder = Bundle.module.resourceURL!.appending(path: "Fixtures")

  /// A version's files in memory, and what opens them.
  private func sample(_ version: Int, withJournal: Bool) throws -> (files: MemoryFiles, identities: AgeIdentities) {
    let folder = Self.folder.appending(path: "version-\(version)")
    let identity = folder.appending(path: "identity.txt")
    var files = ["state/production.json": Array(try Data(contentsOf: folder.appending(path: "production.json")))]
    if withJournal {
      files["state/production.journal"] = Array(try Data(contentsOf: folder.appending(path: "production.journal")))
    }
    return (
      MemoryFiles(files),
      try AgeIdentities(parsing: String(contentsOf: identity, encoding: .utf8), source: identity.path)
    )
  }

  @Test("there is one of each version", arguments: 1...RegistryState.version)
  func complete(_ version: Int) throws {
    let (files, _) = try sample(version, withJournal: true)
    #expect(try JSONValue(parsing: files.files["state/production.json"] ?? [])["version"] == .number(JSONNumber(version)))
  }

  @Test("the first version opens, and says all that it said")
  func first() async throws {
    let (files, identities) = try sample(1, withJournal: false)
    let opened = try await OpenedState.read(
      from: FolderKeeper(folder: "state", registry: "production", files: files), registry: "production",
      identities: identities)
    let state = try #require(opened.state)
    #expect(opened.isVerified && !opened.isOutdated)
    #expect(state.serial == 1 && state.lineage == "b4d50167-c59a-4044-a95f-c051ecc3d41f")
    #expect(state.binding.issuer == "http://127.0.0.1:4444")
    let billing = try #require(state.clients["billing"])
    #expect(billing.labels == ["team": "payments", "tier": "1"] && billing.deletion == "prevent" && billing.status == .ok)
    #expect(billing.applied["client_name"] == "Billing" && billing.observed?["scope"] == "offline_access openid")
    #expect(state.clients["portal"]?.applied["client_name"] == "Portal é")
    #expect(try opened.secret(of: "billing")?.exposed == "zj-LqkZmjFz0F0mgZ~ITevb.e8")
    #expect(
      try opened.token(of: "portal")?.exposed
        == "ory_at_1P-0HasWe2nS2UjAHYk7YDWFh6oE5bq3LK9rhevbq4o.VSkkAa4vwNYy24IWsT6IW21Z92OrXm0lCNtpkjb70Dw")
    #expect(try opened.secret(of: "portal") == nil)
  }

  @Test("a journal of the first version is folded in: what was answered is done, what was not is in doubt")
  func firstJournal() async throws {
    let (files, identities) = try sample(1, withJournal: true)
    let keeper = FolderKeeper(folder: "state", registry: "production", files: files)
    let before = try await OpenedState.read(from: keeper, registry: "production", identities: identities)
    #expect(before.foldedRecords > 0 && before.isVerified)
    #expect(before.state?.clients["billing"]?.applied["client_name"] == "Billing 2")
    #expect(
      try before.token(of: "billing")?.exposed
        != "ory_at_IEElNPfRGUmjpjnBzKbjwLKD3CukQV6vYO6Wi5QK-wU.plhOl7aLp1-MDTKo8fmEM69PDaULgmdccSehfEuX9dE")
    #expect(before.state?.clients["reports"]?.pending?.action == .create)

    let owner = LockOwner.current(command: "test")
    let run = try await StateRun.begin(
      keeper, registry: "production", new: nil, identities: identities, owner: owner, lockTimeout: .zero)
    _ = try await run.finish()
    #expect(files.files["state/production.journal"] == nil)
    let after = try await OpenedState.read(from: keeper, registry: "production", identities: identities)
    #expect(after.state?.serial == 2 && after.state?.clients == before.state?.clients)
  }
}
