import Diagnostics
import MarkedText
import YAML

/// What a source says, as nested arrays and dictionaries would be printed: quoted texts in double quotes, plain ones bare.
func shape(_ node: YAMLNode) -> String {
  switch node.content {
  case .scalar(let scalar): scalar.isPlain ? scalar.text : "\"\(scalar.text)\""
  case .sequence(let elements): "[" + elements.map(shape).joined(separator: ", ") + "]"
  case .mapping(let entries): "{" + entries.map { "\($0.key.text): \(shape($0.value))" }.joined(separator: ", ") + "}"
  }
}

func read(_ text: String, limits: YAMLLimits = .init()) -> (shapes: [String], report: YAMLReport) {
  read(Array(text.utf8), limits: limits)
}

func read(_ bytes: [UInt8], limits: YAMLLimits = .init()) -> (shapes: [String], report: YAMLReport) {
  let (documents, report) = YAMLSource(file: "a.yaml", bytes: bytes).documents(limits: limits)
  return (documents.map(shape), report)
}
