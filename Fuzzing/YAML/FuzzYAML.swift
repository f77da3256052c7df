import Diagnostics
import YAML

/// Gives any bytes to the YAML reader: whatever they are, it ends with documents and diagnostics, each with a place, within its
/// limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  // Small limits, so that their borders are crossed by small inputs too.
  var small = YAMLLimits()
  small.depth = 8
  small.nodes = 50
  small.children = 12
  small.tokenBytes = 4096
  small.freeExpansion = 20
  small.expansionFactor = 2
  small.problems = 5
  for limits in [YAMLLimits(), small] {
    let lines = bytes.count { $0 == 0x0a || $0 == 0x0d || $0 == 0x85 || $0 == 0xa8 || $0 == 0xa9 } + 2
    var nodes = 0
    let report = YAMLSource(file: "a.yaml", bytes: bytes).forEachDocument(limits: limits) { document in
      nodes += size(of: document, lines: lines)
    }
    // What is written out takes a byte at least; aliases bring a multiple of it.
    require(nodes <= (bytes.count + 2) * (limits.expansionFactor + 2) + limits.freeExpansion, "it grew")
    require(report.diagnostics.count <= limits.problems + 1, "too many diagnostics")
    require(report.brokenDocuments == 0 || !report.diagnostics.isEmpty, "broken, and nobody says why")
    for diagnostic in report.diagnostics {
      require(diagnostic.place.map { $0.line >= 1 && $0.column >= 1 && $0.line <= lines } ?? true, "a place that is not there")
      let text = diagnostic.text()
      require(!text.isEmpty && text.utf8.count < 20_000, "a diagnostic without measure")
    }
  }
  return 0
}

private func size(of node: YAMLNode, lines: Int) -> Int {
  require(node.start.line >= 1 && node.start.column >= 1 && node.end.line <= lines, "a node that is nowhere")
  switch node.content {
  case .scalar: return 1
  case .sequence(let elements): return elements.reduce(1) { $0 + size(of: $1, lines: lines) }
  case .mapping(let entries): return entries.reduce(1) { $0 + 1 + size(of: $1.value, lines: lines) }
  }
}

private func require(_ holds: Bool, _ message: String) { if !holds { fatalError(message) } }
