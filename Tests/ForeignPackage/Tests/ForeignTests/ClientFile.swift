import Foundation
import OpenIDRegistration

/// One client in a file, in a folder that nobody else can enter.
struct ClientFile {
  let url: URL

  func keep(_ client: ClientInformation) throws {
    let text = JSONValue.object(client.exposedMembers).text(.pretty)
    // The whole new file takes the place of the old one, or nothing does.
    try Data(text.utf8).write(to: url, options: .atomic)
  }

  func client() throws -> ClientInformation? {
    try JSONValue(parsing: Data(contentsOf: url)).object.flatMap(ClientInformation.init(exposedMembers:))
  }
}
