import Diagnostics
import YAML

/// The sources of a run, to show lines of when something is found after all are read.
struct PlacedSources {
  private let sources: [ManifestSource]
  private var lines: [String: SourceLines] = [:]

  init(_ sources: [ManifestSource]) { self.sources = sources }

  /// The line of a place, the word there marked; `nil` where the place is in no source, as with what kustomize passed on.
  mutating func excerpt(at place: SourcePlace) -> Excerpt? {
    let start = YAMLMark(line: place.line, column: place.column)
    if lines[place.file] == nil, let source = sources.first(where: { $0.file == place.file }) {
      lines[place.file] = SourceLines(YAMLSource(file: source.file, bytes: source.bytes))
    }
    guard var excerpt = lines[place.file]?.excerpt(from: start, to: start) else { return nil }
    excerpt.width = max(
      1, excerpt.text.unicodeScalars.dropFirst(excerpt.column - 1).prefix { !" ,:]}".unicodeScalars.contains($0) }.count)
    return excerpt
  }
}
