// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, from the ground up. Imports point one way: a target depends on what stands above it here.
// CONTRIBUTING.md has the map.

/// Settings of every Swift target: Swift 6, warnings are errors, imports say what they bring.
let common: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Settings of the product's targets: besides, each use of a C pointer is marked `unsafe`.
let house: [SwiftSetting] = common + [.strictMemorySafety()]

/// A library of Debian's behind a module map and a shim header.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A room: a library target in the folder of its name.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

/// The tests of a room, in `Tests/NAMETests`.
func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, resources: resources, swiftSettings: common)
}

/// What `clientsync --version` names; built in by a define, so that no generated file lies in the tree.
let commit =
  Context.gitInformation.map { String($0.currentCommit.prefix(12)) + ($0.hasUncommittedChanges ? "+" : "") } ?? "unknown"

let package = Package(
  name: "clientsync",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "clientsync", targets: ["clientsync"]),
    .library(name: "OpenIDRegistration", targets: ["OpenIDRegistration"]),
    .library(name: "OpenIDRegistrationCurl", targets: ["OpenIDRegistrationCurl"]),
    .library(name: "EmbeddedProvider", targets: ["EmbeddedProvider"]),
  ],
  targets: [
    system("CClientsyncYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    system("COpenIDCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    system("COpenIDCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    system("COpenIDSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    system("COpenIDMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
    .target(name: "CBuildInformation", cSettings: [.define("CLIENTSYNC_COMMIT", to: "\"\(commit)\"")]),

    // Comparing numbers rounds, and nothing else in the room would bring the C library's mathematics along.
    .target(name: "OpenIDJSON", swiftSettings: house, linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Diagnostics"),
    room("YAML", ["CClientsyncYAML", "Diagnostics"]),
    room("OpenIDCryptography", ["COpenIDCrypto", "OpenIDJSON"]),
    room("OpenIDRegistration", ["OpenIDJSON", "OpenIDCryptography"]),
    room("OpenIDRegistrationCurl", ["OpenIDRegistration", "COpenIDCurl"]),
    room("Manifests", ["YAML", "OpenIDRegistration", "OpenIDCryptography", "OpenIDJSON", "Diagnostics"]),
    room("Sealing", ["OpenIDCryptography", "OpenIDJSON"]),
    room("State", ["Sealing", "OpenIDRegistration", "OpenIDCryptography", "OpenIDJSON"]),
    room("Planning", ["Manifests", "State", "OpenIDRegistration", "OpenIDCryptography", "OpenIDJSON", "Diagnostics"]),
    room(
      "Rendering",
      ["Planning", "State", "Manifests", "OpenIDRegistration", "OpenIDCryptography", "OpenIDJSON", "Diagnostics"]),
    room(
      "Applying", ["Planning", "State", "Manifests", "OpenIDCryptography", "OpenIDRegistration", "OpenIDJSON", "Diagnostics"]),
    room(
      "EmbeddedProvider",
      ["COpenIDMicroHTTPD", "COpenIDSQLite", "OpenIDCryptography", "OpenIDRegistration", "OpenIDJSON"]),
    room("CommandLineParsing"),
    room(
      "Commands",
      [
        "CommandLineParsing", "Diagnostics", "OpenIDJSON", "OpenIDCryptography", "OpenIDRegistration",
        "OpenIDRegistrationCurl", "YAML", "Manifests", "Sealing", "State", "Planning", "Rendering", "Applying",
        "EmbeddedProvider",
        "CBuildInformation",
      ]),
    tests(of: "OpenIDJSON"),
    tests(
      of: "Rendering", ["Planning", "State", "Manifests", "OpenIDJSON", "Diagnostics"], resources: [.copy("Golden")]),
    tests(of: "OpenIDCryptography", ["OpenIDJSON"], resources: [.copy("Fixtures")]),
    tests(of: "State", ["Sealing", "OpenIDCryptography", "OpenIDJSON", "Programs"], resources: [.copy("Fixtures")]),
    tests(of: "Planning", ["Manifests", "State", "OpenIDRegistration", "OpenIDJSON", "Diagnostics"]),
    tests(
      of: "Commands",
      [
        "clientsync", "CommandLineParsing", "Applying", "EmbeddedProvider", "Sealing",
        "OpenIDRegistration", "OpenIDRegistrationCurl", "State", "OpenIDCryptography", "OpenIDJSON", "Manifests",
        "Programs",
      ],
      resources: [.copy("Fixtures")]),
    tests(of: "Sealing", ["OpenIDCryptography", "OpenIDJSON", "Programs"], resources: [.copy("Fixtures")]),
    tests(of: "CommandLineParsing"),
    tests(
      of: "EmbeddedProvider", ["OpenIDRegistration", "OpenIDRegistrationCurl", "OpenIDJSON", "OpenIDCryptography"],
      resources: [.copy("Fixtures")]),
    .executableTarget(name: "clientsync", dependencies: ["Commands"], swiftSettings: house),

    .target(name: "Programs", path: "Tests/Programs", swiftSettings: common),
    .target(name: "MarkedText", dependencies: ["Diagnostics"], path: "Tests/MarkedText", swiftSettings: common),
    tests(of: "YAML", ["Diagnostics", "MarkedText"]),
    tests(of: "Manifests", ["YAML", "OpenIDRegistration", "OpenIDJSON", "Diagnostics", "MarkedText"]),
    tests(of: "OpenIDRegistration", ["OpenIDRegistrationCurl", "EmbeddedProvider"], resources: [.copy("Fixtures")]),
    tests(of: "OpenIDRegistrationCurl", ["OpenIDRegistration", "OpenIDCryptography", "OpenIDJSON"]),
  ],
  swiftLanguageModes: [.v6]
)

// Programs of development's, which no build makes unless the environment asks for them.
if Context.environment["CLIENTSYNC_BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "JSONBenchmark", dependencies: ["OpenIDJSON"], path: "Benchmarks/JSON", swiftSettings: house))
}
if Context.environment["CLIENTSYNC_FUZZING"] != nil {
  for (name, dependencies) in [("JSON", ["OpenIDJSON"]), ("YAML", ["YAML", "Diagnostics"])] {
    package.targets.append(
      .executableTarget(
        name: "Fuzz\(name)", dependencies: dependencies.map { .target(name: $0) }, path: "Fuzzing/\(name)",
        swiftSettings: house))
  }
}
