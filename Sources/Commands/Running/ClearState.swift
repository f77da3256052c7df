import Glibc

/// What to say, at every run, of a state that stands in clear.
enum ClearState {
  static func warn(_ path: String, _ context: Context) {
    var text =
      "warning: encryption: none: secrets and tokens stand in clear in \(path), so it belongs in no repository."
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
      text += " Others on this machine can read it: chmod 600 \(path)"
    }
    context.printError(text + "\n")
  }
}
