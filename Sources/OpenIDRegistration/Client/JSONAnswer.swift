import OpenIDJSON

/// What keeps the answer to a call from being used although its body is JSON.
///
/// A client that was made stays made, whatever the answer calls itself: what it brought is handed on, and the call fails.
extension HTTPResponse {
  /// What is wrong, as a phrase; `nil` where nothing is.
  func flaw(of document: JSONDocument) -> String? {
    if let type = mediaType, !type.hasSuffix("/json"), !type.hasSuffix("+json") {
      return "it calls itself \(type), not application/json"
    }
    return document.flaw
  }

  /// What is wrong with the success of a call that answers with nothing (204), as a phrase; `nil` where nothing is. Some providers
  /// send 200, and JSON would do no harm where it names no error; a page comes from somebody else, and 202 promises only to try
  /// (RFC 9110, section 15.3.3).
  var flawOfNoContent: String? {
    if status == 202 { return "it says that it is still to be done" }
    if body.isEmpty { return nil }
    guard let document = try? JSONDocument(parsing: body) else { return "it has content, and none of a provider's" }
    if let error = ProviderWords(self).error { return "it is a success by its status, and says \(error)" }
    return flaw(of: document)
  }

  /// Type and subtype without parameters, in lower case (RFC 9110, section 8.3.1); `nil` where the answer says nothing.
  private var mediaType: String? {
    guard let value = self.headers["Content-Type"] else { return nil }
    if value == "application/json" || value == "application/json; charset=utf-8" { return "application/json" }
    let type = value.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
    return type.isEmpty ? nil : String(decoding: type, as: UTF8.self).lowercased()
  }
}
