package import Diagnostics
import YAML

/// Puts the members of manifests into the order of the tables, and leaves everything else as it is written.
///
/// Lines move as a whole, with the comments above them: what stands in braces, and what stands in lists, stays. A file that cannot be
/// rearranged that way without a doubt is not touched. What comes out says the same as what went in, which is checked.
package enum ManifestFormatter {
  package enum Result: Sendable, Hashable {
    case unchanged
    case changed([UInt8])
    /// Why it is left as it is, as the end of a sentence that begins with its name.
    case leftAlone(String)
    /// It is no YAML.
    case invalid([Diagnostic])
  }

  package static func format(_ source: ManifestSource) -> Result {
    let yaml = YAMLSource(file: source.file, bytes: source.bytes)
    let (documents, report) = yaml.documents()
    guard report.diagnostics.isEmpty else { return .invalid(report.diagnostics) }
    guard let text = String(validating: source.bytes, as: UTF8.self) else { return .leftAlone("is no UTF-8") }
    var lines = FormattedLines(text)
    if let reason = reason(documents, lines, text) { return .leftAlone(reason) }
    // From the last on, so that the lines of the others stay where they are.
    for document in documents.reversed() {
      guard let first = document.entries?.first, let schema = schema(of: document) else { continue }
      let start = first.key.start.line - 1
      let end = lines.documentEnd(from: start)
      let arranged = MappingArrangement(lines).arranged(document.entries ?? [], schema, start..<end)
      lines.replace(start..<end, with: arranged)
    }
    let bytes = lines.bytes
    guard bytes != source.bytes else { return .unchanged }
    let (after, afterReport) = YAMLSource(file: source.file, bytes: bytes).documents()
    guard afterReport.diagnostics.isEmpty, after.count == documents.count,
      zip(documents, after).allSatisfy({ $0.saysTheSame(as: $1) })
    else { return .leftAlone("would say something else in another order") }
    return .changed(bytes)
  }

  private static func schema(of document: YAMLNode) -> ObjectSchema? {
    switch document["kind"]?.scalar?.text {
    case "Registry"? where document["apiVersion"]?.scalar?.text == DocumentKind.apiVersion: .registryDocument
    case "Client"? where document["apiVersion"]?.scalar?.text == DocumentKind.apiVersion: .clientDocument
    default: nil
    }
  }

  /// What cannot be moved without knowing more than lines.
  private static func reason(_ documents: [YAMLNode], _ lines: FormattedLines, _ text: String) -> String? {
    if text.unicodeScalars.contains(where: { $0 == "\u{85}" || $0 == "\u{2028}" || $0 == "\u{2029}" }) {
      return "has line breaks that editors do not show"
    }
    for line in lines.contents {
      let words = line.drop { $0 == " " || $0 == "-" }
      if words.hasPrefix("<<") || line.contains("\"<<\"") || line.contains("{<<") || line.contains(" <<:") {
        return "has merge keys, whose order counts"
      }
      if words.hasPrefix("? ") || words == "?" { return "has keys written with \"?\"" }
      if line.hasPrefix("%") { return "has a directive" }
      if line.hasPrefix("--- "), !line.dropFirst(4).drop(while: { $0 == " " }).hasPrefix("#") {
        return "has a document that begins on the line of its ---"
      }
    }
    for document in documents where !document.isNull {
      if let mark = lines.property(in: document) { return "has \(mark), and what it means hangs on the order" }
      if document.entries != nil, lines.scalar(at: document.start) == "{" { return "is written in braces, like JSON" }
    }
    return nil
  }
}
