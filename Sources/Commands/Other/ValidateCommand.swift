import Applying
import CommandLineParsing
import Diagnostics
import Manifests
import OpenIDRegistration
import OpenIDRegistrationCurl
import Rendering

/// `clientsync validate`: parses and lints; asks nobody without `--online`.
enum ValidateCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async -> ExitCode {
    let options = RunOptions(manifestsOf: command, context)
    let loaded = ManifestLoader.load(options.paths, standardInput: context.standardInput)
    var manifests = Workspace.manifests(loaded, options, context)
    let isValid = manifests.failure == nil
    var review = DestinationReview(loaded.sources) { GitIgnoring.isIgnored($0, in: $1, context) }
    review.review(options.registries, in: &manifests)
    if command.has("online"), manifests.failure == nil {
      await compareOnline(&manifests, loaded, options, context)
    }
    context.print(DiagnosticOutput.formatted(manifests, as: command.choice("format") ?? .text, options))
    switch manifests.failure {
    case .unreadable: return .failed
    case .invalid:
      // A manifest that says where to write in clear is no mistake in the format: it is refused, as an apply would refuse it.
      let others = manifests.diagnostics.filter { $0.rule != ManifestRule.plaintextDestination.rawValue }
      return isValid && !others.hasErrors ? .refused : .invalidManifests
    case nil: return .done
    }
  }

  /// Asks each provider what it offers. No credential is fetched for it: whoever writes manifests also names the provider.
  private static func compareOnline(
    _ manifests: inout ManifestSet, _ loaded: LoadedManifests, _ options: RunOptions, _ context: Context
  ) async {
    var review = OnlineReview(loaded.sources)
    for registry in manifests.registries where !registry.embedded {
      guard options.registries.isEmpty || options.registries.contains(registry.name) else { continue }
      do throws(RegistrationError) {
        if let provider = try await provider(of: registry, context) {
          review.review(registry.name, provider, in: &manifests)
        } else {
          manifests.diagnostics.append(unreadable(registry, "there is none"))
        }
      } catch {
        manifests.diagnostics.append(unreadable(registry, error.explanation))
      }
    }
  }

  private static func unreadable(_ registry: DeclaredRegistry, _ words: String) -> Diagnostic {
    Diagnostic(
      .error, rule: OnlineRule.unreadable.rawValue, "the discovery document of \(registry.name) cannot be read: \(words)",
      at: registry.place, hint: "Without --online nobody is asked.")
  }

  private static func provider(
    of registry: DeclaredRegistry, _ context: Context
  ) async throws(RegistrationError) -> ProviderMetadata? {
    let client = OpenIDRegistrationClient(
      transport: CurlTransport(CurlTransport.Configuration(registry)), headers: registry.openHeaders)
    if let issuer = registry.issuer {
      return try await RetryPolicy(maximumRetries: registry.http.maxRetries).repeating(until: context.stop) {
        () throws(RegistrationError) in try await client.discoverOidcConfiguration(issuer: issuer)
      }
    }
    guard let endpoint = registry.registrationEndpoint else { return nil }
    return try await client.configurationBeside(registrationEndpoint: endpoint)
  }
}
