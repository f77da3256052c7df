package import Diagnostics

/// Where each member of a client's metadata stands.
///
/// A dictionary would say the same in four times the memory; there are as many of these as there are clients, and they are asked
/// only where something is to be told.
package struct MemberPlaces: Sendable, Hashable {
  private var places: [MemberPlace] = []

  package init() {}

  /// The place of the member's name; `nil` where the client has no such member.
  package subscript(member: String) -> SourcePlace? { places.first { $0.member == member }?.place }

  mutating func reserve(_ count: Int) { places.reserveCapacity(count) }

  mutating func append(_ member: String, _ place: SourcePlace) { places.append(MemberPlace(member: member, place: place)) }
}

private struct MemberPlace: Sendable, Hashable {
  var member: String
  var place: SourcePlace
}

extension MemberPlaces: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, SourcePlace)...) {
    for (member, place) in elements { append(member, place) }
  }
}
