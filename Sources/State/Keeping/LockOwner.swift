package import FoundationEssentials
import Glibc
import OpenIDCryptography
import OpenIDJSON

/// Who holds a lock: shown to whoever finds it taken.
package struct LockOwner: Sendable, Hashable {
  package var id: String
  package var who: String
  package var host: String
  package var pid: Int
  /// When the process began, in the kernel's ticks: a process id is used again.
  package var started: String
  /// Which machine, start of it and container the process id counts in.
  package var kernel: KernelIdentity
  /// What it does: `apply`.
  package var command: String
  /// RFC 3339.
  package var since: String

  package init(
    id: String, who: String, host: String, pid: Int, started: String, kernel: KernelIdentity, command: String, since: String
  ) {
    self.id = id
    self.who = who
    self.host = host
    self.pid = pid
    self.started = started
    self.kernel = kernel
    self.command = command
    self.since = since
  }

  /// `ada's apply on build-7 (process 4711) since 2026-03-01T09:00:00Z`.
  package var words: String {
    "\(who.isEmpty ? "" : who + "'s ")\(command) on \(host) (process \(pid)) since \(since)"
  }

  /// This process.
  package static func current(command: String, now: Date = Date()) -> LockOwner {
    var name = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pid = Int(getpid())
    return LockOwner(
      id: Hex.encode(Random.bytes(4)), who: ProcessInfo.processInfo.environment["USER"] ?? "uid \(getuid())", host: host,
      pid: pid,
      started: startTime(of: pid) ?? "", kernel: .current, command: command, since: now.formatted(.iso8601))
  }

  /// Whether it is a process of this host that still runs.
  package var runsHere: Bool {
    let me = LockOwner.current(command: "")
    return host == me.host && kernel.countsProcesses(as: me.kernel) == .same && !isDead(seenBy: me)
  }

  /// Whether it is known to be gone: a process of this host that no longer runs, or another under its id, or one from before the
  /// host was started again. A host's name alone proves nothing: containers and runners share one.
  func isDead(seenBy me: LockOwner) -> Bool {
    guard host == me.host, let id = pid_t(exactly: pid), id > 0 else { return false }
    switch kernel.countsProcesses(as: me.kernel) {
    case .earlier: return true
    case .unknown: return false
    case .same: break
    }
    guard let started = LockOwner.startTime(of: pid) else { return kill(id, 0) != 0 && errno == ESRCH }
    return !self.started.isEmpty && started != self.started
  }

  /// The 22nd field of `/proc/PID/stat`; the second, the name, may hold blanks and brackets.
  static func startTime(of pid: Int) -> String? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: bracket)...].split(separator: " ")
    return fields.count > 19 ? String(fields[19]) : nil
  }

  var json: JSONObject {
    [
      "id": .string(id), "who": .string(who), "host": .string(host), "pid": .number(JSONNumber(pid)),
      "started": .string(started), "kernel": .object(kernel.json), "command": .string(command), "since": .string(since),
    ]
  }

  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), let id = value["id"]?.string, let host = value["host"]?.string,
      let pid = value["pid"]?.integer
    else { return nil }
    self.init(
      id: id, who: value["who"]?.string ?? "", host: host, pid: pid, started: value["started"]?.string ?? "",
      kernel: KernelIdentity(value["kernel"]?.object ?? [:]), command: value["command"]?.string ?? "a run",
      since: value["since"]?.string ?? "")
  }
}

/// Whom a lock file names.
package enum LockHolder: Sendable, Hashable {
  case owner(LockOwner)
  /// A process of this host that has ended.
  case dead(LockOwner)
  /// What is in the file is no lock of clientsync's.
  case unknown
}
