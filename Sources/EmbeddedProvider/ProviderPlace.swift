/// Where the servers find the provider that they serve. It is empty for the moment between the port and the provider that
/// knows it.
final class ProviderPlace: Sendable {
  private let content = Monitor<Provider??>(nil)

  /// - Parameter provider: `nil` where there will be none.
  func fill(_ provider: Provider?) { content.update { $0 = .some(provider) } }

  /// Waits for the provider; `nil` where there will be none.
  var provider: Provider? { content.wait { $0 } }
}
