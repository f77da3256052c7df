import Diagnostics
import Foundation
import Manifests
import Testing

@Suite(.timeLimit(.minutes(15)))
struct LoaderTests {
  /// What was loaded, by paths below the folder.
  func names(_ loaded: LoadedManifests, in folder: TemporaryFolder) -> [String] {
    loaded.sources.map { $0.file.replacing(folder.path + "/", with: "") }
  }

  @Test func `a folder is read with all below it, sorted, without what is hidden or no YAML`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "b.yaml", "a.yml", "c/d.json", "c/a.yaml", "B.YAML", "README.md", ".hidden.yaml", ".git/x.yaml", "c/.x/y.yaml",
      "e.yaml.bak",
    ] {
      try folder.write(name, name)
    }
    let loaded = ManifestLoader.load([folder.path])
    #expect(names(loaded, in: folder) == ["B.YAML", "a.yml", "b.yaml", "c/a.yaml", "c/d.json"])
    #expect(loaded.sources.map { String(decoding: $0.bytes, as: UTF8.self) } == names(loaded, in: folder))
    #expect(loaded.diagnostics == [])
    #expect(loaded.sources.allSatisfy { !$0.isStream })
  }

  @Test func `a file that is named is read whatever it is called`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("manifest.txt", "x")
    #expect(ManifestLoader.load([file]).sources.map(\.file) == [file])
  }

  @Test func `a file that is reached twice is read once`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.yaml", "x")
    try folder.link("b.yaml", to: "a.yaml")
    let loaded = ManifestLoader.load([file, folder.path, folder.path])
    #expect(names(loaded, in: folder) == ["a.yaml"])
    #expect(loaded.diagnostics == [])
  }

  @Test func `paths are shown without what says nothing`() throws {
    let folder = try TemporaryFolder()
    try folder.write("c/a.yaml", "x")
    let loaded = ManifestLoader.load([folder.path + "/./c//"])
    #expect(names(loaded, in: folder) == ["c/a.yaml"])
  }

  @Test func `a missing folder is an error, and nothing is concluded from it`() throws {
    let folder = try TemporaryFolder()
    let loaded = ManifestLoader.load([folder.path + "/gone"])
    #expect(loaded.diagnostics.map(\.rule) == ["missing"])
    #expect(loaded.diagnostics.first?.message.contains("/gone\"") == true)
    #expect(ManifestDecoder.decode(loaded, environment: [:]).failure == .unreadable)
  }

  @Test(arguments: [[], [".hidden.yaml", "README.md"], ["empty/x.txt"]])
  func `a folder without manifests is an error`(_ files: [String]) throws {
    let folder = try TemporaryFolder()
    for file in files { try folder.write(file) }
    let loaded = ManifestLoader.load([folder.path])
    #expect(loaded.diagnostics.map(\.rule) == ["empty-folder"])
    #expect(ManifestDecoder.decode(loaded, environment: [:]).failure == .invalid)
  }

  @Test func `links in circles are survived`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/a.yaml", "x")
    try folder.link("a/up", to: "..")
    try folder.link("a/self", to: ".")
    try folder.link("b", to: "a")
    let loaded = ManifestLoader.load([folder.path])
    #expect(loaded.sources.count == 1)
    #expect(loaded.diagnostics == [])
  }

  @Test func `links within the folder are followed, as in a mounted ConfigMap`() throws {
    let folder = try TemporaryFolder()
    try folder.write("..2026/a.yaml", "x")
    try folder.link("..data", to: "..2026")
    try folder.link("a.yaml", to: "..data/a.yaml")
    let loaded = ManifestLoader.load([folder.path])
    #expect(names(loaded, in: folder) == ["a.yaml"])
    #expect(loaded.diagnostics == [])
  }

  @Test func `a link out of the folder is refused, to a file and to a folder`() throws {
    let outside = try TemporaryFolder()
    let secret = try outside.write("secret.yaml", "token: hush")
    let folder = try TemporaryFolder()
    try folder.write("a.yaml", "x")
    try folder.link("b.yaml", to: secret)
    try folder.link("c", to: outside.path)
    let loaded = ManifestLoader.load([folder.path])
    #expect(names(loaded, in: folder) == ["a.yaml"])
    #expect(loaded.diagnostics.map(\.rule) == ["outside-folder", "outside-folder"])
  }

  @Test func `a folder that is itself a link is read`() throws {
    let outside = try TemporaryFolder()
    try outside.write("a.yaml", "x")
    let folder = try TemporaryFolder()
    try folder.link("clients", to: outside.path)
    let loaded = ManifestLoader.load([folder.path + "/clients"])
    #expect(names(loaded, in: folder) == ["clients/a.yaml"])
    #expect(loaded.diagnostics == [])
  }

  @Test(arguments: ["nowhere", "a.yaml"])
  func `a manifest that cannot be opened is an error, never absent`(_ target: String) throws {
    let folder = try TemporaryFolder()
    try folder.link("a.yaml", to: target)
    let loaded = ManifestLoader.load([folder.path])
    #expect(loaded.diagnostics.map(\.rule) == ["unreadable"])
    #expect(ManifestDecoder.decode(loaded, environment: [:]).failure == .unreadable)
  }

  /// In a process of its own, for root may read everything and has to become somebody else first.
  @Test func `a folder or file without permission is an error, never absent`() async {
    await #expect(processExitsWith: .success) {
      if geteuid() == 0 { precondition(setgid(65_534) == 0 && setuid(65_534) == 0) }
      let folder = try TemporaryFolder()
      try folder.write("a/x.yaml", "x")
      let file = try folder.write("b.yaml", "x")
      for path in [folder.path + "/a", file] {
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      }
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path + "/a") }
      let loaded = ManifestLoader.load([folder.path])
      precondition(loaded.sources.isEmpty)
      precondition(loaded.diagnostics.map(\.rule) == ["unreadable", "unreadable"])
      precondition(loaded.diagnostics.allSatisfy { $0.message.contains("permission denied") && $0.place != nil })
      precondition(ManifestDecoder.decode(loaded, environment: [:]).failure == .unreadable)
    }
  }

  @Test func `a path that the system refuses is an error`() {
    let loaded = ManifestLoader.load([String(repeating: "x", count: 5000)])
    #expect(loaded.diagnostics.map(\.rule) == ["unreadable"])
  }

  @Test func `a pipe and a socket in the folder hold nothing up`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.yaml", "x")
    #expect(mkfifo(folder.path + "/pipe.yaml", 0o600) == 0)
    #expect(mkfifo(folder.path + "/pipe.txt", 0o600) == 0)
    // A name short enough for a socket's address.
    let socketFolder = "/tmp/\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: socketFolder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: socketFolder) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    #expect(bindSocket(descriptor, to: socketFolder + "/s.yaml"))
    let loaded = ManifestLoader.load([folder.path, socketFolder])
    #expect(names(loaded, in: folder) == ["a.yaml"])
    #expect(loaded.diagnostics.map(\.rule) == ["not-a-file", "not-a-file"])
    #expect(loaded.diagnostics.map { $0.message.hasSuffix("is a pipe, not a file") } == [true, false])
  }

  @Test func `a pipe that is named is read as a stream`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    // Opened for both, so that neither end waits for the other; and more than a pipe holds, so that the writer cannot be done
    // before somebody reads.
    let writer = open(path, O_RDWR)
    let text = String(repeating: "# x\n", count: 100_000)
    let thread = Thread {
      _ = text.withCString { write(writer, $0, text.utf8.count) }
      close(writer)
    }
    thread.start()
    let loaded = ManifestLoader.load([path])
    #expect(loaded.sources.map { $0.bytes.count } == [text.utf8.count])
    #expect(loaded.sources.first?.isStream == true)
  }

  @Test func `a pipe without a writer is an error at once`() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(ManifestLoader.load([folder.path + "/pipe"]).diagnostics.map(\.rule) == ["not-a-file"])
  }

  @Test func `a device is no manifest`() {
    #expect(ManifestLoader.load(["/dev/zero"]).diagnostics.map(\.rule) == ["not-a-file"])
  }

  @Test func `a file past the limit is refused`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.yaml")
    #expect(truncate(file, 64 << 20 + 1) == 0)
    #expect(ManifestLoader.load([folder.path]).diagnostics.map(\.rule) == ["too-large"])
  }

  @Test func `a name that cannot be shown is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\u{1b}[31m.yaml", "x")
    let bytes: [UInt8] = Array((folder.path + "/").utf8) + [0xff] + Array(".yaml".utf8) + [0]
    let descriptor = bytes.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o600) }
    close(descriptor)
    let loaded = ManifestLoader.load([folder.path])
    #expect(loaded.diagnostics.map(\.rule) == ["file-name", "file-name"])
    #expect(loaded.diagnostics.allSatisfy { !$0.message.contains("\u{1b}") })
    #expect(loaded.sources.isEmpty)
  }

  @Test func `standard input is read once, as a stream`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("input", String(repeating: "# x\n", count: 50_000))
    let descriptor = open(file, O_RDONLY)
    defer { close(descriptor) }
    let loaded = ManifestLoader.load(["-", "-"], standardInput: descriptor)
    #expect(loaded.sources.map(\.file) == ["-"])
    #expect(loaded.sources.first?.bytes.count == 200_000)
    #expect(loaded.sources.first?.isStream == true)
  }

  @Test func `standard input that cannot be read is an error`() {
    #expect(ManifestLoader.load(["-"], standardInput: -1).diagnostics.map(\.rule) == ["unreadable"])
  }

  private func bindSocket(_ descriptor: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    } == 0
  }
}
