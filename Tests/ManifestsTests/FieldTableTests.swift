import Manifests
import OpenIDRegistration
import Testing

struct FieldTableTests {
  @Test(arguments: Profile.all)
  func `every member that a profile speaks of stands in the table`(_ profile: Profile) {
    let known = Set(ObjectSchema.clientMetadata.names)
    let spoken = profile.serverOwned.union(profile.dropped).union(profile.unorderedLists).union(profile.unorderedWords)
      .union(profile.durations).union(profile.falseIsAbsent).union(profile.refused.keys).union(profile.kept ?? [])
      .union(profile.defaults.map(\.name))
    #expect(spoken.subtracting(known) == [])
  }

  @Test(arguments: Profile.all)
  func `table and profile agree on what order means, and on who writes what`(_ profile: Profile) {
    for field in ObjectSchema.clientMetadata.fields {
      switch field.type {
      case .list: #expect(!field.isOrdered, "\(field.name)")
      case .string(.goDuration): #expect(Profile.hydra.durations.contains(field.name))
      default: break
      }
    }
    for name in ObjectSchema.clientMetadata.names where profile.neverSent.contains(name) {
      #expect(ObjectSchema.clientMetadata[name]?.standing == .serverOwned, "\(name)")
    }
  }

  @Test func `the table holds the thirteen lifespans`() {
    #expect(ObjectSchema.clientMetadata.names.count { $0.hasSuffix("_lifespan") } == 13)
    #expect(Profile.hydra.durations == Set(ObjectSchema.clientMetadata.names.filter { $0.hasSuffix("_lifespan") }))
  }

  @Test(arguments: [
    "client_name#fr", "client_uri#de-CH", "x_tier", "com.example.tier", "urn:example:tier", "https://example.com/tier",
  ])
  func `names beyond the table that are let through`(_ name: String) {
    #expect(ObjectSchema.clientMetadata.field(name)?.name == name)
  }

  @Test(arguments: ["client_name#", "scope#fr", "tier", "x_", "X_tier", "client-name", ""])
  func `names beyond the table that are not`(_ name: String) {
    #expect(ObjectSchema.clientMetadata.field(name) == nil)
  }

  @Test func `every row has a sentence that says what it is`() {
    var schemas = [ObjectSchema.registryDocument, .clientDocument]
    var rows = 0
    while let schema = schemas.popLast() {
      for field in schema.fields {
        rows += 1
        #expect(field.summary.first?.isUppercase == true && !field.summary.hasSuffix("."), "\(field.name)")
        schemas += Self.schemas(in: field.type)
      }
    }
    #expect(rows > 150)
  }

  private static func schemas(in type: FieldType) -> [ObjectSchema] {
    switch type {
    case .object(let schema): [schema]
    case .list(let element, _), .map(let element, _): schemas(in: element)
    case .either(let a, let b): schemas(in: a) + schemas(in: b)
    default: []
    }
  }
}
