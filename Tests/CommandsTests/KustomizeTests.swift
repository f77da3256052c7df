import Foundation
import OpenIDJSON
import Testing

@testable import Commands

/// What kustomize builds pipes in, and answers name the files that its documents came from.
@Suite struct KustomizeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  /// As kustomize prints it, with origins as its `buildMetadata: [originAnnotations]` writes them, and a document of others'.
  private static func stream(redirectURI: String) -> String {
    """
    apiVersion: v1
    kind: Namespace
    metadata:
      annotations:
        config.kubernetes.io/origin: |
          path: namespace.yaml
      name: staging
    ---
    apiVersion: clientsync/v1
    kind: Client
    metadata:
      annotations:
        config.kubernetes.io/origin: |
          path: ../base/portal.yaml
      name: portal
    spec:
      client:
        client_name: Portal (staging)
        grant_types:
        - authorization_code
        redirect_uris:
        - \(redirectURI)
    ---
    apiVersion: clientsync/v1
    kind: Registry
    metadata:
      annotations:
        config.kubernetes.io/origin: |
          path: ../base/registry.yaml
      name: sign-in
    spec:
      embedded: {}

    """
  }

  private func run(_ arguments: [String], input: String, in repository: Repository) async -> Run {
    await repository.run(arguments + ["-f", "-"], input: input)
  }

  @Test func `a built overlay pipes into plan, which names the files it came from`() async throws {
    let repository = try Repository()
    let plan = await run(
      ["plan", "--kustomization", "overlays/staging"], input: Self.stream(redirectURI: "https://portal.staging.example.com/cb"),
      in: repository)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("+ create  portal"), "\(plan.output)")
    #expect(plan.output.contains("overlays/base/portal.yaml"), "\(plan.output)")
  }

  @Test func `diagnostics and SARIF name the files, counted from the folder that was built`() async throws {
    let repository = try Repository()
    let input = Self.stream(redirectURI: "/cb")
    let text = await run(["validate"], input: input, in: repository)
    #expect(text.status == 65)
    #expect(text.output.contains("../base/portal.yaml:1:1: error: "), "\(text.output)")
    #expect(text.output.contains("It stands in line 21 of standard input."), "\(text.output)")
    let sarif = await run(
      ["validate", "--format", "sarif", "--kustomization", "overlays/staging"], input: input, in: repository)
    let place = sarif.json?["runs"]?[0]?["results"]?[0]?["locations"]?[0]?["physicalLocation"]
    #expect(place?["artifactLocation"]?["uri"] == "overlays/base/portal.yaml", "\(sarif.output)")
    #expect(place?["region"] == ["startLine": 1, "startColumn": 1])
  }

  @Test func `the overlays of the examples ask for origins, and their bases validate`() async throws {
    for overlay in ["staging", "production"] {
      let text = try String(contentsOfFile: "\(Self.root)/examples/overlays/\(overlay)/kustomization.yaml", encoding: .utf8)
      #expect(text.contains("\nbuildMetadata: [originAnnotations]\n"))
    }
    let base = Self.root + "/examples/overlays/base"
    let repository = try Repository()
    let run = await repository.run("validate", "-f", base + "/registry.yaml", "-f", base + "/portal.yaml")
    #expect(run.status == 0, "\(run.output)")
  }

  @Test(.enabled(if: Self.kustomize != nil, "kustomize is missing; no Debian package has it"))
  func `kustomize builds the overlays of the examples into streams that validate`() async throws {
    for overlay in ["staging", "production"] {
      let repository = try Repository()
      let output = repository.folder + "/stream"
      let folder = "\(Self.root)/examples/overlays/\(overlay)"
      let child = try Child([Self.kustomize!, "build", folder], environment: [:], output: output)
      #expect(child.wait() == 0)
      let checked = await run(["validate"], input: try String(contentsOfFile: output, encoding: .utf8), in: repository)
      #expect(checked.status == 0, "\(checked.output)")
    }
  }

  private static let kustomize = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/kustomize" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
