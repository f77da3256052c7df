import Glibc
import State

/// What to say of credentials that stand in clear: at every run of a state that does, and of what is left of one that did.
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

  /// What a sealed state's clear past left behind.
  static func warn(_ left: FolderKeeper.Clear, _ path: String, _ context: Context) {
    if let backup = left.backup {
      context.printError(
        "warning: \(path) is sealed, and secrets and tokens of the state before stand in clear in \(backup). The next run that writes takes it away; so does: state rekey\n"
      )
    }
    if !left.others.isEmpty {
      context.printError(
        "warning: \(path) is sealed, and secrets and tokens still stand in clear in \(left.others.joined(separator: ", ")). Delete what is in the state by now, after a look.\n"
      )
    }
  }
}
