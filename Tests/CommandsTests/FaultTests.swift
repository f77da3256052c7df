import CommandLineParsing
import EmbeddedProvider
import Foundation
import OpenIDJSON
import Testing

@testable import Commands

@Suite struct FaultTests {
  private func registry(_ endpoint: String, _ repository: Repository, retries: Int = 0) -> String {
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  registrationEndpoint: \(endpoint)/register\n  profile: rfc7591\n  http: { maxRetries: \(retries) }\n  encryption: { age: [\(repository.recipient)] }\n"
  }

  private func prepared(_ endpoint: String) throws -> Repository {
    let repository = try Repository()
    try repository.write("registry.yaml", registry(endpoint, repository))
    try repository.write("web.yaml", Repository.client("web", "client_name: Web, redirect_uris: [https://a.example.com/cb]"))
    return repository
  }

  @Test("a provider that is down is exit 1, and nothing of the create stays in the state")
  func down() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    let run = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.output.contains("Nothing applied: 1 failed"), "\(run.output)")
    #expect(run.output.contains("cannot be reached"))
    #expect(repository.files().keys.filter { $0.hasPrefix("state/r.") }.isEmpty, "\(repository.files().keys)")
  }

  @Test(
    "a first plan asks for the discovery document, with no credential, and names the way around it",
    arguments: [
      (503, "text/plain", "later", "cannot answer for the moment"), (200, "text/html", "<html>", "is not the JSON"),
      (500, "application/json", "{}", "the provider failed"), (404, "text/plain", "no", "nothing at this URL"),
    ])
  func firstPlan(status: Int, type: String, body: String, words: String) async throws {
    let provider = try FaultyProvider(status: status, contentType: type, body: body)
    let repository = try Repository()
    try repository.write(
      "r.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  issuer: \(provider.url)\n  headers: { x-key: { env: NOT_SET } }\n  http: { maxRetries: 0 }\n"
    )
    try repository.write("web.yaml", Repository.client("web", "grant_types: [client_credentials]"))
    let run = await repository.run("plan")
    #expect(run.status == 1 && run.output.isEmpty, "\(run.output)")
    #expect(run.errors.contains(words) && run.errors.contains("No plan was made"), "\(run.errors)")
    #expect(run.errors.contains("--no-refresh"))
    let blind = await repository.run("plan", "--no-refresh")
    #expect(blind.status == 0 && blind.output.contains("1 to create"), "\(blind.output)\(blind.errors)")
  }

  @Test("a 500 to a create is in doubt, is never sent again, and exits 5")
  func serverError() async throws {
    let provider = try FaultyProvider(status: 500, contentType: "text/html", body: "<h1>Internal Server Error</h1>")
    let repository = try prepared(provider.url)
    let run = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(run.status == 5, "\(run.output)\(run.errors)")
    let state = try JSONValue(parsing: Array(repository.read("state/r.json") ?? Data()))
    #expect(state["clients"]?["web"]?["status"] == "in_doubt")
    let again = await repository.run("apply", "--auto-approve")
    #expect(again.status == 5)
    #expect(try JSONValue(parsing: Array(repository.read("state/r.json") ?? Data()))["serial"] == state["serial"])
  }

  @Test("a page in the place of a delete's answer is no success: the client is not forgotten", arguments: [1, 2])
  func deleteAnsweredByAPage(times: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"])
    let page = Fault.Action.answer(status: 200, headers: ["content-type": "text/html"], body: "<html>Sign in")
    hydra.provider.setFaults([Fault(.delete, times: times, .before, page)])
    let run = await hydra.apply()
    if times == 1 {
      // A read with the token said that nothing had happened.
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    } else {
      #expect(run.status == 5 && run.output.contains("it has content, and none of a provider's"), "\(run.output)\(run.errors)")
      #expect(try hydra.state()["clients"]?["b"]?["client_id"] != nil)
      #expect(await hydra.apply().status == 0)
    }
    #expect(try await hydra.names() == ["a"])
    #expect(try hydra.state()["clients"]?.object?.names == ["a"])
  }

  private static let another = Fault.Action.answer(
    status: 200, headers: ["content-type": "application/json"],
    body: #"{"client_id":"another","client_secret":"s3cret","registration_access_token":"t0ken","client_name":"x"}"#)

  @Test("an answer to a set that is about another client takes no entry's place")
  func setOfAnother() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    let id = try hydra.state()["clients"]?["a"]?["client_id"]
    try hydra.declare(["a"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, times: nil, .before, Self.another)])
    let run = await hydra.apply()
    #expect(run.status == 5 && run.output.contains("it is about another client, another"), "\(run.output)\(run.errors)")
    #expect(try hydra.state()["clients"]?["a"]?["client_id"] == id)
    hydra.provider.setFaults([])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a 2"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a read that is about another client is none: its token is not kept, and nothing is planned from it")
  func readOfAnother() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    let state = hydra.repository.read("state/h.json")
    hydra.provider.setFaults([Fault(.get, times: nil, .before, Self.another)])
    let plan = await hydra.repository.run("plan", "--format", "json")
    #expect(plan.json?["changes"]?.array?.isEmpty ?? true, "\(plan.output)")
    #expect(plan.output.contains("it is about another client, another"), "\(plan.output)\(plan.errors)")
    #expect(hydra.repository.read("state/h.json") == state)
    hydra.provider.setFaults([])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("an answer that is HTML is in doubt: the sentence says what came")
  func html() async throws {
    let provider = try FaultyProvider(status: 200, contentType: "text/html", body: "<html>Welcome</html>")
    let repository = try prepared(provider.url)
    let run = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(run.status == 5, "\(run.output)\(run.errors)")
    #expect(run.output.contains("not the JSON"))
  }

  @Test("a refusal is the provider's words, and nothing is in doubt")
  func refused() async throws {
    let provider = try FaultyProvider(
      status: 400, contentType: "application/json",
      body: #"{"error":"invalid_redirect_uri","error_description":"no such host"}"#)
    let repository = try prepared(provider.url)
    let run = await repository.run("apply", "--auto-approve", "--new-state", "--format", "json")
    #expect(run.status == 4)
    #expect(run.json?["outcomes"]?[0]?["result"] == "failed")
    #expect(run.json?["outcomes"]?[0]?["message"]?.string?.contains("no such host") == true)
  }

  @Test("without a terminal and without --auto-approve apply refuses, and only yes is yes")
  func approval() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    #expect(await repository.run("apply").status == 64)
    let no = await repository.run("apply", answer: "y")
    #expect(no.status == 1)
    #expect(repository.read("state/r.json") == nil)
  }

  @Test("where CI is set a state in a folder wants --local-state, and a registry without state --new-state")
  func pipelines() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    let first = await repository.run("apply", "--auto-approve")
    #expect(first.status == 7 && first.errors.contains("--new-state"))
    let second = await repository.run("apply", "--auto-approve", "--new-state", environment: ["CI": "true"])
    #expect(second.status == 7 && second.errors.contains("--local-state"))
  }

  @Test("a digest that is not the plan's is exit 3, and nothing is sent")
  func expectation() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    let run = await repository.run("apply", "--auto-approve", "--new-state", "--expect", "000000000000")
    #expect(run.status == 3 && run.errors.contains("not the one that was reviewed"))
  }

  @Test("bad manifests are exit 65 with every place, unreadable ones exit 1, and JSON stays complete on both")
  func manifests() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    try repository.write("bad.yaml", "kind: Client\nclient_name: [\n")
    try repository.write("worse.yaml", Repository.client("web", "client_nam: x"))
    let run = await repository.run("plan", "--format", "json")
    #expect(run.status == 65)
    #expect((run.json?["diagnostics"]?.array?.count ?? 0) == 2)
    #expect(run.json?["changes"] == [])
    let text = await repository.run("plan")
    #expect(text.status == 65 && text.errors.contains("worse.yaml:5:13: error: unknown key \"client_nam\""))
    let missing = await repository.run("plan", "-f", repository.folder + "/nowhere")
    #expect(missing.status == 1)
    #expect(missing.errors.components(separatedBy: "error:").count == 2, "each mistake is told once: \(missing.errors)")
  }

  @Test("an unknown flag, registry or command is wrong usage, with the nearest name")
  func usage() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    for arguments in [["plan", "--regsitry", "r"], ["plann"], ["plan", "--registry", "rr"]] {
      let run = await repository.run(
        arguments[0], arguments.count > 1 ? arguments[1] : "--help-me", arguments.count > 2 ? arguments[2] : "x")
      #expect(run.status == 64, "\(arguments): \(run.errors)")
    }
  }

  @Test("a state in a git branch is refused by name, and no folder of that name is made")
  func gitBranch() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    for words in [["plan"], ["apply", "--auto-approve", "--new-state"], ["state", "list"], ["state", "push", "x.json"]] {
      let branch = await repository.run(words + ["--state", "git:origin#state"])
      #expect(branch.status == 64 && branch.errors.contains("not there yet"), "\(words): \(branch)")
    }
  }

  @Test("a client that is named and is neither declared nor known is wrong usage, with the nearest name")
  func unknownTarget() async throws {
    let repository = try prepared("http://127.0.0.1:9")
    let run = await repository.run("plan", "--target", "wbe")
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.errors.contains("no client \"wbe\"") && run.errors.contains("Did you mean web?"), "\(run.errors)")
  }

  @Test("the tree of commands has no fault, and every command has help")
  func tree() async throws {
    #expect(ClientsyncCommand.tree.faults() == [])
    let repository = try Repository()
    for command in ["validate", "plan", "apply", "drift", "provider"] {
      let run = await repository.run(command, "--help")
      #expect(run.status == 0 && run.output.contains("clientsync \(command)"))
    }
  }
}
