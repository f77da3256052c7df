import EmbeddedProvider
import Foundation
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Testing

/// The commands about somebody who signed in.
@Suite struct OIDCPersonTests {
  typealias Place = OIDCCommandTests.Place

  private func client(_ place: Place, _ more: String...) async throws -> JSONValue {
    let run = await place.repository.run(
      [
        "oidc", "register", "--endpoint", place.endpoint, "--set", "redirect_uris=https://app.example.com/cb", "--set",
        "post_logout_redirect_uris=https://app.example.com/bye", "--set", "grant_types=authorization_code", "--set",
        "scope=openid offline userinfo_credential_draft_00",
      ] + more)
    return try #require(run.json)
  }

  @Test(
    "userinfo prints the claims, of a plain answer and of a signed one that was checked, however the token is shown",
    arguments: ["none", "RS256"], ["get", "post", "form"])
  func userinfo(_ algorithm: String, _ method: String) async throws {
    let place = try Place()
    let client = try await client(place, "--set", "userinfo_signed_response_alg=\(algorithm)")
    let person = try await SignIn(at: place.provider.publicURL, client: client)
    let run = await place.repository.run(
      "oidc", "userinfo", "--issuer", place.provider.publicURL, "--token", "env:TOKEN", "--subject", "alice@example.com",
      "--client-id", client["client_id"]?.string ?? "", "--method", method, "-v", environment: ["TOKEN": person.accessToken])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.json?["sub"] == "alice@example.com" && run.json?["email"] == "alice@example.com")
    #expect(!run.errors.contains(person.accessToken))
  }

  @Test("claims of somebody else, a wrong token and a signed answer without keys are failures")
  func refusedUserinfo() async throws {
    let place = try Place()
    let client = try await client(place, "--set", "userinfo_signed_response_alg=RS256")
    let person = try await SignIn(at: place.provider.publicURL, client: client)
    let token = ["TOKEN": person.accessToken]
    let other = await place.repository.run(
      "oidc", "userinfo", "--issuer", place.provider.publicURL, "--token", "env:TOKEN", "--subject", "bob", environment: token)
    #expect(other.status == 1 && other.json?["failure"]?["code"] == "mismatch.sub" && other.json?["email"] == nil)
    let unchecked = await place.repository.run(
      "oidc", "userinfo", "--endpoint", place.provider.publicURL + "/userinfo", "--token", "env:TOKEN", environment: token)
    #expect(unchecked.status == 1 && unchecked.json?["failure"]?["code"] == "signature.noKey")
    let wrong = await place.repository.run(
      "oidc", "userinfo", "--issuer", place.provider.publicURL, "--token", "-", input: "wrong")
    #expect(wrong.status == 1 && wrong.json?["failure"]?["error"] == "request_unauthorized", "\(wrong.output)")
  }

  @Test("a credential is bound to a new key, which is kept, or to one's own", arguments: ["ES256", "EdDSA"])
  func credential(_ algorithm: String) async throws {
    let place = try Place()
    let client = try await client(place)
    let person = try await SignIn(
      at: place.provider.publicURL, client: client, scope: "openid userinfo_credential_draft_00")
    let key = place.path("key.json")
    let common = ["oidc", "credential", "--issuer", place.provider.publicURL, "--token", "env:TOKEN", "-v"]
    let first = await place.repository.run(
      common + ["--key-out", key, "--algorithm", algorithm], environment: ["TOKEN": person.accessToken])
    #expect(first.status == 0 && first.json?["signature_checked"] == true, "\(first.errors)")
    let kept = try SigningKey(
      privateJWK: Secret(String(decoding: try #require(place.repository.read("key.json")), as: UTF8.self)))
    #expect(kept.algorithm.rawValue == algorithm)
    #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
    let second = await place.repository.run(
      common + ["--key", "file:\(key)"], environment: ["TOKEN": person.accessToken])
    #expect(second.status == 0 && second.json?["claims"]?["sub"] == first.json?["claims"]?["sub"])
    let again = await place.repository.run(
      common + ["--key-out", key], environment: ["TOKEN": person.accessToken])
    #expect(again.status == 1 && again.errors.contains("key.json"), "the key is not written over")
    #expect(again.errors.contains("is there already") && again.errors.contains("--key file:\(key)"), "\(again.errors)")
    let credential = try #require(first.json?["credential"]?.string)
    let secrets = [
      credential, person.accessToken, try #require(kept.privateJWK.exposed.split(separator: "\"d\":\"").last.map(String.init)),
    ]
    for secret in secrets { #expect(!(first.errors + second.errors).contains(secret)) }
  }

  @Test("a credential that could not be printed is no success, and the words advise what the command has")
  func lostCredential() async throws {
    let place = try Place()
    let person = try await SignIn(
      at: place.provider.publicURL, client: try await client(place), scope: "openid userinfo_credential_draft_00")
    let child = try Child(
      [
        Child.clientsync, "oidc", "credential", "--issuer", place.provider.publicURL, "--token", "env:TOKEN", "--key-out",
        place.path("key.json"),
      ], environment: ["HOME": place.repository.folder, "TOKEN": person.accessToken], output: "/dev/full",
      errors: place.path("errors"))
    #expect(await child.ended() >> 8 == 4)
    let words = String(decoding: place.repository.read("errors") ?? Data(), as: UTF8.self)
    #expect(words.contains("No space left on device") && words.contains("with --key"), "\(words)")
    #expect(!words.contains("--out") && !words.contains("--client"), "\(words)")
  }

  @Test("logout goes where the provider leads, with the browser's cookies, and prints a URL for a browser")
  func logout() async throws {
    let place = try Place()
    let person = try await SignIn(at: place.provider.publicURL, client: try await client(place))
    let environment = ["HINT": person.idToken, "COOKIE": person.cookies]
    let common = [
      "oidc", "logout", "--issuer", place.provider.publicURL, "--id-token-hint", "env:HINT", "--post-logout-redirect-uri",
      "https://app.example.com/bye", "--state", "s-1", "-v",
    ]
    let printed = await place.repository.run(common + ["--print-url"], environment: environment)
    #expect(printed.json?["url"]?.string?.contains("id_token_hint=\(person.idToken)") == true)
    let run = await place.repository.run(common + ["--cookie", "env:COOKIE"], environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.json?["outcome"] == "returned" && run.json?["url"] == "https://app.example.com/bye?state=s-1")
    #expect(!run.errors.contains(person.idToken) && !run.errors.contains(person.cookies))
    let unregistered = await place.repository.run(
      "oidc", "logout", "--issuer", place.provider.publicURL, "--id-token-hint", "env:HINT", "--post-logout-redirect-uri",
      "https://evil.example/", environment: environment)
    #expect(unregistered.status == 1 && unregistered.json?["failure"]?["error"] == "invalid_request", "\(unregistered.output)")
  }

  @Test(
    "what is missing is said before anything is sent",
    arguments: [
      (["userinfo"], "--token"), (["userinfo", "--token", "env:HOME"], "--issuer URL"),
      (["credential", "--token", "env:HOME"], "--key-out"),
      (["logout"], "--issuer URL"),
      (["logout", "--id-token-hint", "eyJ.typed.token", "--endpoint", "http://127.0.0.1:9/"], "never the credential"),
    ])
  func missing(_ arguments: [String], _ words: String) async throws {
    let place = try Place()
    let run = await place.repository.run(["oidc"] + arguments)
    #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    #expect(!run.errors.contains("eyJ.typed.token"))
  }
}
