// swift-tools-version: 6.2
import PackageDescription

// Somebody else's package, with the target names that anybody would take, on top of our three products. SwiftPM refuses two
// targets of one name in a graph, so this builds only while our own keep out of the way.
let package = Package(
  name: "Foreign",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "clientsync", path: "../..")],
  targets: [
    .target(name: "JSON"),
    .target(name: "HTTP", dependencies: ["JSON"]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .executableTarget(
      name: "Example",
      dependencies: [
        .product(name: "OpenIDRegistration", package: "clientsync"),
        .product(name: "OpenIDRegistrationCurl", package: "clientsync"),
        .product(name: "EmbeddedProvider", package: "clientsync"),
      ]),
    .executableTarget(name: "Bare", dependencies: [.product(name: "OpenIDRegistration", package: "clientsync")]),
    .testTarget(
      name: "ForeignTests",
      dependencies: [
        "JSON", "HTTP", "CSQLite", "CCurl",
        .product(name: "OpenIDRegistration", package: "clientsync"),
        .product(name: "OpenIDRegistrationCurl", package: "clientsync"),
        .product(name: "EmbeddedProvider", package: "clientsync"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
