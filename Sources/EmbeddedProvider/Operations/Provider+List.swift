import OpenIDJSON
import OpenIDRegistration

/// The list of the admin API: in the order of the ids, filtered exactly, page by page.
extension Provider {
  private static let pageSize = 100
  private static let largestPageSize = 500

  func list(_ request: ServerRequest) -> ServerAnswer {
    let query = GoQuery(parsing: request.query)
    let start: PageToken
    let size: Int
    do throws(PageTokenError) {
      start =
        try query.firstNonEmpty("page_token").map { text throws(PageTokenError) in
          try PageToken(text, key: store.pageKey)
        } ?? PageToken(after: "")
      size = try Provider.pageSize(query.firstNonEmpty("page_size"))
    } catch {
      return ServerAnswer(.badRequest("Unable to parse pagination parameters: \(error.message)"))
    }
    let found = Result { () throws(StoreError) in
      try store.reading.use { connection throws(StoreError) in
        try Store.clients(
          after: start.after, owner: query["owner"], name: query["client_name"], limit: size + 1, connection)
      }
    }
    return Provider.answer(found) { rows in
      let page = rows.prefix(size)
      let clients = page.compactMap { try? ClientRecord($0) }
      guard clients.count == page.count else { return ServerAnswer(.unrecognizable) }
      var answer = ServerAnswer.json(.array(clients.map { .object($0.json) }))
      var links = [link("first", PageToken(after: ""), size, request.path, query)]
      if rows.count > size, let last = page.last {
        links.append(link("next", PageToken(after: last.id), size, request.path, query))
      }
      answer.headers["Link"] = links.joined(separator: ",")
      return answer
    }
  }

  /// What `strconv.Atoi` makes of it, then held within the limits.
  private static func pageSize(_ text: String?) throws(PageTokenError) -> Int {
    guard let text else { return pageSize }
    guard let size = Int(text) else {
      let digits = text.drop { $0 == "-" || $0 == "+" }
      let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
      throw PageTokenError(
        message: "strconv.Atoi: parsing \(GoText.quoted(text)): \(isNumber ? "value out of range" : "invalid syntax")")
    }
    return size <= 0 ? pageSize : min(size, largestPageSize)
  }

  /// A relative link, as Hydra writes it: with the prefix of the admin API, and the query in the order of its names.
  private func link(_ relation: String, _ token: PageToken, _ size: Int, _ path: String, _ query: GoQuery) -> String {
    var query = query
    query["page_token"] = token.text(key: store.pageKey)
    query["page_size"] = String(size)
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    return "<\(trimmed.hasPrefix("/admin") ? "" : "/admin")\(trimmed)?\(query.text)>; rel=\"\(relation)\""
  }
}
