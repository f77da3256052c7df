/// The pages that a browser ends at where no application takes it. Hydra calls them fallbacks.
extension Provider {
  /// Sends a browser to the page that says what went wrong.
  func errorRedirect(_ refusal: Refusal, _ request: ServerRequest) -> ServerAnswer {
    let url = Redirection.url(
      address.url("/oauth2/fallbacks/error"), adding: [("error", refusal.error), ("error_description", refusal.description)])
    return .redirect(to: url, for: request)
  }

  func showError(_ request: ServerRequest) -> ServerAnswer {
    let query = GoQuery(parsing: request.query)
    return Page(
      title: "That did not work",
      body: """
        <p>The provider was asked for something that it cannot do. What it says:</p>
        <p><strong>\(query["error"])</strong></p>
        <p>\(query["error_description"])</p>
        """, status: 400
    ).answer
  }

  func showSignedOut() -> ServerAnswer {
    Page(title: "Signed out", body: "<p>You are signed out of this provider. This page can be closed.</p>").answer
  }
}
