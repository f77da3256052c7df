import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// Every recorded conversation from the client's side: a server on this machine gives the recorded answers, and what the library
/// makes of each over libcurl stands in a table.
///
/// `RECORD_VIEWS=1` writes the table anew, and fails, so that a change of it is looked at.
@Suite struct ReplayTests {
  private static let table = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/views.txt")

  @Test func `the library's view of every recorded answer is the one in the table`() async throws {
    var lines: [String] = []
    for file in Conversation.File.all { lines += try await views(of: file) }
    if ProcessInfo.processInfo.environment["RECORD_VIEWS"] != nil {
      try (lines.joined(separator: "\n") + "\n").write(to: Self.table, atomically: true, encoding: .utf8)
      Issue.record("the table was written anew")
      return
    }
    let expected = try String(contentsOf: Self.table, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.count == expected.count)
    for (line, wanted) in zip(lines, expected) where line != wanted { #expect(line == wanted) }
  }

  @Test func `the table leaves out nothing that the library can ask`() throws {
    let lines = try String(contentsOf: Self.table, encoding: .utf8).split(separator: "\n")
    let passedOver = lines.filter { $0.hasSuffix("\t" + ReplayedCall.nothing) }.map { $0.dropLast(2) }
    // Methods that the library never sends, and the part of the admin API that it has no use for.
    let ofHydra = [
      "admin-create-gives-a-token\tadmin create", "admin-set-kills-the-token\tadmin admin-set", "logout-accepted\tadmin show",
      "logout-accepted\tadmin accept", "read-head\thead", "wrong-method\tpatch",
    ]
    #expect(passedOver.filter { $0.hasPrefix("hydra/") } == ofHydra.map { "hydra/\($0)" })
    #expect(passedOver.count < 40)
    for operation in OpenIDOperation.allCases { #expect(lines.contains { $0.contains("\t\(operation): ok") }, "\(operation)") }
    for word in ["UNEXPECTED", "WRONG", "NOT PERSISTED", "transport("] {
      #expect(!lines.contains { $0.contains(word) }, "\(word)")
    }
  }

  private func views(of file: Conversation.File) async throws -> [String] {
    let server = try LoopbackServer()
    defer { server.stop() }
    let conversation = try #require(Conversation(file, publicURL: server.url, adminURL: server.url))
    let client = OpenIDRegistrationClient(transport: CurlTransport(), currentTime: { 1_000_000_000 })
    var lines: [String] = []
    for step in conversation.steps {
      server.answer { request in
        if isRecorded(request, step) { return step.response }
        switch request.path {
        case "/.well-known/jwks.json": return .json(200, Filler.keys)
        case _ where request.path.contains("/.well-known/"): return .text(404, "Not Found")
        // A page that a logout leads to.
        default: return .text(200, "<!doctype html><title>made up</title>", ["content-type": "text/html"])
        }
      }
      let view = await ReplayedCall(step: step, server: server, client: client).view()
      if view != ReplayedCall.nothing {
        #expect(server.requests.contains { isRecorded($0, step) }, "\(file) \(step.id)")
      }
      lines.append("\(file)\t\(step.to == "admin" ? "admin " : "")\(step.id)\t\(view)")
    }
    return lines
  }
}

/// Whether that is the recorded request, however its query is ordered. The list of clients is asked for with a page size of our own.
private func isRecorded(_ request: LoopbackServer.Request, _ step: Conversation.Step) -> Bool {
  guard request.method == step.method else { return false }
  func parts(_ path: String) -> [Substring] { path.split(whereSeparator: { "?&".contains($0) }).sorted() }
  let isList = step.path.prefix { $0 != "?" } == "/admin/clients" && request.path.hasPrefix("/admin/clients?")
  return isList || parts(request.path) == parts(step.path)
}
