import FoundationEssentials
import OpenIDCryptography
import OpenIDJSON

/// What a process id counts in: a machine, one start of its kernel, and a name space of processes (a container has its own).
package struct KernelIdentity: Sendable, Hashable {
  /// A hash of `/etc/machine-id`, which is not to be told; empty where there is none, as in many containers.
  package var machine: String
  /// The kernel's id for this start of it.
  package var boot: String
  /// The name space, as `/proc` names it.
  package var processes: String

  package static var current: KernelIdentity {
    let machine = text("/etc/machine-id").map { Hex.encode(Array(SHA2.sha256(Array(("clientsync" + $0).utf8)).prefix(8))) }
    return KernelIdentity(
      machine: machine ?? "", boot: text("/proc/sys/kernel/random/boot_id") ?? "",
      processes: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "")
  }

  package init(machine: String, boot: String, processes: String) {
    self.machine = machine
    self.boot = boot
    self.processes = processes
  }

  private static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    return text.isEmpty ? nil : text
  }

  enum Relation: Sendable, Hashable {
    /// The same processes under the same ids.
    case same
    /// The same machine, started again since: none of its processes is left.
    case earlier
    /// Another container or machine, or nobody can tell.
    case unknown
  }

  /// How its process ids relate to another's.
  func countsProcesses(as other: KernelIdentity) -> Relation {
    if !boot.isEmpty, !other.boot.isEmpty, boot != other.boot {
      return !machine.isEmpty && machine == other.machine ? .earlier : .unknown
    }
    return self == other ? .same : .unknown
  }

  var json: JSONObject { ["machine": .string(machine), "boot": .string(boot), "processes": .string(processes)] }

  init(_ object: JSONObject) {
    self.init(
      machine: object["machine"]?.string ?? "", boot: object["boot"]?.string ?? "",
      processes: object["processes"]?.string ?? "")
  }
}
