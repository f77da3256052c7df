import OpenIDCryptography
import Testing

@Suite struct SecretTests {
  struct Holder: Error {
    let secret: Secret
  }

  @Test("a secret shows itself in no way of printing a value")
  func printing() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump(secret, to: &dumped)
    dump(Holder(secret: secret), to: &dumped)
    let printed = [
      "\(secret)", String(describing: secret), String(reflecting: secret), String(describing: [secret]),
      String(reflecting: Optional(secret)), "\(Holder(secret: secret))",
      String(describing: Mirror(reflecting: secret).children.map(\.value)),
      dumped,
    ]
    for text in printed { #expect(!text.contains("hunter2")) }
    #expect(secret.exposed == "hunter2")
  }
}
