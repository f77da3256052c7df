/// A manual page in mdoc, as `man` and `mandoc` read it.
package struct ManualPage: Sendable, Hashable {
  /// Where `man` looks for it, within section 1: `clientsync-plan.1`.
  package let fileName: String
  package let text: String
}

extension CommandSpecification {
  /// The manual: a page for the tool and one for each of its commands, hidden ones left out.
  ///
  /// The date is the release's, as `2026-11-24`, so that the same release always makes the same pages.
  package func manual(date: String) -> [ManualPage] {
    visiblePaths(from: []).map { path in
      ManualPage(
        fileName: ([name] + path).joined(separator: "-") + ".1",
        text: ManualWriter(root: self, path: path, date: longDate(date) ?? date).text())
    }
  }

  /// The paths of all commands that are not hidden, nor below a hidden one; this command's own first.
  func visiblePaths(from path: [String]) -> [[String]] {
    [path] + subcommands.filter { !$0.isHidden }.flatMap { $0.visiblePaths(from: path + [$0.name]) }
  }
}

/// `November 24, 2026`, as mdoc writes dates.
private func longDate(_ date: String) -> String? {
  let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  let parts = date.split(separator: "-").compactMap { Int($0) }
  guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return nil }
  return "\(months[parts[1] - 1]) \(parts[2]), \(parts[0])"
}
