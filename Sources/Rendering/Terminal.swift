/// How text for people is written: with or without colour. Colour only adds.
package struct TextStyle: Sendable {
  package enum Colour: String, Sendable {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    case bold = "1"
    case faint = "2"
  }

  package var usesColour: Bool

  package init(usesColour: Bool = false) { self.usesColour = usesColour }

  func paint(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }
}

extension String {
  /// The text with blanks behind it up to that width, counted in the characters that are seen: colours have none.
  func padded(to width: Int) -> String {
    let escapes = split(separator: "\u{1b}", omittingEmptySubsequences: false).dropFirst()
    let unseen = escapes.reduce(0) { $0 + 1 + $1.prefix { $0 != "m" }.count + 1 }
    let missing = width - (count - unseen)
    return missing > 0 ? self + String(repeating: " ", count: missing) : self
  }

  /// The text with what could steer a terminal or hide in a review made visible: control characters, direction marks, invisible ones.
  package var printable: String {
    var output = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        output.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}

/// `1 client`, `2 clients`.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// The number with commas between thousands: `1,204`.
package func grouped(_ number: Int) -> String {
  var digits = String(abs(number))
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// A duration as people read it: `0.4 s`, `0.02 s`, `12 s`.
package func shortSeconds(_ seconds: Double) -> String {
  if seconds >= 9.95 { return "\(Int(seconds.rounded())) s" }
  let digits = seconds >= 0.095 ? 10.0 : 100.0
  let scaled = Int((seconds * digits).rounded())
  let fraction = String(scaled % Int(digits))
  let width = digits == 10 ? 1 : 2
  return "\(scaled / Int(digits)).\(String(repeating: "0", count: width - fraction.count))\(fraction) s"
}
