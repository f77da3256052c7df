import OpenIDJSON

/// For whom a document's data key is wrapped, in words: what a message says where no identity opens it.
enum KeyHolders {
  /// Lists of the metadata, and the members that name one holder.
  private static let kinds: [(list: String, names: [String])] = [
    ("kms", ["arn"]), ("gcp_kms", ["resource_id"]), ("azure_kv", ["vault_url", "name"]),
    ("hc_vault", ["vault_address", "engine_path", "key_name"]), ("pgp", ["fp"]),
  ]

  /// All of them: age recipients as they are, others as `kms arn:…`.
  static func all(_ members: JSONObject) -> [String] {
    var found = (members["age"]?.array ?? []).compactMap { $0["recipient"]?.string }
    for (list, names) in kinds {
      for entry in members[list]?.array ?? [] {
        found.append(([list] + names.compactMap { entry[$0]?.string }).joined(separator: " "))
      }
    }
    for group in members["key_groups"]?.array ?? [] { found += all(group.object ?? [:]) }
    return found
  }

  /// Those that are no X25519 recipients of age.
  static func foreign(_ members: JSONObject) -> [String] {
    all(members).filter { (try? AgeRecipient(parsing: $0)) == nil }
  }
}
