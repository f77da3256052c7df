import OpenIDCryptography
import OpenIDRegistration

/// What a browser is shown. A page runs no script but the one that it brings, and is shown in no frame.
struct Page {
  var title: String
  var body: HTML
  /// Runs when the page is there. It holds nothing that came with a request.
  var script: HTML?
  /// Whether pages of others may be framed in it.
  var framesOthers = false
  var status = 200

  var answer: ServerAnswer {
    let nonce = Random.uuid()
    let scripts: HTML = script.map { "<script nonce=\"\(nonce)\">\($0)</script>\n" } ?? ""
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(title)</title>
      <style nonce="\(nonce)">body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style></head>
      <body>
      <h1>\(title)</h1>
      \(body)
      \(scripts)</body>
      </html>

      """
    let frames = framesOthers ? " frame-src http: https:;" : ""
    return ServerAnswer(
      status: status,
      headers: [
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy":
          "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)';\(frames) base-uri 'none'; "
          + "frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
      ], body: Array(page.text.utf8))
  }
}
