public import OpenIDJSON

/// Members for people, in several languages (RFC 7591, section 2.2; OIDC Registration, section 2.1).
extension ClientMetadata {
  /// The value of a member in one language: `metadata["client_name", language: "fr"]` is the member `client_name#fr`.
  ///
  /// - Parameters:
  ///   - name: the member without a language.
  ///   - language: a tag (RFC 5646); tags compare without case, and a member keeps the spelling that it has.
  public subscript(name: String, language language: String) -> JSONValue? {
    get { taggedName(name, language).flatMap { members[$0] } }
    set { members[taggedName(name, language) ?? "\(name)#\(language)"] = newValue }
  }

  /// The tags of the languages in which that member is there, in order.
  public func languages(of name: String) -> [String] {
    members.names.compactMap { $0.hasPrefix(name + "#") ? String($0.dropFirst(name.count + 1)) : nil }
  }

  private func taggedName(_ name: String, _ language: String) -> String? {
    languages(of: name).first { $0.lowercased() == language.lowercased() }.map { "\(name)#\($0)" }
  }
}
