import Diagnostics
import Foundation
import Manifests
import Testing

/// Files that were cut, garbled or typed over: whatever comes, every diagnostic can be shown, and points into its file.
struct MutationTests {
  static let files = ["billing.yaml", "partners.yaml", "registries.yaml"]

  static func bytes(of file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: packageRoot.appending(path: "examples/clients/\(file)")))
  }

  private func check(_ bytes: [UInt8], _ what: @autoclosure () -> String) {
    let lines = bytes.count { $0 == 0x0a || $0 == 0x0d } + 1
    for file in ["a.yaml", "-"] {
      let set = ManifestDecoder.decode([ManifestSource(file: file, bytes: bytes)], environment: [:])
      for diagnostic in set.diagnostics {
        if let place = diagnostic.place {
          #expect(place.line >= 1 && place.column >= 1 && place.line <= lines + 1, "\(what()): \(diagnostic)")
        }
        if let excerpt = diagnostic.excerpt {
          #expect(excerpt.column >= 1 && excerpt.column <= excerpt.text.unicodeScalars.count + 1, "\(what()): \(diagnostic)")
        }
        #expect(!diagnostic.text().isEmpty)
      }
    }
  }

  @Test(arguments: files)
  func `a file that ends anywhere is read to its end`(_ file: String) throws {
    let whole = try Self.bytes(of: file)
    for count in stride(from: 0, to: whole.count, by: 7) { check(Array(whole[..<count]), "\(file), first \(count) bytes") }
  }

  @Test(arguments: files)
  func `a file with other bytes in it is read to its end`(_ file: String) throws {
    let whole = try Self.bytes(of: file)
    var numbers = Numbers(seed: 20_261_124)
    let likely = Array("\t\n\r :-[]{}&*!|>'\"%@`#,?~<$()\\0é".utf8) + [0, 0xff, 0xc3, 0xe2]
    for round in 0..<400 {
      var bytes = whole
      for _ in 0...numbers.next(below: 4) {
        let index = numbers.next(below: bytes.count)
        switch numbers.next(below: 3) {
        case 0: bytes[index] = likely[numbers.next(below: likely.count)]
        case 1: bytes.insert(likely[numbers.next(below: likely.count)], at: index)
        default: bytes.remove(at: index)
        }
      }
      check(bytes, "\(file), round \(round)")
    }
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
private struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
