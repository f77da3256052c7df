package import Diagnostics

/// Something that manifests may say, that is checked, and that this version of clientsync does nothing about.
package struct Unsupported: Sendable, Hashable {
  /// The registry that it concerns; `nil` where it concerns every run.
  package var registry: String?
  /// The client, where it is none of the registry's own.
  package var client: String?
  package var labels: [String: String]
  /// A warning, at its place.
  package var diagnostic: Diagnostic
}
