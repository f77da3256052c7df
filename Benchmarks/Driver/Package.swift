// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what only measures is no part of the product.
let package = Package(
  name: "RegistrationBenchmark",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "clientsync", path: "../..")],
  targets: [
    .executableTarget(
      name: "RegistrationBenchmark",
      dependencies: [
        .product(name: "OpenIDRegistration", package: "clientsync"),
        .product(name: "OpenIDRegistrationCurl", package: "clientsync"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
