package import CommandLineParsing
import Manifests
import Planning

extension ClientsyncCommand {
  /// Every command and option; help, manual and completions are made of it.
  package static let tree = CommandSpecification(
    "clientsync", abstract: "Keeps OAuth 2.0 and OpenID Connect clients as YAML in git.",
    discussion: [
      "Reads manifests, compares them with the state file and with what the provider says now, prints a plan, and applies it by OpenID Connect Dynamic Client Registration (RFC 7591, RFC 7592)."
    ],
    groups: [
      CommandGroup("Commands", [validate, plan, apply, drift]),
      CommandGroup("Manifests", [initialize, format, explain, schema]),
      CommandGroup("Keys", [keys]),
      CommandGroup("State", [state]),
      CommandGroup("By hand", [oidc]),
      CommandGroup("More", [provider, completions, manual]),
    ],
    examples: [
      Example("clientsync plan -f clients/", "Shows what an apply would change."),
      Example("clientsync apply --auto-approve", "Applies it, in a pipeline."),
    ],
    notes: [
      Note(.exitCodes, ExitCode.allCases.map { Note.Entry(String($0.rawValue), $0.words) }),
      Note(
        .environment,
        [
          Note.Entry(
            "SOPS_AGE_KEY, SOPS_AGE_KEY_FILE", "The age identities that open the state, where sops looks for them too."),
          Note.Entry("CLIENTSYNC_VAR_*", "What $(env:NAME) in a manifest can read."),
          Note.Entry("NO_COLOR", "No colour."),
          Note.Entry("CI", "An apply to a state in a folder then wants --local-state."),
        ]),
      Note(
        .files,
        [
          Note.Entry("clients/", "The manifests, unless -f names others."),
          Note.Entry("clientsync.yaml", "Where manifests and state lie, and which lint rules are turned down."),
          Note.Entry("state/REGISTRY.json", "The state, sealed with age in SOPS's format."),
          Note.Entry("state/REGISTRY.journal", "What a run that was killed left behind; the next one folds it in."),
        ]),
    ])

  private static let manifestOptions = [
    OptionSpecification.value(
      "filename", short: "f", "PATH", .path, help: "A file, a folder, or - for standard input.", defaultText: "clients/",
      isRepeatable: true),
    OptionSpecification.value("registry", "NAME", help: "Only this registry.", isRepeatable: true),
    OptionSpecification.value(
      "kustomization", "FOLDER", .folder,
      help: "The folder that kustomize built: what origin annotations in a stream count from."),
    OptionSpecification.value(
      "config", "FILE", .path, help: "What belongs to no single registry; else the one here, or among the manifests.",
      defaultText: "clientsync.yaml"),
  ]

  private static let outputOptions = [
    OptionSpecification.value(
      "format", "FORMAT", .choice(PlanFormat.allCases.map(\.rawValue)), help: "How the result is printed.", defaultText: "text"),
    OptionSpecification.flag("no-color", help: "No colour."),
    OptionSpecification.flag("quiet", short: "q", help: "No progress."),
  ]

  private static let planningOptions = [
    OptionSpecification.value("state", "FOLDER", .folder, help: "Where the state lies.", defaultText: "state"),
    OptionSpecification.value(
      "selector", short: "l", "KEY=VALUE", .pair, help: "Only clients with this label.", isRepeatable: true),
    OptionSpecification.value("target", "NAME", help: "Only this client.", isRepeatable: true),
    OptionSpecification.value(
      "parallelism", "N", .integer(1...1000), help: "How many calls may be under way at once.", defaultText: "16"),
    OptionSpecification.value(
      "refresh", "MODE", .choice([RefreshMode.all, .changed, .none].map(\.rawValue)),
      help: "Which clients are read first: all, those with a declared change, or none.", defaultText: "all"),
    OptionSpecification.shorthand("no-refresh", for: "refresh", "none", help: "The same as --refresh none."),
    OptionSpecification.flag("allow-exec", help: "Lets commands run that the manifests name."),
    OptionSpecification.flag("allow-empty", help: "Means it where no manifest declares a client of a registry any more."),
    OptionSpecification.flag(
      "accept-registry-change", help: "Means it where a registry with a state has another issuer, endpoint, rewrite rule or CA."
    ),
    OptionSpecification.value("max-creates", "N", .integer(0...Int.max), help: "Lifts safety.maxCreates for this run."),
    OptionSpecification.value("max-deletes", "N", .integer(0...Int.max), help: "Lifts the limits on deletes for this run."),
    OptionSpecification.value(
      "lock-timeout", "DURATION", .duration, help: "How long to wait for another run's lock.", defaultText: "0s"),
  ]

  private static let detailedExitCode = OptionSpecification.flag("detailed-exitcode", help: "Exits 2 where there are changes.")

  private static let validate = CommandSpecification(
    "validate", abstract: "Checks the manifests; asks nobody without --online.",
    options: [
      OptionGroup(
        "Manifests",
        manifestOptions + [
          OptionSpecification.flag(
            "online", help: "Also reads each provider's discovery document, without any credential, and compares with it.")
        ]),
      OptionGroup(
        "Output",
        [
          OptionSpecification.value(
            "format", "FORMAT", .choice(DiagnosticFormat.allCases.map(\.rawValue)),
            help: "How the result is printed: for people, scripts, GitHub Actions, GitLab's Code Quality, code scanning.",
            defaultText: "text")
        ] + outputOptions.dropFirst()),
    ],
    examples: [
      Example("clientsync validate -f clients/", "Names every mistake with file, line and column."),
      Example("clientsync validate --format sarif > clientsync.sarif", "What GitHub's code scanning takes."),
    ])

