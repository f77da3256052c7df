import OpenIDJSON
import OpenIDRegistration
import Testing

@testable import EmbeddedProvider

/// Go's habits, as far as they show on the wire.
@Suite struct GoTests {
  struct Refused: Sendable {
    let text: String
    let message: String
  }

  @Test(
    "text that is no JSON is refused in the words of Go's scanner",
    arguments: [
      Refused(text: "", message: "EOF"),
      Refused(text: " \n", message: "EOF"),
      Refused(text: "{", message: "unexpected EOF"),
      Refused(text: #"{"a"#, message: "unexpected EOF"),
      Refused(text: #"{"a":1"#, message: "unexpected EOF"),
      Refused(text: #"{"a":"\u00"#, message: "unexpected EOF"),
      Refused(text: "tru", message: "unexpected EOF"),
      Refused(text: "-", message: "unexpected EOF"),
      Refused(text: "x", message: "invalid character 'x' looking for beginning of value"),
      Refused(text: "'", message: #"invalid character '\'' looking for beginning of value"#),
      Refused(text: "\u{1}", message: #"invalid character '\x01' looking for beginning of value"#),
      Refused(text: "ü", message: "invalid character 'Ã' looking for beginning of value"),
      Refused(text: "{a", message: "invalid character 'a' looking for beginning of object key string"),
      Refused(text: "{1:2}", message: "invalid character '1' looking for beginning of object key string"),
      Refused(text: #"{"a" 1}"#, message: "invalid character '1' after object key"),
      Refused(text: #"{"a":1 "b"}"#, message: #"invalid character '"' after object key:value pair"#),
      Refused(text: #"{"a":1,}"#, message: "invalid character '}' looking for beginning of object key string"),
      Refused(text: #"{"a":01}"#, message: "invalid character '1' after object key:value pair"),
      Refused(text: "[1 2]", message: "invalid character '2' after array element"),
      Refused(text: "[1,]", message: "invalid character ']' looking for beginning of value"),
      Refused(text: #"{"a":tru}"#, message: "invalid character '}' in literal true (expecting 'e')"),
      Refused(text: #"{"a":nil}"#, message: "invalid character 'i' in literal null (expecting 'u')"),
      Refused(text: #"{"a":-x}"#, message: "invalid character 'x' in numeric literal"),
      Refused(text: #"{"a":1.}"#, message: "invalid character '}' after decimal point in numeric literal"),
      Refused(text: #"{"a":1e+}"#, message: "invalid character '}' in exponent of numeric literal"),
      Refused(text: "\"\n\"", message: #"invalid character '\n' in string literal"#),
      Refused(text: #""\x""#, message: "invalid character 'x' in string escape code"),
      Refused(text: #""\u00g0""#, message: #"invalid character 'g' in \u hexadecimal character escape"#),
      Refused(text: String(repeating: "[", count: 600), message: "exceeded max depth"),
    ])
  func scannerRefuses(_ refused: Refused) throws {
    let error = try #require(throws: GoJSONError.self) { try GoJSONDecoder.decode(Array(refused.text.utf8)) }
    #expect(error.message == refused.message)
  }

  @Test("every cut of a document is refused and none ends the program")
  func cutDocuments() throws {
    let text = Array(#"{"a":[1,-2.5e+3,true,false,null],"b":{"c":"\u00e9\ud83d\ude00\n"}} "#.utf8)
    for end in 0..<text.count - 2 {
      #expect(throws: GoJSONError.self) { try GoJSONDecoder.decode(Array(text[..<end])) }
    }
    guard case .object(let members) = try GoJSONDecoder.decode(text) else { throw GoJSONError(message: "no object") }
    #expect(members.map(\.name) == ["a", "b"])
    #expect(members[0].value.text() == "[1,-2.5e+3,true,false,null]")
    #expect(members[1].value["c"] == "é\u{1f600}\n")
  }

  @Test(
    "members that do not fit are refused in the words of Go's decoder",
    arguments: [
      Refused(text: "7", message: "json: cannot unmarshal number into Go value of type client.Client"),
      Refused(text: "\"x\"", message: "json: cannot unmarshal string into Go value of type client.Client"),
      Refused(text: "true", message: "json: cannot unmarshal bool into Go value of type client.Client"),
      Refused(
        text: #"{"scope":["a"]}"#,
        message: "json: cannot unmarshal array into Go struct field Client.scope of type string"),
      Refused(
        text: #"{"contacts":["a",7]}"#,
        message: "json: cannot unmarshal number into Go struct field Client.contacts of type string"),
      Refused(
        text: #"{"contacts":{}}"#,
        message: "json: cannot unmarshal object into Go struct field Client.contacts of type sqlxx.StringSliceJSONFormat"),
      Refused(
        text: #"{"client_secret_expires_at":1.5}"#,
        message: "json: cannot unmarshal number 1.5 into Go struct field Client.client_secret_expires_at of type int"),
      Refused(
        text: #"{"client_secret_expires_at":99999999999999999999}"#,
        message:
          "json: cannot unmarshal number 99999999999999999999 into Go struct field Client.client_secret_expires_at of type int"),
      Refused(
        text: #"{"skip_consent":"no"}"#,
        message: "json: cannot unmarshal string into Go struct field Client.skip_consent of type bool"),
      Refused(
        text: #"{"skip_logout_consent":"no"}"#, message: "json: cannot unmarshal string into Go value of type bool"),
      Refused(text: #"{"created_at":5}"#, message: "Time.UnmarshalJSON: input is not a JSON string"),
      Refused(
        text: #"{"updated_at":"now"}"#,
        message: #"parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006""#),
      Refused(
        text: #"{"jwks":{"keys":5}}"#,
        message: "json: cannot unmarshal number into Go struct field JoseJSONWebKeySet.jwks.JSONWebKeySet.keys of type "
          + "[]jose.JSONWebKey"),
      Refused(
        text: #"{"jwks":"x"}"#,
        message: "json: cannot unmarshal string into Go struct field Client.jwks of type x.JoseJSONWebKeySet"),
      Refused(
        text: #"{"jwks":{"keys":[5]}}"#, message: "json: cannot unmarshal number into Go value of type jose.rawJSONWebKey"),
      Refused(
        text: #"{"client_name":7,"client_name":"x"}"#,
        message: "json: cannot unmarshal number into Go struct field Client.client_name of type string"),
    ])
  func decoderRefuses(_ refused: Refused) throws {
    let error = try #require(throws: GoJSONError.self) { try ClientRecord(decoding: Array(refused.text.utf8)) }
    #expect(error.message == refused.message)
  }

  @Test(
    "keys that are none are refused in the words of Hydra's library",
    arguments: [
      Refused(text: "{}", message: "unknown json web key type ''"),
      Refused(text: #"{"kty":"XX"}"#, message: "unknown json web key type 'XX'"),
      Refused(text: #"{"kty":"EC","crv":"P-1"}"#, message: "unsupported elliptic curve 'P-1'"),
      Refused(text: #"{"kty":"EC","crv":"P-256","x":"AQAB"}"#, message: "invalid EC key, missing x/y values"),
      Refused(
        text: #"{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}"#, message: "invalid EC public key, wrong length for x"),
      Refused(text: #"{"kty":"EC","crv":"P-256","d":"AQAB"}"#, message: "invalid EC private key, missing x/y/d values"),
      Refused(text: #"{"kty":"RSA","n":"AQAB"}"#, message: "invalid RSA key, missing n/e values"),
      Refused(text: #"{"kty":"RSA","d":"AQAB","e":"AQAB"}"#, message: "invalid RSA private key, missing N value(s)"),
      Refused(text: #"{"kty":"oct"}"#, message: "invalid OCT (symmetric) key, missing k value"),
      Refused(text: #"{"kty":"OKP","crv":"X25519","x":"AQAB"}"#, message: "unknown curve X25519'"),
    ])
  func keysAreRefused(_ refused: Refused) throws {
    let key = try JSONValue(parsing: refused.text)
    let error = try #require(throws: GoJSONError.self) { try JSONWebKey(decoding: key) }
    #expect(error.message == "go-jose/go-jose: " + refused.message)
  }

  @Test("keys are written anew: known members in a fixed order, numbers without leading zeros and padding")
  func keysAreRewritten() throws {
    let rsa = try JSONWebKey(
      decoding: [
        "e": "AAEAAQ==", "x_other": 1, "n": "ALw", "kid": "k", "kty": "RSA", "key_ops": ["sign"], "use": "sig", "alg": "",
      ])
    #expect(JSONValue.object(rsa.json).text() == #"{"use":"sig","kty":"RSA","kid":"k","n":"vA","e":"AQAB"}"#)
    #expect(rsa.isValid)
    #expect(try !JSONWebKey(decoding: ["kty": "oct", "k": "AQAB"]).isValid)
    #expect(try !JSONWebKey(decoding: ["kty": "RSA", "n": "AQAB", "e": "AA"]).isValid)
    let error = try #require(throws: GoJSONError.self) { try JSONWebKey(decoding: ["kty": "RSA", "n": "A+AB"]) }
    #expect(error.message == "illegal base64 data at input byte 1")
  }

  @Test(
    "times are read and written as Go does",
    arguments: [
      ("2026-07-24T17:05:05Z", "2026-07-24T17:05:05Z"), ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
      ("2024-02-29T23:30:00.120000+02:30", "2024-02-29T21:00:00.12Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
      ("2000-12-31T23:59:59.123456789123-01:00", "2001-01-01T00:59:59.123456789Z"),
      ("2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00.5Z"),
    ])
  func times(text: String, written: String) throws {
    #expect(try GoTime(parsing: text).description == written)
  }

  @Test(
    "times that are none are refused in Go's words",
    arguments: [
      ("2026-1-01T00:00:00Z", #" as "2006-01-02T15:04:05Z07:00": cannot parse "1-01T00:00:00Z" as "01""#),
      ("2026-01-01 00:00:00Z", #" as "2006-01-02T15:04:05Z07:00": cannot parse " 00:00:00Z" as "T""#),
      ("2026-01-01T00:00:00", #" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00""#),
      ("2026-01-01T00:00:00+0100", #" as "2006-01-02T15:04:05Z07:00": cannot parse "+0100" as "Z07:00""#),
      ("2026-13-01T00:00:00Z", ": month out of range"), ("2026-02-29T00:00:00Z", ": day out of range"),
      ("2026-01-01T24:00:00Z", ": hour out of range"), ("2026-01-01T00:60:00Z", ": minute out of range"),
      ("2026-01-01T00:00:60Z", ": second out of range"), ("2026-01-01T00:00:00Zx", #": extra text: "x""#),
    ])
  func oddTimes(text: String, words: String) throws {
    let error = try #require(throws: GoJSONError.self) { try GoTime(parsing: text) }
    #expect(error.message == "parsing time \"\(text)\"\(words)")
  }

  @Test("times are rounded to the second and cut to the microsecond")
  func roundedTimes() {
    #expect(GoTime(seconds: 5, nanoseconds: 500_000_000).roundedToSecond == GoTime(seconds: 6))
    #expect(GoTime(seconds: 5, nanoseconds: 499_999_999).roundedToSecond == GoTime(seconds: 5))
    #expect(GoTime(seconds: 5, nanoseconds: 1_999).truncatedToMicrosecond == GoTime(seconds: 5, nanoseconds: 1_000))
  }

  @Test(
    "durations that are none are refused in Go's words",
    arguments: [
      ("", "invalid duration \"\""), ("one hour", "invalid duration \"one hour\""), ("5", "missing unit in duration \"5\""),
      ("1h5", "missing unit in duration \"1h5\""), ("5d", "unknown unit \"d\" in duration \"5d\""),
      ("1.x", "unknown unit \"x\" in duration \"1.x\""), (".s", "invalid duration \".s\""), ("-", "invalid duration \"-\""),
      ("9999999999h", "invalid duration \"9999999999h\""), ("1h ", "unknown unit \"h \" in duration \"1h \""),
    ])
  func oddDurations(text: String, words: String) throws {
    let error = try #require(throws: GoJSONError.self) { try GoDuration(parsing: text) }
    #expect(error.message == "time: " + words)
  }

  struct URLParts: Sendable {
    let text: String
    var scheme = ""
    var hostname = ""
    var port = ""
    var path = ""
    var query = ""
    var opaque = ""
  }

  @Test(
    "URLs are taken apart as Go does",
    arguments: [
      URLParts(
        text: "https://a.example.com:443/x?y=z", scheme: "https", hostname: "a.example.com", port: "443", path: "/x",
        query: "y=z"),
      URLParts(text: "HTTPS://Upper.example.com/CB", scheme: "https", hostname: "Upper.example.com", path: "/CB"),
      URLParts(text: "http://[::1]:80/%2fx", scheme: "http", hostname: "::1", port: "80", path: "//x"),
      URLParts(text: "app:callback", scheme: "app", opaque: "callback"),
      URLParts(text: "com.example.app:/cb", scheme: "com.example.app", path: "/cb"),
      URLParts(text: "/cb", path: "/cb"),
      URLParts(text: "https://user:pw@host", scheme: "https", hostname: "host"),
      URLParts(text: "*", path: "*"),
      URLParts(text: "https://a/b c", scheme: "https", hostname: "a", path: "/b c"),
      URLParts(text: "///x", path: "///x"),
    ])
  func urlsAreTakenApart(_ parts: URLParts) throws {
    let url = try GoURL(parsingRequest: parts.text)
    #expect(url.scheme == parts.scheme)
    #expect(url.hostname == parts.hostname)
    #expect(url.port == parts.port)
    #expect(url.path == parts.path)
    #expect(url.query == parts.query)
    #expect(url.opaque == parts.opaque)
  }

  @Test(
    "URLs that are none are refused in Go's words",
    arguments: [
      ("", "empty url"), ("x", "invalid URI for request"), (":x", "missing protocol scheme"),
      ("1a:b", "invalid URI for request"),
      ("http://[::1", "missing ']' in host"), ("http://a:b/", "invalid port \":b\" after host"),
      ("http://a b/", "invalid character \" \" in host name"), ("http://u ser@a/", "net/url: invalid userinfo"),
      ("http://a/%zz", "invalid URL escape \"%zz\""), ("http://a/%2", "invalid URL escape \"%2\""),
      ("http://a/\u{7f}", "net/url: invalid control character in URL"),
    ])
  func oddURLs(text: String, words: String) throws {
    let error = try #require(throws: GoURLError.self) { try GoURL(parsingRequest: text) }
    #expect(error.message == "parse \(GoText.quoted(text)): \(words)")
  }

  @Test("references may be empty or relative, but not begin like a scheme")
  func references() throws {
    #expect(try GoURL(parsing: "").path == "")
    #expect(try GoURL(parsing: "a/b:c#d").fragment == "d")
    let error = try #require(throws: GoURLError.self) { try GoURL(parsing: "1:b") }
    #expect(error.message == "parse \"1:b\": first path segment in URL cannot contain colon")
  }

  @Test("queries are read and written as Go does")
  func queries() {
    var query = GoQuery(parsing: "b=2&a=1+%26&a=3&%zz=4&x;y=5&c")
    #expect(query["a"] == "1 &")
    #expect(query["c"] == "")
    #expect(query["missing"] == "")
    #expect(query.text == "a=1+%26&a=3&b=2&c=")
    query["a"] = "ü/"
    #expect(query.text == "a=%C3%BC%2F&b=2&c=")
    #expect(GoQuery(parsing: "p=&p=x").firstNonEmpty("p") == "x")
  }

  @Test("texts are quoted as Go does")
  func quoting() {
    #expect(GoText.quoted("a\"b\\\n\u{1}ü\u{a0}\u{200b}\u{e000}\u{1f600}") == #""a\"b\\\n\x01ü\u00a0\u200b\ue000😀""#)
    #expect(GoText.list(["public", "pairwise"]) == "[public pairwise]")
  }
}
