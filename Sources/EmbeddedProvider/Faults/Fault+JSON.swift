import OpenIDJSON

/// Why something is no plan of faults.
public struct FaultPlanError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A sentence that says what is wrong and where: `faults[2]: "when" is before or after.`
  public let message: String

  init(_ message: String) { self.message = message }

  public var description: String { message }
}

extension Fault {
  /// Reads a plan: JSON, as the comment of ``Fault`` has it.
  public static func plan(parsing body: [UInt8]) throws(FaultPlanError) -> [Fault] {
    let value: JSONValue
    do throws(JSONParsingError) {
      value = try JSONValue(parsing: body)
    } catch {
      throw FaultPlanError("The plan is no JSON: \(error).")
    }
    guard let members = value.object, members.names == ["faults"], let list = members["faults"]?.array else {
      throw FaultPlanError("A plan is an object with one member, \"faults\", which is a list.")
    }
    var faults: [Fault] = []
    for (index, entry) in list.enumerated() {
      do throws(FaultPlanError) {
        faults.append(try Fault(entry))
      } catch {
        throw FaultPlanError("faults[\(index)]: \(error.message)")
      }
    }
    return faults
  }

  private static let names = [
    "operation", "call", "times", "when", "action", "milliseconds", "status", "headers", "body", "bytes",
  ]

  private init(_ value: JSONValue) throws(FaultPlanError) {
    guard let members = value.object else { throw FaultPlanError("a fault is an object, not \(value.kind).") }
    if let unknown = members.names.first(where: { !Fault.names.contains($0) }) {
      throw FaultPlanError("there is no member \"\(unknown)\"; the members are \(Fault.names.joined(separator: ", ")).")
    }
    guard let operation = members["operation"]?.string.flatMap(Operation.init(rawValue:)) else {
      throw FaultPlanError("\"operation\" is one of \(Operation.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    self.operation = operation
    call = try Fault.number(members, "call", default: 1, atLeast: 1)
    times = members["times"] == .null ? nil : try Fault.number(members, "times", default: 1, atLeast: 1)
    action = try Action(members)
    for name in Fault.names.dropFirst(5) where members[name] != nil && !action.members.contains(name) {
      throw FaultPlanError("\"\(name)\" is nothing that \"\(action.name)\" takes.")
    }
    switch (members["when"], action) {
    case (nil, .close), (nil, .truncate): moment = .after
    case (nil, _): moment = .before
    case (let when?, let action):
      guard let moment = when.string.flatMap(Moment.init(rawValue:)) else {
        throw FaultPlanError("\"when\" is before or after.")
      }
      self.moment = moment
      guard effectiveMoment == moment else {
        throw FaultPlanError("\"\(action.name)\" needs an answer, so \"when\" can only be after.")
      }
    }
  }

  fileprivate static func number(
    _ members: JSONObject, _ name: String, default standard: Int?, atLeast least: Int
  ) throws(FaultPlanError) -> Int {
    guard let value = members[name] ?? standard.map({ .number(JSONNumber($0)) }), let number = value.integer, number >= least
    else { throw FaultPlanError("\"\(name)\" is a whole number, at least \(least).") }
    return number
  }

  /// The fault as it is shown, with what it has counted.
  static func json(_ entry: FaultPlan.Entry) -> JSONValue {
    let fault = entry.fault
    var members: JSONObject = [
      "operation": .string(fault.operation.rawValue), "call": .number(JSONNumber(fault.call)),
      "times": fault.times.map { .number(JSONNumber($0)) } ?? .null, "when": .string(fault.effectiveMoment.rawValue),
      "action": .string(fault.action.name),
    ]
    switch fault.action {
    case .drop, .close: break
    case .delay(let milliseconds): members["milliseconds"] = .number(JSONNumber(milliseconds))
    case .answer(let status, let headers, let body):
      members["status"] = .number(JSONNumber(status))
      let sorted = headers.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: .string($0.value)) }
      members["headers"] = .object(JSONObject(sorted))
      members["body"] = body.map(JSONValue.string)
    case .truncate(let bytes): members["bytes"] = bytes.map { .number(JSONNumber($0)) }
    }
    members["calls"] = .number(JSONNumber(entry.calls))
    members["hits"] = .number(JSONNumber(entry.hits))
    return .object(members)
  }
}

extension Fault.Action {
  var name: String {
    switch self {
    case .drop: "drop"
    case .close: "close"
    case .delay: "delay"
    case .answer: "answer"
    case .truncate: "truncate"
    }
  }

  /// The members that belong to it alone.
  fileprivate var members: [String] {
    switch self {
    case .drop, .close: []
    case .delay: ["milliseconds"]
    case .answer: ["status", "headers", "body"]
    case .truncate: ["bytes"]
    }
  }

  fileprivate init(_ members: JSONObject) throws(FaultPlanError) {
    switch members["action"]?.string {
    case "drop": self = .drop
    case "close": self = .close
    case "delay":
      self = .delay(milliseconds: try Fault.number(members, "milliseconds", default: nil, atLeast: 0))
    case "answer":
      let status = try Fault.number(members, "status", default: nil, atLeast: 200)
      guard status < 600 else { throw FaultPlanError("\"status\" is a final status, 200 to 599.") }
      var headers: [String: String] = [:]
      for member in members["headers"]?.object ?? [:] {
        guard let value = member.value.string else { throw FaultPlanError("the values of \"headers\" are strings.") }
        headers[member.name] = value
      }
      if let given = members["headers"], given.object == nil { throw FaultPlanError("\"headers\" is an object of strings.") }
      if let body = members["body"], body.string == nil { throw FaultPlanError("\"body\" is a string.") }
      self = .answer(status: status, headers: headers, body: members["body"]?.string)
    case "truncate":
      let bytes = members["bytes"] == nil ? nil : try Fault.number(members, "bytes", default: nil, atLeast: 0)
      self = .truncate(bytes: bytes)
    default: throw FaultPlanError("\"action\" is one of drop, close, delay, answer, truncate.")
    }
  }
}
