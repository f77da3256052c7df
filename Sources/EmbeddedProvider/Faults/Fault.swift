/// Something that goes wrong with certain calls, so that a client's handling of it can be tested.
///
/// ```swift
/// // The second create is done, and its answer never comes.
/// Fault(.create, call: 2, .after, .drop)
/// // Three reads in a row are put off.
/// Fault(.get, times: 3, .before, .answer(status: 429, headers: ["retry-after": "1"]))
/// ```
///
/// As JSON, in the body of `PUT /faults` on the admin port (where the provider was started with `allowsFaults`) and for
/// ``plan(parsing:)``, a plan is `{"faults": […]}`, each of them an object with
///
/// | member | meaning |
/// | --- | --- |
/// | `operation` | see ``Operation``: `create`, `token`, …, `admin` for any call of the admin API, `any` for any other |
/// | `call` | the number of the first call that is hit, counted from one since the plan came; default 1 |
/// | `times` | how many calls in a row are hit; default 1; `null` hits all that follow |
/// | `when` | `before` or `after` the call has its effect; default `before`, for `close` and `truncate` `after` |
/// | `action` | `drop`, `close`, `delay`, `answer`, `truncate` |
/// | `milliseconds` | for `delay` |
/// | `status`, `headers`, `body` | for `answer`: a number, an object of strings, a string (default: a JSON error) |
/// | `bytes` | for `truncate`: how much of the body is sent; default half of it |
///
/// Where several hit one call they act in their order, so that a delay can come before a drop. `GET /faults` shows the plan and
/// how many calls each fault has counted and hit, `DELETE /faults` ends it.
public struct Fault: Sendable, Hashable {
  public enum Operation: String, Sendable, Hashable, CaseIterable {
    case create
    case get
    case set
    case delete
    case discovery
    case authorize
    case token
    case userInfo = "userinfo"
    case credential
    case logout
    /// Any call of the admin API.
    case admin
    /// Any of the others but `admin`.
    case any
  }

  /// Whether the call has had its effect when things go wrong.
  public enum Moment: String, Sendable, Hashable, CaseIterable {
    case before
    case after
  }

  public enum Action: Sendable, Hashable {
    /// The connection is closed without an answer.
    case drop
    /// The answer is sent whole, and then the connection is closed, which nothing in the answer said: the next request on it is
    /// lost. Always after the effect.
    case close
    /// The call, or its answer, waits.
    case delay(milliseconds: Int)
    /// Another answer is given. Without a body it is a JSON error.
    case answer(status: Int, headers: [String: String] = [:], body: String? = nil)
    /// The answer's header names the whole length, the connection is closed after so many bytes of the body; `nil` is half of
    /// them. Always after the effect.
    case truncate(bytes: Int? = nil)
  }

  public var operation: Operation
  /// The number of the first call that is hit, from one.
  public var call: Int
  /// How many calls in a row are hit; `nil` is all that follow.
  public var times: Int?
  public var moment: Moment
  public var action: Action

  public init(_ operation: Operation, call: Int = 1, times: Int? = 1, _ moment: Moment, _ action: Action) {
    self.operation = operation
    self.call = call
    self.times = times
    self.moment = moment
    self.action = action
  }

  /// When the fault acts: what is done to an answer can only come after the effect.
  var effectiveMoment: Moment {
    switch action {
    case .close, .truncate: .after
    case .drop, .delay, .answer: moment
    }
  }
}
