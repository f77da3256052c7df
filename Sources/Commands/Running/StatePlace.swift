/// Where `--state` says that the state lies.
enum StatePlace {
  /// Refuses a git branch, which is no folder, and not to be had yet: a folder of that name would be made without a word, and lost
  /// with the runner's disk.
  static func check(_ state: String) throws(CommandFailure) {
    guard !state.hasPrefix("git:") else {
      throw CommandFailure(.usage, "--state \(state): a state in a git branch is not there yet; name a folder.")
    }
  }
}
