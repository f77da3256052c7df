import Foundation

/// A small HTTP server in Python on a free port of this machine, for answers that no real server gives.
package final class PythonServer {
  private let process = Process()
  package let url: String

  /// - Parameters:
  ///   - handler: a class `Handler` for `http.server`; `json` and `sys` are imported.
  ///   - arguments: `sys.argv[1]` and so on.
  package init(_ handler: String, _ arguments: [String] = []) throws {
    let script = """
      import http.server, json, sys
      \(handler)
      Handler.log_message = lambda *_: None
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      """
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
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
