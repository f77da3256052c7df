/// The files of a new repository.
struct Scaffold {
  /// The provider's issuer; `nil` for the provider that ships inside.
  let issuer: String?
  let host: String?
  /// The age recipients of whoever runs `init`.
  let recipients: [String]

  var files: [(name: String, text: String)] {
    [
      ("clientsync.yaml", configuration), ("clients/registry.yaml", registry), ("clients/example.yaml", client),
      (".sops.yaml", sops), (".gitignore", gitIgnore), (".gitattributes", gitAttributes),
    ]
  }

  var next: String {
    if issuer != nil, recipients.isEmpty {
      return """
        Next: clientsync keys new makes an age key; name its recipient in clients/registry.yaml and .sops.yaml.
        Then: clientsync validate, clientsync plan.

        """
    }
    return "Next: clientsync validate, clientsync plan.\n"
  }

  /// A DNS label out of the issuer's host.
  private var name: String {
    guard let host, host.contains(where: \.isLetter), let label = host.split(separator: ".").first else {
      return issuer == nil ? "local" : "registry"
    }
    let isLabel = label.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    return isLabel && label.count <= 63 && label != "sealed" && label.first != "-" && label.last != "-"
      ? String(label) : "registry"
  }

  private var registry: String {
    let place =
      issuer.map { "  issuer: \(quoted($0))\n" }
        ?? """
          # The provider that ships inside clientsync: nothing to install, for trying things out. For a real one write its issuer here:
          #   issuer: https://auth.example.com/
          embedded: {}

        """
    let encryption: String
    if issuer == nil {
      encryption = ""
    } else if recipients.isEmpty {
      encryption = """
          # Who may open the credentials in state/: age recipients. Make a key with: clientsync keys new
          # encryption:
          #   age: [age1…]

        """
    } else {
      encryption =
        "  # Who may open the credentials in state/: age recipients, as in .sops.yaml.\n  encryption:\n    age:\n"
        + recipients.map { "      - \($0)\n" }.joined()
    }
    return """
      # A registry is one provider's registration endpoint with its settings. clientsync explain Registry.spec lists them.
      apiVersion: clientsync/v1
      kind: Registry
      metadata:
        name: \(name)
      spec:
      \(place)  # Where registration asks for a token, name where it is to be had, never the token itself:
        # initialAccessToken: { env: REGISTRATION_TOKEN }
        safety:
          maxDeletes: 5          # an apply that would delete more refuses all of its deletes
      \(encryption)  defaults:                # merged under every client; a client that says otherwise wins
          token_endpoint_auth_method: client_secret_basic

      """
  }

  private var client: String {
    """
    # A client: members below spec.client have their RFC 7591 names. clientsync explain Client.spec.client lists them.
    # For completion in an editor: clientsync schema > clientsync.schema.json, and as the first line of a manifest
    #   # yaml-language-server: $schema=../clientsync.schema.json
    apiVersion: clientsync/v1
    kind: Client
    metadata:
      name: example-web
      labels: { team: example }   # clientsync plan -l team=example
    spec:
      deletion: delete            # or retain, or prevent: what happens there when this document goes away
      client:
        client_name: Example
        redirect_uris:
          - https://app.example.com/callback
        grant_types: [authorization_code, refresh_token]
        response_types: [code]
        scope: openid offline_access

    """
  }

  private var configuration: String {
    """
    # What belongs to no single registry. clientsync explain clientsync.yaml lists the members.
    filename: clients          # where the manifests are
    state: state               # where the state lies; commit it, credentials in it are sealed
    # Lint rules can be turned down or off here, or at one place by a comment: # clientsync: allow RULE -- why
    # rules:
    #   redirect-uri-http: off

    """
  }

  private var sops: String {
    let rule =
      recipients.isEmpty
      ? """
      # creation_rules:
      #   - path_regex: ^state/[^/]+\\.json$
      #     encrypted_regex: ^sealed$
      #     age: age1…

      """
      : """
      creation_rules:
        - path_regex: ^state/[^/]+\\.json$
          encrypted_regex: ^sealed$
          age: \(recipients.joined(separator: ","))

      """
    return """
      # For whom sops seals the state's files (sops updatekeys goes by it). clientsync keys show prints a key's recipient.
      \(rule)
      """
  }

  private var gitIgnore: String {
    """
    # An embedded registry's data and its key: for this machine alone.
    state/embedded/
    # The lock of a run under way, and the version before. A journal that a killed run left is not named here: git status shows it,
    # and the next apply folds it in.
    state/*.lock*
    state/*.json.backup*
    state/*.json.new

    """
  }

  private var gitAttributes: String {
    """
    # Two branches that both wrote a state conflict, and clientsync says what to do. Diffs without secrets, once on each machine:
    #   git config diff.clientsync.textconv 'clientsync state show --file'
    state/*.json diff=clientsync linguist-generated=true

    """
  }

  private func quoted(_ url: String) -> String { "\"" + url.replacing("\\", with: "\\\\") + "\"" }
}
