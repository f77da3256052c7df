package import Diagnostics

/// Where a registry's credentials may be handed over. A Registry says it; a Client only names one.
package struct Destination: Sendable, Hashable {
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case json
    case dotenv
    case kubernetesSecret = "kubernetes-secret"
  }

  package enum Kind: Sendable, Hashable {
    /// A program and its arguments, which reads the credentials; `$(path)` in them is the Client's path. It runs only where the
    /// caller allows commands (`--allow-exec`).
    case command([String])
    /// Files below a folder, sealed for these age recipients as SOPS does it; in clear where there are none.
    case file(root: String, recipients: [String])
  }

  package var name: String
  package var kind: Kind
  package var format: Format
  /// Of the command's `argv`, or of the folder's name.
  package var place: SourcePlace

  package init(name: String, kind: Kind, format: Format = .json, place: SourcePlace) {
    self.name = name
    self.kind = kind
    self.format = format
    self.place = place
  }
}

/// One destination of a client's credentials.
package struct Delivery: Sendable, Hashable {
  /// The name of one of the registry's ``Destination``s.
  package var destination: String
  /// Which file or entry there: relative, without `..`, nothing in `.git`.
  package var path: String
  /// Of the path.
  package var place: SourcePlace

  package init(destination: String, path: String, place: SourcePlace) {
    self.destination = destination
    self.path = path
    self.place = place
  }
}

/// How a client that exists at the provider is taken over.
package struct Adoption: Sendable, Hashable {
  package enum Token: Sendable, Hashable {
    /// An environment variable; its name begins with `CLIENTSYNC_VAR_`.
    case environment(String, place: SourcePlace)
    /// A file below the manifest's own folder, already joined with it.
    case file(String, place: SourcePlace)
    /// age armour, sealed for the registry's recipients.
    case sealed(String, place: SourcePlace)
  }

  package var clientID: String
  /// `nil` where the admin API manages the client.
  package var token: Token?
  /// Of the client's identifier.
  package var place: SourcePlace

  package init(clientID: String, token: Token? = nil, place: SourcePlace) {
    self.clientID = clientID
    self.token = token
    self.place = place
  }
}
