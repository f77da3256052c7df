/// The part of HashiCorp Vault's transit engine that sops uses; its seal is none.
package final class VaultStub {
  private let server: PythonServer
  package var url: String { server.url }

  package init() throws {
    server = try PythonServer(
      """
      class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
          body = json.loads(self.rfile.read(int(self.headers["content-length"])))
          data = {"plaintext": body["ciphertext"][9:]} if "/decrypt/" in self.path else {"ciphertext": "vault:v1:" + body["plaintext"]}
          answer = json.dumps({"data": data}).encode()
          self.send_response(200); self.send_header("content-type", "application/json")
          self.send_header("content-length", str(len(answer))); self.end_headers(); self.wfile.write(answer)
        do_POST = do_PUT
      """)
  }
}
