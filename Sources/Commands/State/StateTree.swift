import CommandLineParsing

extension ClientsyncCommand {
  private static let folderOption = OptionSpecification.value(
    "state", "FOLDER", .folder, help: "Where the state lies.", defaultText: "state")
  private static let registryOption = OptionSpecification.value("registry", "NAME", help: "The registry whose state is meant.")
  private static let formatOption = OptionSpecification.value(
    "format", "FORMAT", .choice(["text", "json"]), help: "How the result is printed.", defaultText: "text")
  private static let execOption = OptionSpecification.flag(
    "allow-exec", help: "Lets sops open a data key that no age identity opens.")
  private static let approveOption = OptionSpecification.flag("auto-approve", help: "Does not ask; for pipelines.")
  private static let lockOption = OptionSpecification.value(
    "lock-timeout", "DURATION", .duration, help: "How long to wait for another run's lock.", defaultText: "0s")

  private static let reading = OptionGroup("State", [folderOption, registryOption, execOption])
  private static let writing = OptionGroup("State", [folderOption, registryOption, execOption, lockOption])
  private static let output = OptionGroup("Output", [formatOption])
  private static let manifests = OptionGroup(
    "Manifests",
    [
      OptionSpecification.value(
        "filename", short: "f", "PATH", .path, help: "A file, a folder, or - for standard input.", defaultText: "clients/",
        isRepeatable: true)
    ])

  static let state = CommandSpecification(
    "state", abstract: "Looks after the state.",
    groups: [
      CommandGroup("Looking", [list, show, verify, pull]),
      CommandGroup("Changing", [move, remove, push, rekey, upgrade, rebuild, unlock]),
    ],
    examples: [
      Example("clientsync state show billing-web", "What the state knows of a client, secrets hidden."),
      Example(
        "git config diff.clientsync.textconv 'clientsync state show --file'",
        "Lets git diff show what changed in a state, with *.json diff=clientsync in state/.gitattributes."),
    ])

  private static let list = CommandSpecification(
    "list", abstract: "Lists the clients that the state knows.", options: [reading, output])
  private static let show = CommandSpecification(
    "show", abstract: "Shows a client, or the whole state, secrets hidden.",
    options: [
      reading, output,
      OptionGroup(
        "File",
        [
          OptionSpecification.value(
            "file", "FILE", .path, help: "Shows that file as it is, and checks nothing; for git's textconv.")
        ]),
    ],
    arguments: [ArgumentSpecification("CLIENT", help: "The client's name.", isOptional: true)])
  private static let verify = CommandSpecification(
    "verify", abstract: "Checks the MAC, every sealed value, the serial and a leftover journal.", options: [reading, output])
  private static let pull = CommandSpecification(
    "pull", abstract: "Prints the state's file as it is, sealed.",
    options: [OptionGroup("State", [folderOption, registryOption])])
  private static let move = CommandSpecification(
    "mv", abstract: "Gives a client another name in the state; its credentials are sealed for it.",
    options: [writing, output],
    arguments: [
      ArgumentSpecification("OLD", help: "The name that it has."), ArgumentSpecification("NEW", help: "The name that it gets."),
    ])
  private static let remove = CommandSpecification(
    "rm", abstract: "Forgets clients; at the provider they stay as they are.",
    options: [
      writing,
      OptionGroup(
        "Forgetting",
        [
          approveOption,
          OptionSpecification.flag("all", help: "Forgets the whole state of the registry that --registry names."),
          OptionSpecification.flag("force", help: "Means it where a call is in doubt."),
        ]), output,
    ],
    arguments: [ArgumentSpecification("CLIENT", help: "The clients' names.", isOptional: true, isRepeatable: true)])
  private static let push = CommandSpecification(
    "push", abstract: "Puts a state in the place of the one that is there.",
    discussion: [
      "The pushed state gets the next serial. The one that was there stays as its backup.",
      "Of a file that was put aside for the tokens in it (*.tokens.rescued.json), these are taken in, and nothing else.",
    ],
    options: [
      writing,
      OptionGroup(
        "Pushing",
        [
          approveOption,
          OptionSpecification.flag(
            "force", help: "Means it where lineage, serial or binding do not fit; leaves out tokens that do not."),
        ]),
      output,
    ],
    arguments: [ArgumentSpecification("FILE", .path, help: "The state's file, or - for standard input.")])
  private static let rekey = CommandSpecification(
    "rekey", abstract: "Makes the state open for the recipients that .sops.yaml or the manifest names now.",
    options: [
      manifests, writing,
      OptionGroup(
        "Recipients",
        [
          OptionSpecification.value(
            "age", "RECIPIENT", help: "A recipient; without it .sops.yaml or the manifest says who.", isRepeatable: true),
          OptionSpecification.flag(
            "rotate-data-key", help: "Seals everything anew under another data key: after somebody left."),
        ]), output,
    ])
  private static let upgrade = CommandSpecification(
    "upgrade", abstract: "Writes the state in the newest format; the old file stays as its backup.", options: [writing, output])
  private static let rebuild = CommandSpecification(
    "rebuild", abstract: "Finds clients again by the marker that their creates carried; secrets and tokens do not come back.",
    options: [
      manifests, writing,
      OptionGroup(
        "Finding",
        [
          OptionSpecification.flag("from-admin", help: "Asks the registry's admin API."),
          OptionSpecification.value("lineage", "LINEAGE", help: "Whose markers count, where there are several."), approveOption,
        ]), output,
    ])
  private static let unlock = CommandSpecification(
    "unlock", abstract: "Takes a lock away that its owner left behind.",
    options: [
      OptionGroup(
        "State",
        [
          folderOption, registryOption,
          OptionSpecification.flag("force", help: "Means it where the owner still runs on this host."),
        ]), output,
    ],
    arguments: [ArgumentSpecification("LOCK-ID", help: "The lock's id, as the refused run named it.", isOptional: true)])
}
