import Diagnostics
import YAML

/// The sources of a run, to show lines of when something is found after all are read.
struct PlacedSources {
  private var lines: [String: SourceLines]

  init(_ sources: [ManifestSource]) {
    lines = Dictionary(
      sources.map { ($0.file, SourceLines(YAMLSource(file: $0.file, bytes: $0.bytes))) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The line of a place, the word there marked; `nil` where the place is in no source, as with what kustomize passed on.
  mutating func excerpt(at place: SourcePlace) -> Excerpt? {
    let start = YAMLMark(line: place.line, column: place.column)
    guard var excerpt = lines[place.file]?.excerpt(from: start, to: start) else { return nil }
    excerpt.width = max(
      1, excerpt.text.unicodeScalars.dropFirst(excerpt.column - 1).prefix { !" ,:]}".unicodeScalars.contains($0) }.count)
    return excerpt
  }
}
