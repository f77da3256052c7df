import OpenIDCryptography

/// The payload of an age file: ChaCha20-Poly1305 in chunks of 64 KiB, the last one marked (STREAM).
enum AgeStream {
  private static let chunk = 64 * 1024

  static func seal(_ plaintext: [UInt8], key: [UInt8]) -> [UInt8] {
    let cipher = AEADCipher(.chaCha20Poly1305, key: key)
    var output: [UInt8] = []
    var counter: UInt64 = 0
    var start = 0
    repeat {
      let end = min(start + chunk, plaintext.count)
      let (ciphertext, tag) = cipher.seal(
        Array(plaintext[start..<end]), nonce: nonce(counter, isLast: end == plaintext.count))
      output += ciphertext
      output += tag
      counter += 1
      start = end
    } while start < plaintext.count
    return output
  }

  static func open(_ payload: [UInt8], key: [UInt8]) throws(AgeError) -> [UInt8] {
    let cipher = AEADCipher(.chaCha20Poly1305, key: key)
    let whole = chunk + AEADCipher.tagLength
    var output: [UInt8] = []
    var counter: UInt64 = 0
    var start = 0
    repeat {
      let end = min(start + whole, payload.count)
      let isLast = end == payload.count
      guard end - start >= AEADCipher.tagLength else { throw damaged }
      let plaintext = cipher.open(
        Array(payload[start..<(end - AEADCipher.tagLength)]), tag: Array(payload[(end - AEADCipher.tagLength)..<end]),
        nonce: nonce(counter, isLast: isLast))
      // A last chunk without content is there only where there is no other.
      guard let plaintext, !(isLast && plaintext.isEmpty && counter > 0) else { throw damaged }
      output += plaintext
      counter += 1
      start = end
    } while start < payload.count
    return output
  }

  private static let damaged = AgeError(
    .invalidPayload, "the payload of the age file was changed, cut, or has something behind it")

  private static func nonce(_ counter: UInt64, isLast: Bool) -> [UInt8] {
    let big = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(8 * (7 - $0))) }
    return [0, 0, 0] + big + [isLast ? 1 : 0]
  }
}
