import Programs

/// A provider that answers one thing to everything: what a proxy in front of a broken server does.
final class FaultyProvider {
  private let server: PythonServer
  var url: String { server.url }

  init(status: Int, contentType: String, body: String) throws {
    server = try PythonServer(
      """
      class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
          self.rfile.read(int(self.headers.get("content-length") or 0))
          body = sys.argv[3].encode()
          self.send_response(int(sys.argv[1])); self.send_header("content-type", sys.argv[2])
          self.send_header("content-length", str(len(body))); self.end_headers(); self.wfile.write(body)
        do_GET = do_POST = do_PUT = do_DELETE = answer
      """, [String(status), contentType, body])
  }
}
