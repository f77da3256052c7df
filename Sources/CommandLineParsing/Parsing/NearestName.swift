/// The known name that somebody most likely meant, or `nil` where none is near.
///
/// Near is: one begins with the other, or at most a third of its letters are typed wrong (left out, added, changed, or two swapped).
package func nearestName(to typed: String, among names: [String]) -> String? {
  let typed = Array(typed.lowercased())
  guard !typed.isEmpty else { return nil }
  var best: (name: String, distance: Int)?
  for name in names {
    let letters = Array(name.lowercased())
    let isPrefix = typed.count >= 3 && (letters.starts(with: typed) || typed.starts(with: letters) && letters.count >= 3)
    let distance = isPrefix ? 1 : editDistance(typed, letters)
    let allowed = isPrefix ? 1 : max(1, max(letters.count, typed.count) / 3)
    // A word of two letters is one letter away from too many.
    guard distance <= allowed, isPrefix || distance < letters.count else { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (name, distance) }
  }
  return best?.name
}

/// Edits between two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // Nobody means a known name by a page of text, and the work grows with the product of the lengths.
  if abs(a.count - b.count) > 8 { return .max }
  var before: [Int] = []
  var above = Array(0...b.count)
  for i in 1...max(1, a.count) where i <= a.count {
    var row = [i]
    for j in 1...max(1, b.count) where j <= b.count {
      var best = min(row[j - 1] + 1, above[j] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, before[j - 2] + 1) }
      row.append(best)
    }
    before = above
    above = row
  }
  return above[b.count]
}
