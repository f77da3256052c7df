/// Asks git what it leaves out of a work tree.
enum GitIgnoring {
  /// Whether git ignores a path; `nil` where git is missing or cannot say. Nothing that the repository's configuration names runs for
  /// it.
  static func isIgnored(_ path: String, in folder: String, _ context: Context) -> Bool? {
    let arguments = ["git", "-C", folder, "-c", "core.fsmonitor=false", "check-ignore", "--", path]
    return ChildProcess.output(of: arguments, environment: ChildProcess.inherited(context)).map { !$0.isEmpty }
  }
}
