import Testing

@testable import OpenIDRegistration

/// How long an answer may be used again (RFC 9111, section 4.2).
@Suite struct FreshnessTests {
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  private static let minuteLater = "Sun, 06 Nov 1994 08:50:37 GMT"

  @Test(
    arguments: [
      (["cache-control": "max-age=60"], 60), (["Cache-Control": "public, MAX-AGE=\"60\""], 60),
      (["cache-control": "max-age=60", "age": "45"], 15), (["cache-control": "max-age=60", "age": "61"], 0),
      (["cache-control": "max-age=60, max-age=10"], 60), (["cache-control": "max-age=soon"], 0),
      (["cache-control": "max-age"], 0),
      (["cache-control": "max-age=-1"], 0), (["cache-control": "max-age=99999999999999999999"], 1 << 31),
      (["cache-control": "private, no-cache, no-store, must-revalidate"], 0), (["cache-control": "max-age=60, no-store"], 0),
      (["cache-control": "no-cache=\"set-cookie\", max-age=60"], 0), (["expires": minuteLater, "date": date], 60),
      (["expires": minuteLater, "date": date, "age": "50"], 10), (["expires": date, "date": minuteLater], 0),
      (["expires": "0", "date": date], 0), (["expires": minuteLater, "date": date, "cache-control": "max-age=5"], 5),
      // Without a Date the machine's clock has to do.
      (["expires": minuteLater], 3597), (["cache-control": "public"], nil), (["last-modified": date], nil), ([:], nil),
    ] as [([String: String], Int?)])
  func `the answer's own words decide`(_ headers: [String: String], _ seconds: Int?) {
    let fields = HTTPFields(headers.map { HTTPFields.Field(name: $0.key, value: $0.value) })
    #expect(fields.freshness(now: 784_111_837 - 3597) == seconds.map { Duration.seconds($0) })
  }

  @Test func `several fields are one`() {
    var headers: HTTPFields = ["cache-control": "max-age=60"]
    headers.append("Cache-Control", "no-store")
    #expect(headers.freshness(now: 0) == .zero)
  }
}
