import Testing

@testable import OpenIDRegistration

/// Absolute URLs.
@Suite struct HTTPURLTests {
  @Test(arguments: [
    ("https://Auth.Example.com/oauth2/register", "https://auth.example.com", "https://auth.example.com/oauth2/register"),
    ("HTTP://127.0.0.1:4444", "http://127.0.0.1:4444", "http://127.0.0.1:4444"),
    ("https://[::1]:443/a", "https://[::1]", "https://[::1]/a"),
    ("http://[fe80::1]:8080/?a", "http://[fe80::1]:8080", "http://[fe80::1]:8080/?a"),
    ("https://a.example.com?client_id=1&x=secret&flag", "https://a.example.com", "https://a.example.com?client_id=1&x=…&flag"),
    ("https://a.example.com:/x", "https://a.example.com", "https://a.example.com/x"),
  ])
  func `origin and text`(_ text: String, _ origin: String, _ shown: String) throws {
    let url = try HTTPURL(text)
    #expect(url.origin == origin)
    #expect(url.description == shown)
  }

  @Test(arguments: [
    ("", "is no absolute http: or https: URL"), ("/register", "is no absolute http: or https: URL"),
    ("ftp://a", "is no absolute http: or https: URL"),
    ("https:///x", "has no host"), ("https://:80", "has no host"), ("https://a:b@c", "has a user name or password in it"),
    ("https://a/#f", "has a fragment"), ("https://a b", "has a blank in it"),
    ("https://a/\u{7}", "has a character in it that no URL may have"),
    ("https://a:0", "has a port that is no number from 1 to 65535"),
    ("https://a:65536", "has a port that is no number from 1 to 65535"),
    ("https://a:+1", "has a port that is no number from 1 to 65535"), ("https://[::1", "has a bracket without its partner"),
    ("https://[::1]x", "has no port after its address"), ("https://[a.b]", "has no IPv6 address in its brackets"),
    ("https://a\\@b", "has a character in it that no URL may have"),
  ])
  func `what cannot be asked says why`(_ text: String, _ words: String) {
    #expect(throws: HTTPURL.Mistake(words: words)) { try HTTPURL(text) }
  }

  @Test(arguments: [
    ("http://127.0.0.1", true), ("http://127.1.2.3:80", true), ("http://localhost", true), ("http://LOCALHOST:1", true),
    ("http://[::1]", true),
    ("http://128.0.0.1", false), ("http://127.0.0.1.example.com", false), ("http://127.0.0", false),
    ("http://127.0.0.256", false),
    ("http://x.localhost", false), ("http://[::2]", false), ("http://localhost.example.com", false),
  ])
  func `this machine is known by its address`(_ text: String, _ isLoopback: Bool) throws {
    #expect(try HTTPURL(text).isLoopback == isLoopback)
  }
}
