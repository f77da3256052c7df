import OpenIDJSON
import OpenIDRegistration

extension Provider {
  /// Does the work of an operation, with whatever the plan lets go wrong before and after it.
  func carryOut(_ operation: Fault.Operation, _ reply: @escaping Reply, _ work: @escaping @Sendable (@escaping Reply) -> Void) {
    let due = faults.due(for: operation)
    guard !due.isEmpty else { return work(reply) }
    let before = due.filter { $0.effectiveMoment == .before }
    let after = due.filter { $0.effectiveMoment == .after }
    precede(before[...], reply) {
      work { self.follow(after[...], $0, reply) }
    }
  }

  /// What happens instead of the effect, or delays it.
  private func precede(_ faults: ArraySlice<Fault>, _ reply: @escaping Reply, _ proceed: @escaping @Sendable () -> Void) {
    guard let fault = faults.first else { return proceed() }
    switch fault.action {
    case .delay(let milliseconds):
      alarms.ring(in: .milliseconds(milliseconds)) { self.precede(faults.dropFirst(), reply, proceed) }
    case .answer(let status, let headers, let body):
      reply(.faulty(status, headers, body))
    case .drop, .close, .truncate:
      reply(.nothing)
    }
  }

  /// What becomes of the answer once the effect is there.
  private func follow(_ faults: ArraySlice<Fault>, _ answer: ServerAnswer, _ reply: @escaping Reply) {
    guard let fault = faults.first else { return reply(answer) }
    let rest = faults.dropFirst()
    var answer = answer
    switch fault.action {
    case .delay(let milliseconds):
      let given = answer
      return alarms.ring(in: .milliseconds(milliseconds)) { self.follow(rest, given, reply) }
    case .answer(let status, let headers, let body): answer = .faulty(status, headers, body)
    case .drop: answer.delivery = .none
    case .close: answer.delivery = .thenClosed
    case .truncate(let bytes): answer.delivery = .truncated(bytes: bytes ?? answer.body.count / 2)
    }
    follow(rest, answer, reply)
  }

  /// `GET`, `PUT` and `DELETE /faults`.
  func controlFaults(_ request: ServerRequest) -> ServerAnswer {
    switch request.method {
    case "GET": break
    case "PUT":
      do throws(FaultPlanError) {
        faults.replace(try Fault.plan(parsing: request.body))
      } catch {
        return ServerAnswer(.badRequest(error.message))
      }
    case "DELETE": faults.replace([])
    default: return UnknownRoute.answer(accept: request.accept)
    }
    return .json(["faults": .array(faults.current.map(Fault.json))])
  }
}

extension ServerAnswer {
  fileprivate static func faulty(_ status: Int, _ headers: [String: String], _ body: String?) -> ServerAnswer {
    var answer = ServerAnswer(Refusal(status, "A fault was asked for", "The plan of faults answers with \(status)."))
    if let body { answer.body = Array(body.utf8) }
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { answer.headers[name] = value }
    return answer
  }
}
