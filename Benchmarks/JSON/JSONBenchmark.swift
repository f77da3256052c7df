import OpenIDJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What reading and writing a state of ten thousand clients costs.
///
///     JSONBenchmark make CLIENTS     writes such a state to standard output
///     JSONBenchmark read             reads one from standard input and prints how many members it has, like `jq length`
///     JSONBenchmark measure          reads one from standard input and prints times
@main struct JSONBenchmark {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case "make":
      output(state(of: CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 10_000).utf8(.sops) + [0x0a])
    case "read": print(try JSONValue(parsing: input()).object?.count ?? 0)
    case "measure": try measure(input())
    default:
      print("usage: JSONBenchmark make CLIENTS | read | measure")
      exit(64)
    }
  }

  /// A state as clientsync writes it, with values of the usual lengths in it. The same for every run.
  static func state(of count: Int) -> JSONValue {
    var members: [JSONMember] = []
    for index in 0..<count {
      let name = "client-" + String(repeating: "0", count: 6 - String(index).count) + String(index)
      let metadata: JSONObject = [
        "client_name": .string("Client \(index) für Zürich"),
        "redirect_uris": [
          .string("https://\(name).example.com/callback"), .string("https://\(name).example.com/silent?a=1&b=2"),
        ],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "scope": "openid offline_access email", "token_endpoint_auth_method": "client_secret_basic",
        "contacts": [.string("team-\(index % 50)@example.com")],
      ]
      var observed = metadata
      observed["subject_type"] = "public"
      observed["userinfo_signed_response_alg"] = "none"
      observed["created_at"] = "2025-01-01T00:00:00Z"
      observed["client_secret_expires_at"] = 0
      observed["jwks"] = [:]
      let sealed = String(repeating: "3q2+7wABCDEFghij", count: 5)
      let text = "ENC[AES256_GCM,data:\(sealed),iv:\(sealed.prefix(44)),tag:\(sealed.prefix(24)),type:str]"
      members.append(
        JSONMember(
          name: name,
          value: [
            "client_id": .string("9d1e4a52-0000-4000-8000-\(index)"),
            "registration_client_uri": .string("https://auth.example.com/oauth2/register/9d1e4a52-0000-4000-8000-\(index)"),
            "managed_by": "registration", "generation": 3, "status": "ok", "applied": .object(metadata),
            "observed": .object(observed), "applied_at": "2025-01-01T00:00:00Z", "deletion": "delete",
            "labels": ["team": .string("team-\(index % 50)")], "source": .string("clients/\(name).yaml"),
            "delivered": [],
            "sealed": ["client_secret": .string(text), "registration_access_token": .string(text)],
          ]))
    }
    return [
      "version": 1, "lineage": "3a3f0f5e-0000-4000-8000-000000000000", "serial": 12, "registry": "hydra",
      "clients": .object(JSONObject(members)),
    ]
  }

  static func measure(_ bytes: [UInt8]) throws {
    let megabytes = Double(bytes.count) / 1e6
    var value = JSONValue.null
    let reading = try best { value = try JSONValue(parsing: bytes) }
    var written = 0
    let compact = best { written = value.utf8().count }
    let sops = best { written += value.utf8(.sops).count }
    func shown(_ number: Double) -> String { String((number * 10).rounded() / 10) }
    print(
      "read          \(shown(reading * 1000)) ms of user time, \(shown(megabytes / reading)) MB/s of \(shown(megabytes)) MB")
    print("write         \(shown(compact * 1000)) ms, \(shown(compact / reading)) times the reading")
    print("write as sops \(shown(sops * 1000)) ms, \(shown(sops / reading)) times the reading")
    if written == 0 { exit(1) }
  }

  /// The least user time, in seconds, of seven runs.
  static func best(_ work: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<7 {
      let start = userTime()
      try work()
      least = min(least, userTime() - start)
    }
    return least
  }

  static func userTime() -> Double {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
  }

  static func input() -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe part.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
      guard count > 0 else { return bytes }
      bytes += part[..<count]
    }
  }

  static func output(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
      guard count > 0 else { exit(1) }
      rest = rest.dropFirst(count)
    }
  }
}
