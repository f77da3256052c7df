import OpenIDRegistration
import Testing

/// Go's durations.
@Suite struct GoDurationTests {
  @Test(arguments: [
    ("0", "0s"), ("-0", "0s"), ("0s", "0s"), ("1h", "1h0m0s"), ("90m", "1h30m0s"), ("1h30m", "1h30m0s"), ("+2h", "2h0m0s"),
    ("1.5h", "1h30m0s"),
    ("0.5h", "30m0s"), ("3600s", "1h0m0s"), ("1500ms", "1.5s"), ("100ms", "100ms"), ("1us", "1µs"), ("1µs", "1µs"),
    ("1μs", "1µs"), ("1ns", "1ns"),
    ("1100us", "1.1ms"), ("1.h", "1h0m0s"), (".5s", "500ms"), ("-1.5s", "-1.5s"), ("1h1m1s1ms1us1ns", "1h1m1.001001001s"),
    ("59.999999999s", "59.999999999s"),
    ("0.3333333333333333333h", "19m59.999999999s"), ("0.9999999999999s", "999.999999ms"), ("2540400h10m10s", "2540400h10m10s"),
    ("9223372036854775807ns", "2562047h47m16.854775807s"), ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
    ("1s1s", "2s"),
  ])
  func `each has one spelling`(_ text: String, _ canonical: String) {
    #expect(GoDuration(text)?.description == canonical)
    #expect(GoDuration(canonical)?.description == canonical)
  }

  @Test(arguments: [
    "", "-", "+", "1", "1d", "1w", "h", ".s", "1h ", " 1h", "1 h", "1h-1m", "--1h", "1e3s", "1H", "0x1s",
    "9223372036854775808ns", "2562048h",
    "99999999999999999999999h", "-9223372036854775809ns", "1.s.", "٣h",
  ])
  func `what Go refuses is none`(_ text: String) {
    #expect(GoDuration(text) == nil)
  }
}
