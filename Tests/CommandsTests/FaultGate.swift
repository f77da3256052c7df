import Applying
import Foundation
import Glibc
import OpenIDJSON
import OpenIDRegistration
import State
import Synchronization

/// One step of the disk that goes wrong, and how.
struct FaultPoint: Sendable, Hashable {
  enum Kind: String, Sendable, CaseIterable {
    /// The step has no effect and reports an error; all others work.
    case fails
    /// The step happens, and the process is killed right after it.
    case killed
    /// Half of the step's bytes are written, then the process is killed.
    case torn
    /// From this step on the disk is full.
    case full
  }

  var kind: Kind
  var step: Int
}

/// A process that dies, or a disk that fails, at one step: nothing is written and nothing is sent after that.
final class FaultGate: Sendable {
  private struct Status {
    var steps: [FileStep] = []
    var isArmed = false
    var isDead = false
    var isFull = false
  }

  private let point: FaultPoint?
  private let stop: StopSignal
  private let status = Mutex(Status())

  init(_ point: FaultPoint?, stop: StopSignal) {
    self.point = point
    self.stop = stop
  }

  var steps: [FileStep] { status.withLock(\.steps) }
  var isDead: Bool { status.withLock(\.isDead) }

  var files: PosixFiles {
    PosixFiles(gate: PosixFiles.Gate(before: { [self] in before($0) }, after: { [self] _ in after() }))
  }

  private func before(_ step: FileStep) -> FileStepFate {
    status.withLock { status in
      if status.isDead { return .fails(EIO) }
      status.steps.append(step)
      let takesRoom = [.create, .write, .sync, .link, .makeFolder].contains(step.call)
      if status.isFull, takesRoom { return .fails(ENOSPC) }
      guard let point, point.step == status.steps.count else { return .happens }
      switch point.kind {
      case .fails: return .fails(EIO)
      case .killed:
        status.isArmed = true
        return .happens
      case .torn:
        kill(&status)
        return .tears(EIO)
      case .full:
        status.isFull = true
        return takesRoom ? .fails(ENOSPC) : .happens
      }
    }
  }

  private func after() {
    status.withLock { status in
      if status.isArmed { kill(&status) }
    }
  }

  private func kill(_ status: inout Status) {
    status.isDead = true
    stop.request()
  }
}

/// What passed between clientsync and the provider, and what of it reached a process that was alive.
final class Wire: Sendable {
  struct Log: Sendable {
    var secrets: [String: String] = [:]
    var tokens: [String: String] = [:]
    var deleted: [String] = []
    var creates = 0
  }

  private let log = Mutex(Log())

  var seen: Log { log.withLock { $0 } }

  func transport(_ base: any HTTPTransport, _ gate: FaultGate?) -> any HTTPTransport { Tap(base: base, wire: self, gate: gate) }

  private struct Tap: HTTPTransport {
    let base: any HTTPTransport
    let wire: Wire
    let gate: FaultGate?

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      if gate?.isDead == true { throw HTTPTransportError(.other, effect: .unknown, "the process is dead") }
      let response = try await base.send(request)
      if gate?.isDead == true { throw HTTPTransportError(.other, effect: .unknown, "the process is dead") }
      wire.take(request, response)
      return response
    }
  }

  private func take(_ request: HTTPRequest, _ response: HTTPResponse) {
    let body = try? JSONValue(parsing: response.body)
    log.withLock { log in
      if request.method == .delete { log.deleted.append(request.url) }
      guard let id = body?["client_id"]?.string else { return }
      if request.method == .post { log.creates += 1 }
      if let secret = body?["client_secret"]?.string, request.method == .post { log.secrets[id] = secret }
      if let token = body?["registration_access_token"]?.string { log.tokens[id] = token }
    }
  }
}
