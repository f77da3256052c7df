import CommandLineParsing

/// A small tool with everything that a tree can hold: nested commands, shared options, arguments, hidden parts.
enum SampleTool {
  static let tool = CommandSpecification(
    "sample", abstract: "Keep samples in order.",
    discussion: ["Samples are files. Each has a name."],
    groups: [
      CommandGroup("Daily work", [plan, apply, show]),
      CommandGroup("Care", [keys, secretCommand]),
    ],
    notes: [
      Note(.environment, [Note.Entry("NO_COLOR", "No colour where it is set.")]),
      Note(.files, [Note.Entry("samples/", "Where samples lie.")]),
      Note(.exitCodes, [Note.Entry("0", "Done."), Note.Entry("64", "Wrong usage: what is meant and what to type is said.")]),
    ])

  static let common = OptionGroup(
    "Common options",
    [
      .value("filename", short: "f", "PATH", .path, help: "A file or a folder.", defaultText: "samples", isRepeatable: true),
      .value("state", "DIR", .folder, help: "Where the state is. It's a folder.", defaultText: "state"),
      .flag("no-color", help: "Print without colour."),
      .flag("quiet", short: "q", help: "Print less."),
    ])

  static let plan = CommandSpecification(
    "plan", abstract: "Print what would change, and change nothing.",
    discussion: [
      "A plan compares three things: files, the state and what is there now. It's pure. Nothing `is` written: C:\\x."
    ],
    options: [
      OptionGroup(
        "Plan options",
        [
          .value("format", "FORMAT", .choice(["text", "json", "html"]), help: "How to print.", defaultText: "text"),
          .value("refresh", "MODE", .choice(["all", "none"]), help: "What to read."),
          .shorthand("no-refresh", for: "refresh", "none", help: "The same as --refresh none."),
          .flag("detailed-exitcode", help: "Exit 2 where there are changes."),
          .value("parallelism", "N", .integer(1...64), help: "How many at once."),
          .value("limit", "N", .integer(0...Int.max), help: "How many at most."),
          .value("shift", "N", .integer(), help: "By how much, up or down."),
          .value("wait", "TIME", .duration, help: "How long to wait."),
          .value("selector", short: "l", "KEY=VALUE", .pair, help: "Only those with the label.", isRepeatable: true),
          .flag("verbose", short: "v", help: "Print more.", isRepeatable: true),
          .flag("faults", help: "For tests.", isHidden: true),
        ]),
      common,
    ],
    examples: [
      Example("sample plan -f samples", "What would change."),
      Example("sample plan --format json | jq .summary", "The same, counted."),
    ],
    strayArgumentHint: "To name files, use -f PATH.")

  static let apply = CommandSpecification(
    "apply", abstract: "Apply the plan.",
    options: [OptionGroup("Apply options", [.flag("auto-approve", help: "Ask nothing.")]), common])

  static let show = CommandSpecification(
    "show", abstract: "Show saved plans.", options: [common],
    arguments: [
      ArgumentSpecification("PLANFILE", .path, help: "The saved plan."),
      ArgumentSpecification(
        "PART", .choice(["head", "body"]), help: "What to show of it.", isOptional: true, isRepeatable: true),
    ])

  static let keys = CommandSpecification(
    "keys", abstract: "Look after keys.",
    groups: [
      CommandGroup(
        "Commands",
        [
          CommandSpecification(
            "new", abstract: "Make a key.",
            options: [OptionGroup("Options", [.value("out", "FILE", .path, help: "Where to write it.", isRequired: true)])]),
          CommandSpecification("show", abstract: "Show the key."),
        ])
    ])

  static let secretCommand = CommandSpecification("manual", abstract: "Print the manual.", isHidden: true)

  static func parsed(_ line: String) throws -> ParsedCommand? {
    try parsed(line.split(separator: " ").map(String.init))
  }

  static func parsed(_ words: [String]) throws -> ParsedCommand? {
    if case .run(let command) = try tool.parse(words) { command } else { nil }
  }
}
