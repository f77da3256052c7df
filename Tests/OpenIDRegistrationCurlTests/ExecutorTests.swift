import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// Tasks that run on the transport's own thread.
@Suite struct ExecutorTests {
  @Test func `tasks that prefer it run on one thread, and their calls are the ones of any other`() async throws {
    let transport = CurlTransport()
    let threads = Threads()
    try await withServer { connection in
      while connection.request() != nil { connection.answer() }
    } _: { server in
      let sum = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<50 {
          group.addTask(executorPreference: transport.executor) {
            threads.note()
            let response = try? await transport.send(HTTPRequest(.get, server.url))
            threads.note()
            return response?.status ?? 0
          }
        }
        return await group.reduce(0, +)
      }
      #expect(sum == 50 * 200)
    }
    #expect(threads.count == 1)
  }

  /// Holds a transport, alone.
  private final class Last: Sendable {
    let executor: any TaskExecutor
    private let transport: Mutex<CurlTransport?>

    init() {
      let transport = CurlTransport()
      executor = transport.executor
      self.transport = Mutex(transport)
    }

    func end() { transport.withLock { $0 = nil } }
  }

  /// On how many threads something ran.
  private final class Threads: Sendable {
    private let seen = Mutex<Set<String>>([])

    var count: Int { seen.withLock(\.count) }
    func note() { seen.withLock { _ = $0.insert("\(pthread_self())") } }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a task that never rests does not keep the others from their answers`() async throws {
    let transport = CurlTransport(.init(timeout: .seconds(60)))
    try await withServer { connection in
      while connection.request() != nil { connection.answer() }
    } _: { server in
      let restless = Task(executorPreference: transport.executor) {
        var turns = 0
        while !Task.isCancelled {
          await Task.yield()
          turns += 1
        }
        return turns
      }
      for _ in 0..<3 {
        let response = try await transport.send(HTTPRequest(.get, server.url))
        #expect(response.status == 200)
      }
      restless.cancel()
      #expect(await restless.value > 0)
    }
  }

  @Test func `a task is cancelled there as anywhere`() async throws {
    let transport = CurlTransport()
    try await withServer { connection in
      connection.request()
      _ = connection.waitForClose()
    } _: { server in
      let task = Task(executorPreference: transport.executor) {
        await failure(HTTPRequest(.get, server.url), by: transport)
      }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      #expect(await task.value?.code == .cancelled)
    }
  }

  @Test func `tasks go on there when the transport has ended`() async {
    for _ in 0..<200 {
      let executor = CurlTransport().executor
      let numbers = await withTaskGroup(of: Int.self) { group in
        for number in 0..<4 {
          group.addTask(executorPreference: executor) {
            await Task.yield()
            return number
          }
        }
        return await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect(numbers == [0, 1, 2, 3])
    }
  }

  @Test func `the transport may end within one of its tasks`() async {
    for _ in 0..<50 {
      let last = Last()
      let isDone = await Task(executorPreference: last.executor) {
        last.end()
        await Task.yield()
        return true
      }.value
      #expect(isDone)
    }
  }
}
