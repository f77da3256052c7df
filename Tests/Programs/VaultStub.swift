import Foundation

/// The part of HashiCorp Vault's transit engine that sops uses; its seal is none.
package final class VaultStub {
  private let process = Process()
  package let url: String

  package init() throws {
    let script = """
      import http.server, json
      class Vault(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
          body = json.loads(self.rfile.read(int(self.headers["content-length"])))
          data = {"plaintext": body["ciphertext"][9:]} if "/decrypt/" in self.path else {"ciphertext": "vault:v1:" + body["plaintext"]}
          answer = json.dumps({"data": data}).encode()
          self.send_response(200); self.send_header("content-type", "application/json")
          self.send_header("content-length", str(len(answer))); self.end_headers(); self.wfile.write(answer)
        do_POST = do_PUT
        def log_message(self, *_): pass
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vault)
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
