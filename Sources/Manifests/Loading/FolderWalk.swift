import Diagnostics
import YAML

/// Goes through files and folders and gathers what is in them.
struct FolderWalk {
  private(set) var loaded = LoadedManifests()
  private var readFiles: Set<FileIdentity> = []
  /// Files that were come by and are still to be read, in order.
  private var waiting: [String] = []
  /// How many manifests were come by, those that were read before included.
  private var manifests = 0

  mutating func read(standardInput: Int32) {
    switch OpenFile.contents(of: standardInput, isStream: true) {
    case .success(let bytes): loaded.sources.append(ManifestSource(file: "-", bytes: bytes))
    case .failure(let problem): note(problem, "-", in: "standard input")
    }
  }

  /// Reads what the user named: a file of any name, a folder, or a pipe (`<(kustomize build …)`).
  mutating func read(argument: String) {
    let path = Self.normalized(argument)
    switch FileStatus.of(path) {
    case .failure(.missing):
      loaded.diagnostics.append(
        Diagnostic(
          .error, rule: ManifestRule.missing.rawValue, "there is no file or folder \(quoted(path))",
          hint: path.hasPrefix("/")
            ? "Name the manifests with -f." : "Name the manifests with -f; the path starts in the folder where clientsync runs."
        ))
    case .failure(let problem): note(problem, path)
    case .success(let status) where status.kind == .folder:
      let before = (manifests, loaded.diagnostics.count)
      guard let root = FileStatus.resolved(path) else { return note(.unreadable("it cannot be resolved"), path) }
      var visited: Set<FileIdentity> = []
      folder(path, status.identity, root: root, &visited)
      if before == (manifests, loaded.diagnostics.count) {
        loaded.diagnostics.append(
          Diagnostic(
            .error, rule: ManifestRule.emptyFolder.rawValue, "the folder \(quoted(path)) holds no manifests",
            hint: "Manifests end in .yaml, .yml or .json, and are not hidden."))
      }
    case .success: file(path, isNamed: true)
    }
    readWaiting()
  }

  private mutating func folder(_ path: String, _ identity: FileIdentity, root: String, _ visited: inout Set<FileIdentity>) {
    // A link to a folder that is being read, or was: a loop, or the same files again.
    guard visited.insert(identity).inserted else { return }
    let entries: [FolderEntry]
    switch FolderEntry.all(in: path) {
    case .success(let found): entries = found.sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
    case .failure(let problem): return note(problem, path, in: "this folder")
    }
    for entry in entries where !entry.isHidden {
      guard let name = entry.name, Self.isShowable(name) else {
        loaded.diagnostics.append(
          Diagnostic(
            .error, rule: ManifestRule.fileName.rawValue,
            "a name in the folder \(quoted(path)) has characters that cannot be shown: \(quoted(entry.shown))",
            hint: "Rename it."))
        continue
      }
      let child = path == "." ? name : path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      visit(child, entry, root: root, &visited)
    }
  }

  private mutating func visit(_ path: String, _ entry: FolderEntry, root: String, _ visited: inout Set<FileIdentity>) {
    let isManifest = Self.isManifest(path)
    if entry.kind == .file {
      if isManifest {
        manifests += 1
        waiting.append(path)
      }
      return
    }
    // Links, and what the folder itself does not tell the kind of.
    switch FileStatus.of(path) {
    case .failure(let problem):
      // What is no manifest by its name may lead nowhere; a folder may not.
      if isManifest || entry.kind == .folder { note(problem, path) }
    case .success(let status):
      guard status.kind == .folder || isManifest else { return }
      if entry.kind != .folder, let target = FileStatus.resolved(path), target != root, !target.hasPrefix(root + "/"),
        root != "/"
      {
        loaded.diagnostics.append(
          Diagnostic(
            .error, rule: ManifestRule.outsideFolder.rawValue, "this link leads out of the folder", at: Self.start(of: path),
            hint: "Name what it leads to with a -f of its own, if it is to be read."))
      } else if status.kind == .folder {
        folder(path, status.identity, root: root, &visited)
      } else {
        file(path, isNamed: false)
      }
    }
  }

  private mutating func file(_ path: String, isNamed: Bool) {
    manifests += 1
    readWaiting()
    take(OpenFile.contents(of: path, mayBePipe: isNamed, skipping: readFiles), path)
  }

  /// Reads what is waiting, on all cores where it is much. Links are not among it: a thousand of them to one file are one file.
  private mutating func readWaiting() {
    let (paths, known) = (waiting, readFiles)
    waiting = []
    let contents = Blocks.map(Blocks.ranges(paths.count, weighing: 128) { _ in 1 }) { range in
      paths[range].map { OpenFile.contents(of: $0, mayBePipe: false, skipping: known) }
    }
    for (path, read) in zip(paths, contents.joined()) { take(read, path) }
  }

  private mutating func take(_ read: Result<OpenFile.Contents?, ReadingProblem>, _ path: String) {
    switch read {
    case .success(nil): return
    case .success(let contents?):
      if let identity = contents.identity, !readFiles.insert(identity).inserted { return }
      loaded.sources.append(ManifestSource(file: path, bytes: contents.bytes, isStream: contents.isStream))
    case .failure(let problem): note(problem, path)
    }
  }

  private mutating func note(_ problem: ReadingProblem, _ path: String, in words: String = "this") {
    let (rule, message, hint) = problem.words
    loaded.diagnostics.append(
      Diagnostic(.error, rule: rule.rawValue, "\(words) \(message)", at: Self.start(of: path), hint: hint))
  }

  /// Where a file begins: forges and editors want a place, also for what has no lines.
  private static func start(of path: String) -> SourcePlace { SourcePlace(file: path, line: 1, column: 1) }

  private static func isShowable(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
      || !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  static func isManifest(_ path: String) -> Bool {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return ["yaml", "yml", "json"].contains(path[path.utf8.index(after: dot)...].lowercased())
  }

  /// `./clients//` and `clients` are one folder, and its files have one name in plans and in the state.
  static func normalized(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    let joined = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }
}

/// Why something could not be read.
enum ReadingProblem: Error {
  case missing
  /// In the system's words.
  case unreadable(String)
  case tooLarge
  /// A pipe, a socket, a device.
  case notAFile(String)

  var words: (ManifestRule, String, hint: String?) {
    switch self {
    case .missing:
      (.unreadable, "cannot be read: it was there, and is gone, or links to nothing", "Run again, or remove the link.")
    case .unreadable(let words):
      (
        .unreadable, "cannot be read: \(words)",
        "Nothing is concluded from what is not seen. Let clientsync read it, and run again."
      )
    case .tooLarge: (.tooLarge, "is larger than \(ManifestLoader.maximumBytes >> 20) MiB", "Split it.")
    case .notAFile(let what): (.notAFile, "is \(what), not a file", "Move it out of the folder of manifests.")
    }
  }
}
