import Foundation
import Glibc

/// A provider that answers one thing to everything: what a proxy in front of a broken server does.
final class FaultyProvider {
  private let process = Process()
  let url: String

  init(status: Int, contentType: String, body: String) throws {
    let script = """
      import http.server, sys
      class Answer(http.server.BaseHTTPRequestHandler):
        def answer(self):
          self.rfile.read(int(self.headers.get("content-length") or 0))
          body = sys.argv[3].encode()
          self.send_response(int(sys.argv[1])); self.send_header("content-type", sys.argv[2])
          self.send_header("content-length", str(len(body))); self.end_headers(); self.wfile.write(body)
        do_GET = do_POST = do_PUT = do_DELETE = answer
        def log_message(self, *_): pass
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
      print(server.server_port, flush=True)
      server.serve_forever()
      """
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, String(status), contentType, body]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    url = "http://127.0.0.1:" + line.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    // A child inherits the signals that are blocked in the thread that started it; this one cannot be blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
