import OpenIDCryptography
import OpenIDRegistration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The provider's data: a file of SQLite's that other processes may have open too, or memory.
final class Store: Sendable {
  /// For the thread that writes.
  let writing: Database
  /// For those that answer. In memory both are one, for another connection would see another database.
  let reading: Readers
  /// The key of registration access tokens and the key of page tokens.
  let tokenKey: HMACKey
  let pageKey: [UInt8]
  /// The keys of what signing in hands out.
  let keys: SignInKeys

  /// - Parameter profile: who the provider plays; a file belongs to one, for they keep other things of a client.
  init(_ storage: EmbeddedProvider.Storage, for profile: Profile = .hydra) throws(StoreError) {
    let connection: SQLiteConnection
    switch storage {
    case .memory:
      connection = try SQLiteConnection(path: ":memory:")
      try Store.migrate(connection)
    case .file(let path):
      connection = try Store.connect(path)
    }
    try Store.claim(connection, for: profile.isPlayedFromRecordings ? "hydra" : profile.name)
    tokenKey = HMACKey(try Store.serverSecret("registration_access_token", connection))
    pageKey = try Store.serverSecret("page_token", connection)
    keys = SignInKeys(root: try Store.serverSecret("sign_in", connection))
    // A client takes with it what it was given.
    try connection.execute("PRAGMA foreign_keys = ON")
    // What another process keeps from being forgotten now is forgotten another time.
    try? Store.forget(before: GoTime.now.seconds - SignIn.remembered, connection)
    writing = Database(connection)
    switch storage {
    case .memory: reading = Readers([writing])
    case .file(let path):
      var readers: [Database] = []
      for _ in 0..<Store.readers {
        let reader = try SQLiteConnection(path: path)
        try reader.execute("PRAGMA query_only = ON")
        readers.append(Database(reader))
      }
      reading = Readers(readers)
    }
  }

  /// As many as read at once on the server's threads, nearly always.
  private static let readers = 2

  private static func claim(_ connection: SQLiteConnection, for profile: String) throws(StoreError) {
    let named = try existingSecret("profile", connection).map { String(decoding: $0, as: UTF8.self) }
    // Hydra's files say nothing.
    let hasClients = try connection.number("SELECT count(*) FROM client") > 0
    let owner = named ?? (hasClients ? "hydra" : profile)
    guard owner == profile else {
      throw StoreError(code: .otherProfile, message: "its clients belong to a provider of the profile \(owner)")
    }
    if named == nil, profile != "hydra" { _ = try serverSecret("profile", orElse: Array(profile.utf8), connection) }
  }

  private static func connect(_ path: String) throws(StoreError) -> SQLiteConnection {
    try create(path)
    let connection = try SQLiteConnection(path: path)
    guard !connection.isReadOnly else { throw StoreError(code: .readOnly, message: "the file may not be written to") }
    try check(connection)
    // Readers do not wait for the writer, and a commit is one sync.
    _ = try connection.rows("PRAGMA journal_mode = WAL") { $0.text(0) }
    try connection.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000")
    try migrate(connection)
    return connection
  }

  /// Makes the file for its owner's eyes alone, for it holds keys. One that exists is never opened here: closing it again would
  /// take the locks from another connection of this process.
  private static func create(_ path: String) throws(StoreError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StoreError(code: .cannotOpen, message: systemMessage(errno))
    }
  }
}
