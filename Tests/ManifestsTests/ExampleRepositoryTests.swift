import Diagnostics
import Foundation
import Manifests
import Testing

struct ExampleRepositoryTests {
  @Test func `the example repository validates without a word`() {
    let loaded = ManifestLoader.load([packageRoot.appending(path: "examples/clients").path])
    let set = ManifestDecoder.decode(loaded, environment: [:])
    #expect(set.diagnostics.map { $0.text() } == [])
    #expect(set.registries.map(\.name) == ["customers", "workforce"])
    #expect(set.clients.count == 10)
    #expect(set.failure == nil)
  }
}
