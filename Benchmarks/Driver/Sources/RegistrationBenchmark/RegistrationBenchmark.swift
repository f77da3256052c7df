import OpenIDRegistration
import OpenIDRegistrationCurl

/// Calls operations again and again through the library, so many at once, and prints how many a second there were.
///
/// `get` and `create` run their tasks on the transport's own thread, as a program would that does little besides calls; `get-elsewhere` on
/// the threads that Swift has for all tasks.
///
///     RegistrationBenchmark get URI TOKEN SECONDS IN-FLIGHT
///     RegistrationBenchmark create ENDPOINT - SECONDS IN-FLIGHT
@main
struct RegistrationBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let seconds = Double(arguments[4]), let inFlight = Int(arguments[5]) else {
      fatalError("usage: RegistrationBenchmark get|get-elsewhere|create URL TOKEN SECONDS IN-FLIGHT")
    }
    let (url, token) = (arguments[2], ClientAuthentication.registrationAccessToken(.init(arguments[3])))
    let transport = CurlTransport(.init(maximumConnections: inFlight))
    let client = OpenIDRegistrationClient(transport: transport)
    let metadata: ClientMetadata = [
      "client_name": "Benchmark", "redirect_uris": ["https://benchmark.example.com/callback"],
      "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access",
    ]
    let isRead = arguments[1].hasPrefix("get")
    let executor = arguments[1] == "get-elsewhere" ? globalConcurrentExecutor : transport.executor
    let rate = try await rate(of: inFlight, for: .seconds(seconds), on: executor) {
      if isRead {
        _ = try await client.getOidcDynamicClient(at: url, authentication: token)
      } else {
        _ = try await client.createOidcDynamicClient(metadata, at: url)
      }
    }
    print(Int(rate))
  }

  /// How many calls a second so many tasks make together, off the main thread as a server would.
  @concurrent
  private static func rate(
    of inFlight: Int, for duration: Duration, on executor: any TaskExecutor, _ call: @escaping @Sendable () async throws -> Void
  ) async throws -> Double {
    let begin = ContinuousClock.now
    let end = begin + duration
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<inFlight {
        group.addTask(executorPreference: executor) {
          var count = 0
          while ContinuousClock.now < end {
            try await call()
            count += 1
          }
          return count
        }
      }
      var sum = 0
      for try await count in group { sum += count }
      return sum
    }
    return Double(count) / ((ContinuousClock.now - begin) / .seconds(1))
  }
}
