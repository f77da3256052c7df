import Foundation
import Glibc
import OpenIDJSON
import Testing

@testable import Commands

/// A provider whose every read hands out a new token and ends the old one, as RFC 7592, section 3, allows.
private final class RotatingProvider {
  private let process = Process()
  let url: String

  init() throws {
    let script = """
      import http.server, json, secrets, threading
      clients, lock = {}, threading.Lock()
      class Provider(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def answer(self, status, body=None):
          data = json.dumps(body).encode() if body is not None else b""
          self.send_response(status); self.send_header("content-type", "application/json")
          self.send_header("content-length", str(len(data))); self.end_headers(); self.wfile.write(data)
        def client(self):
          known = clients.get(self.path.rsplit("/", 1)[1])
          return known if known and self.headers.get("authorization") == "Bearer " + known["registration_access_token"] else None
        def handle_with(self, work):
          body = self.rfile.read(int(self.headers.get("content-length") or 0))
          with lock: work(json.loads(body) if body else None)
        def do_POST(self): self.handle_with(self.create)
        def do_GET(self): self.handle_with(self.read)
        def do_PUT(self): self.handle_with(self.set)
        def create(self, body):
          id = secrets.token_hex(8)
          clients[id] = dict(body, client_id=id, registration_access_token=secrets.token_hex(16),
            registration_client_uri="http://127.0.0.1:%d/register/%s" % (server.server_port, id))
          self.answer(201, clients[id])
        def read(self, _):
          known = self.client()
          if not known: return self.answer(401, {"error": "invalid_token"})
          known["registration_access_token"] = secrets.token_hex(16)
          self.answer(200, known)
        def set(self, body):
          known = self.client()
          if not known: return self.answer(401, {"error": "invalid_token"})
          known.update(body)
          self.answer(200, known)
        def log_message(self, *_): pass
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
      print(server.server_port, flush=True)
      server.serve_forever()
      """
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    url = "http://127.0.0.1:" + line.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

@Suite struct RotatingReadTests {
  @Test("tokens that reads hand out are kept, many at once, and an apply goes on from them", .timeLimit(.minutes(2)))
  func rotatingReads() async throws {
    let provider = try RotatingProvider()
    let repository = try Repository()
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  registrationEndpoint: \(provider.url)/register\n  profile: rfc7591\n  encryption: { age: [\(repository.recipient)] }\n"
    )
    let names = (1...12).map { "c\($0)" }
    func declare(_ suffix: String) throws {
      let documents = names.map {
        Repository.client($0, "client_name: \($0)\(suffix), redirect_uris: [https://a.example.com/cb]")
      }
      try repository.write("clients.yaml", documents.joined(separator: "---\n"))
    }
    try declare("")
    let first = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    for _ in 1...3 {
      let plan = await repository.run("plan", "--detailed-exitcode", "--format", "json")
      #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
      #expect(plan.json?["registries"]?[0]?["read"] == 12)
    }
    try declare(" 2")
    let second = await repository.run("apply", "--auto-approve")
    #expect(second.status == 0, "\(second.output)\(second.errors)")
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
  }
}