  private static let plan = CommandSpecification(
    "plan", abstract: "Prints what would change.",
    options: [
      OptionGroup("Manifests", manifestOptions), OptionGroup("Planning", planningOptions),
      OptionGroup(
        "Output",
        outputOptions + [
          detailedExitCode,
          OptionSpecification.flag("gate", help: "Exits 7 where apply would refuse something: the check for a pull request."),
        ]),
    ],
    examples: [
      Example("clientsync plan", "Compares manifests, state and provider."),
      Example("clientsync plan --format json | jq .summary", "The counts, for a script."),
    ])

  private static let apply = CommandSpecification(
    "apply", abstract: "Plans, asks, and applies.",
    options: [
      OptionGroup("Manifests", manifestOptions), OptionGroup("Planning", planningOptions),
      OptionGroup(
        "Applying",
        [
          OptionSpecification.flag("auto-approve", help: "Does not ask; for pipelines."),
          OptionSpecification.flag("new-state", help: "Means it where there is no state yet."),
          OptionSpecification.flag("local-state", help: "Means it where CI is set and the state is a folder."),
          OptionSpecification.value("expect", "DIGEST", help: "Refuses any other plan than the reviewed one."),
        ]),
      OptionGroup("Output", outputOptions),
    ],
    examples: [Example("clientsync apply --auto-approve --expect 7f3a91c0d2e4", "Applies just the plan that was reviewed.")])

  private static let drift = CommandSpecification(
    "drift", abstract: "Prints only what somebody else changed.",
    options: [
      OptionGroup("Manifests", manifestOptions), OptionGroup("Planning", planningOptions),
      OptionGroup("Output", outputOptions + [detailedExitCode]),
    ])

  private static let keys = CommandSpecification(
    "keys", abstract: "Makes and shows age keys.",
    groups: [
      CommandGroup(
        "Commands",
        [
          CommandSpecification(
            "new", abstract: "Makes an identity (mode 0600, never over an existing file) and prints its recipient.",
            options: [
              OptionGroup(
                "Options",
                [
                  OptionSpecification.value(
                    "out", short: "o", "FILE", .path, help: "Where the identity goes; else where sops looks.")
                ])
            ]),
          CommandSpecification(
            "show", abstract: "Prints the recipients of the identities at hand.",
            options: [
              OptionGroup(
                "Options",
                [
                  OptionSpecification.value("file", "FILE", .path, help: "A key file; else where sops looks."),
                  OptionSpecification.value(
                    "format", "FORMAT", .choice(["text", "json"]), help: "How the result is printed.", defaultText: "text"),
                ])
            ]),
        ])
    ])

  private static let initialize = CommandSpecification(
    "init", abstract: "Writes a small repository that validates; what is there stays.",
    options: [
      OptionGroup(
        "Options",
        [
          OptionSpecification.value(
            "registry", "URL", help: "The provider's issuer; else the provider that ships inside.")
        ])
    ],
    arguments: [ArgumentSpecification("FOLDER", .folder, help: "Where; else here.", isOptional: true)],
    examples: [
      Example("clientsync init --registry https://auth.example.com/", "Manifests, .sops.yaml and what git wants to know.")
    ])

  private static let format = CommandSpecification(
    "fmt", abstract: "Puts manifests into canonical order, comments and all.",
    discussion: [
      "Lines move as a whole, with the comments above them. Files with anchors, merge keys or tags, and files written in braces, are left as they are, and said to be. Prints the names of the files that change."
    ],
    options: [
      OptionGroup("Manifests", manifestOptions.filter { !["registry", "kustomization"].contains($0.name) }),
      OptionGroup(
        "Options", [OptionSpecification.flag("check", help: "Writes nothing, and exits 2 where something would change.")]),
    ],
    examples: [Example("clientsync fmt --check", "For a pipeline.")])

  private static let explain = CommandSpecification(
    "explain", abstract: "Says what a member of a manifest is.",
    discussion: ["A member is named from its document's root, with dots between; the end of that is enough where it is clear."],
    options: [
      OptionGroup(
        "Options",
        [
          OptionSpecification.flag("recursive", help: "Lists what is below the members, too."),
          OptionSpecification.value(
            "format", "FORMAT", .choice(["text", "json", "markdown"]),
            help: "How it is printed; markdown prints the reference of all members.", defaultText: "text"),
        ])
    ],
    arguments: [ArgumentSpecification("MEMBER", help: "Like Registry.spec.http, or redirect_uris.", isOptional: true)],
    examples: [Example("clientsync explain Client.spec.client.redirect_uris", "Its type, source, default and profiles.")])

  private static let schema = CommandSpecification(
    "schema", abstract: "Prints the JSON Schema of manifests, for editors.",
    options: [
      OptionGroup(
        "Options",
        [
          OptionSpecification.value(
            "kind", "KIND", .choice(ManifestSchema.Kind.allCases.map(\.rawValue)),
            help: "Of manifests, or of clientsync.yaml (configuration).", defaultText: "manifests")
        ])
    ],
    examples: [Example("clientsync schema > clientsync.schema.json", "A file that yaml-language-server can be pointed to.")])

  private static let completions = CommandSpecification(
    "completions", abstract: "Prints a completion script for a shell.",
    arguments: [ArgumentSpecification("SHELL", .choice(Shell.allCases.map(\.rawValue)), help: "The shell.")])

  private static let manual = CommandSpecification(
    "manual", abstract: "Writes the manual pages into a folder.",
    arguments: [ArgumentSpecification("FOLDER", .folder, help: "Where the pages go.")], isHidden: true)
}
