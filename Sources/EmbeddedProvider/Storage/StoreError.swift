/// Why the store could not do its work.
struct StoreError: Error {
  enum Code {
    /// Another process held the file for longer than the busy timeout.
    case busy
    /// A row of that key exists.
    case duplicate
    /// What the row belongs to is gone.
    case orphaned
    case cannotOpen
    case readOnly
    case notADatabase
    /// The file is a database, but another program's.
    case foreign
    /// The file was made by a newer version.
    case fromTheFuture
    /// Another kind of provider keeps its clients in the file.
    case otherProfile
    case other
  }

  let code: Code
  /// SQLite's or the system's words, without a credential.
  let message: String
}
