/// Why the provider cannot start: a code for programs, and a sentence that says what is wrong and what to do.
public struct EmbeddedProviderError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable {
    /// Another program listens on that port.
    case portInUse
    /// The address cannot be listened on: it is no address of this machine, the port is reserved, sockets have run out.
    case cannotListen
    /// The data file cannot be opened or made.
    case cannotOpenData
    /// The data file may be read but not written to.
    case dataNotWritable
    /// The data file holds something else.
    case notADatabase
    /// The data file was made by a newer version.
    case dataFromTheFuture
    /// The data file has the clients of a provider of another profile.
    case dataOfAnotherProfile
    /// The data file could not be read or brought up to date.
    case dataFailed
    case unknownSetting
    case invalidSetting
    case invalidPublicURL
    /// The system has no thread or no memory left.
    case noResources
  }

  public let code: Code
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  init(_ failure: StoreError, data: EmbeddedProvider.Storage) {
    let path =
      switch data {
      case .memory: "memory"
      case .file(let path): path
      }
    switch failure.code {
    case .cannotOpen:
      self.init(
        .cannotOpenData,
        "The provider's data file \(path) cannot be opened: \(failure.message). Its folder has to exist and be writable.")
    case .readOnly:
      self.init(
        .dataNotWritable,
        "The provider's data file \(path) cannot be written to: \(failure.message). Make it writable, or name another.")
    case .notADatabase:
      self.init(
        .notADatabase,
        "\(path) is no database of the embedded provider: \(failure.message). Name another file; a new one is made where none is."
      )
    case .foreign:
      self.init(
        .notADatabase, "\(path) is no database of the embedded provider: \(failure.message). Name another file.")
    case .fromTheFuture:
      self.init(
        .dataFromTheFuture,
        "The provider's data file \(path) was made by a newer version: \(failure.message). Use that version, or another file.")
    case .otherProfile:
      self.init(
        .dataOfAnotherProfile,
        "The provider's data file \(path) cannot be used: \(failure.message). Name that, or another file.")
    case .busy, .duplicate, .orphaned, .other:
      self.init(
        .dataFailed, "The provider's data file \(path) cannot be used: \(failure.message). Is another program using it?")
    }
  }
}
