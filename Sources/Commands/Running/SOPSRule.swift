import FoundationEssentials
import YAML

/// The rule of a `.sops.yaml` that says for whom a file is sealed.
struct SOPSRule {
  /// Where it stands: `.sops.yaml`, and its line.
  var place: String
  /// age recipients, as they are written.
  var recipients: [String]
  /// What else the rule names: kinds of keys that only sops can wrap for.
  var others: [String]

  private static let otherKinds = ["kms", "gcp_kms", "azure_keyvault", "hc_vault_transit_uri", "hc_vault", "pgp"]

  /// The first rule that fits a file, in the nearest `.sops.yaml` above it; none above the work tree is looked at.
  static func find(for path: String) throws(CommandFailure) -> SOPSRule? {
    let file = URL(filePath: path).standardizedFileURL.path
    var folder = file
    while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      folder = String(folder[..<slash])
      let candidate = folder + "/.sops.yaml"
      if let data = FileManager.default.contents(atPath: candidate) {
        return try first(in: Array(data), named: candidate, fitting: String(file.dropFirst(folder.count + 1)))
      }
      if FileManager.default.fileExists(atPath: candidate) {
        throw CommandFailure(.failed, "\(candidate) cannot be read, so nobody can tell for whom the state is sealed.")
      }
      if FileManager.default.fileExists(atPath: folder + "/.git") { return nil }
    }
    return nil
  }

  private static func first(in bytes: [UInt8], named name: String, fitting path: String) throws(CommandFailure) -> SOPSRule? {
    let read = YAMLSource(file: name, bytes: bytes).documents()
    // Comments alone, as init writes them, are no rule.
    if read.documents.isEmpty, read.report.diagnostics.isEmpty { return nil }
    guard let root = read.documents.first else {
      throw CommandFailure(.failed, "\(name) is no YAML that can be read, so nobody can tell for whom the state is sealed.")
    }
    for rule in root["creation_rules"]?.elements ?? [] {
      if let pattern = rule["path_regex"]?.scalar?.text, !pattern.isEmpty {
        guard let regex = try? Regex(pattern) else {
          throw CommandFailure(.failed, "\(name):\(rule.start.line): this path_regex cannot be read: \(pattern)")
        }
        guard path.firstMatch(of: regex) != nil else { continue }
      }
      // One group is a list like any other; of several each has to be opened, which sops alone does.
      let groups = rule["key_groups"]?.elements ?? []
      let keys = groups.count == 1 ? groups[0] : rule
      let age = keys["age"]
      let texts = age?.elements?.compactMap { $0.scalar?.text } ?? age?.scalar.map { [$0.text] } ?? []
      let recipients = texts.flatMap { $0.split { $0 == "," || $0.isWhitespace } }.map(String.init)
      return SOPSRule(
        place: "\(name):\(rule.start.line)", recipients: recipients,
        others: otherKinds.filter { keys[$0] != nil } + (groups.count > 1 ? ["key_groups"] : []))
    }
    return nil
  }
}
