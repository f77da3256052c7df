/// The page that signs a browser out at the applications that want to be framed, and then sends it on.
enum SigningOutPage {
  static func answer(_ frames: [String], next: String) -> ServerAnswer {
    Page(
      title: "Signing out",
      body: """
        <p>You are being signed out of the applications that you used.</p>
        \(HTML(frames.map { "<iframe src=\"\($0)\" hidden></iframe>\n" }))<p><a id="next" href="\(next)">Continue</a></p>
        """,
      // The page has loaded when its frames have; an application that does not answer holds nobody for long.
      script: """
        const go = () => location.replace(document.getElementById("next").href);
        addEventListener("load", go);
        setTimeout(go, 7000);
        """, framesOthers: true
    ).answer
  }
}
