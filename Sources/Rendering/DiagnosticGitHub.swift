package import Diagnostics

/// Diagnostics as workflow commands, which GitHub Actions shows at their lines.
package enum DiagnosticGitHub {
  package static func line(_ diagnostic: Diagnostic) -> String {
    var properties: [(String, String)] = []
    if let place = diagnostic.place {
      // The runner takes columns only where the line of the end is said, and is the same.
      let line = String(place.line)
      properties = [("file", place.file), ("line", line), ("endLine", line), ("col", String(place.column))]
      if let end = diagnostic.endColumn { properties.append(("endColumn", String(end))) }
    }
    properties.append(("title", diagnostic.rule))
    let text = properties.map { "\($0)=\(escaped($1, isProperty: true))" }.joined(separator: ",")
    let message = diagnostic.message + (diagnostic.hint.map { "\n\($0)" } ?? "")
    return "::\(diagnostic.severity.rawValue) \(text)::\(escaped(message, isProperty: false))\n"
  }

  /// As the runner's own toolkit escapes: what would end the command, and in a property what would end that.
  private static func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Diagnostic {
  /// The column behind what is meant, where the excerpt shows the very place: a stream's excerpt is not of the file it came from.
  var endColumn: Int? {
    guard let place, let excerpt, excerpt.line == place.line else { return nil }
    return place.column + excerpt.width
  }
}
