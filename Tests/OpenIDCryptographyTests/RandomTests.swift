import OpenIDCryptography
import Testing

@Suite struct RandomTests {
  @Test("as many bytes come as were asked for, and others each time", arguments: [16, 32, 1000])
  func bytesAsked(_ count: Int) {
    #expect(Random.bytes(count).count == count)
    #expect(Random.bytes(count) != Random.bytes(count))
  }

  @Test("no bytes can be asked for")
  func noBytes() { #expect(Random.bytes(0).isEmpty) }

  @Test("a UUID is of version 4, in lower case, and new each time")
  func uuids() throws {
    var seen: Set<String> = []
    for _ in 0..<200 {
      let uuid = Random.uuid()
      #expect(try #/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/#.wholeMatch(in: uuid) != nil)
      #expect(seen.insert(uuid).inserted)
    }
  }

  @Test("a text has its length and nothing but its alphabet", arguments: ["ab", "abcdefghijklmnopqrstuvwxyz0123456789", "x"])
  func texts(_ alphabet: String) {
    let text = Random.text(2000, alphabet: alphabet)
    #expect(text.count == 2000)
    #expect(text.allSatisfy(alphabet.contains))
    // In so many draws a letter stays away less often than once in 10^22 runs.
    #expect(Set(text) == Set(alphabet))
    #expect(Random.text(0, alphabet: alphabet).isEmpty)
  }

  @Test("no letter is favoured where the alphabet does not divide 256")
  func evenness() {
    // With the remainder of a byte, each of the first 56 of these 100 letters would come twice as often as the others.
    let alphabet = String((0..<100).map { Character(UnicodeScalar(UInt8($0 + 20))) })
    let draws = 100_000
    let early = Random.text(draws, alphabet: alphabet).utf8.count { $0 < 20 + 56 }
    // 56,000 are expected, and 65,625 where it is uneven; the standard deviation is below 160.
    #expect((55_000...57_000).contains(early))
  }
}
