/// The known name that was probably meant; `nil` where none is near.
///
/// Case, `_` and `-` count for nothing (`redirectUris` is `redirect_uris`); past that, a third of the letters may differ, two
/// neighbours in the wrong order counting once.
package func nearest(to name: String, among known: [String]) -> String? {
  let wanted = folded(name)
  guard !wanted.isEmpty, wanted.count <= 128 else { return nil }
  let limit = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in known {
    let distance = distance(wanted, folded(candidate), limit: (best?.distance ?? limit + 1) - 1)
    if let distance { best = (candidate, distance) }
  }
  return best?.name
}

private func folded(_ name: String) -> [Character] {
  name.filter { $0 != "_" && $0 != "-" }.lowercased().map { $0 }
}

/// The optimal string alignment distance; `nil` where it is past the limit.
private func distance(_ a: [Character], _ b: [Character], limit: Int) -> Int? {
  guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
      row.append(cost)
    }
    if row.min()! > limit { return nil }
    (beforeLast, last) = (last, row)
  }
  return last[b.count] <= limit ? last[b.count] : nil
}
