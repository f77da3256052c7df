/// What a browser sees that nobody is signed in at, where the application names nobody.
enum SignInPage {
  /// The form sends the request once more, with the name that was filled in.
  static func answer(_ request: ServerRequest, _ parameters: Parameters) -> ServerAnswer {
    let sent = GoQuery(parsing: request.method == "POST" ? String(decoding: request.body, as: UTF8.self) : request.query)
    let fields = HTML(
      sent.pairs.filter { $0.name != "login_hint" }
        .map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n" })
    return Page(
      title: "Who signs in?",
      body: """
        <p>This is a provider for development and tests. It asks for no password and signs in whoever the authorization request
        names: add <code>login_hint=SUBJECT</code> to it, and, where there are claims to make,
        <code>login_claims={"email":"…"}</code>.</p>
        <form method="\(request.method == "POST" ? "post" : "get")">
        \(fields)<label>Subject <input name="login_hint" required autofocus></label> <button>Sign in</button>
        </form>
        """, status: 400
    ).answer
  }
}
