import CommandLineParsing
import Testing

@Suite("Errors of usage")
struct UsageErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var line: [String]
    var code: UsageError.Code
    var text: String

    init(_ line: String, _ code: UsageError.Code, _ text: String) {
      self.init(line.split(separator: " ").map(String.init), code, text)
    }

    init(_ line: [String], _ code: UsageError.Code, _ text: String) {
      self.line = line
      self.code = code
      self.text = text
    }

    var testDescription: String { line.joined(separator: " ") }
  }

  static let cases = [
    Case(
      "pln", .unknownCommand,
      "sample: there is no command \"pln\".\n   Did you mean sample plan? Type sample --help for all commands."),
    Case("zzzzz", .unknownCommand, "sample: there is no command \"zzzzz\".\n   Type sample --help for all commands."),
    Case("new", .unknownCommand, "sample: there is no command \"new\".\n   Did you mean sample keys new?"),
    Case(
      "keys nwe", .unknownCommand,
      "sample keys: there is no command \"nwe\".\n   Did you mean sample keys new? "
        + "Type sample keys --help for all commands."),
    Case(
      "help pln", .unknownCommand,
      "sample: there is no command \"pln\".\n   Did you mean sample plan? "
        + "Type sample --help for all commands."),
    Case(
      [], .missingCommand,
      "sample: a command is missing: plan, apply, show or keys.\n   Type sample --help for what each of them does."),
    Case(
      "keys", .missingCommand,
      "sample keys: a command is missing: new or show.\n   "
        + "Type sample keys --help for what each of them does."),
    Case(
      "plan --refesh all", .unknownOption,
      "sample plan: there is no option \"--refesh\".\n   "
        + "Did you mean --refresh? Type sample plan --help for all options."),
    Case(
      "plan --detailed", .unknownOption,
      "sample plan: there is no option \"--detailed\".\n   "
        + "Did you mean --detailed-exitcode? Type sample plan --help for all options."),
    Case(
      "plan --auto-approve", .unknownOption,
      "sample plan: there is no option \"--auto-approve\".\n   "
        + "It is an option of sample apply. Type sample plan --help for its options."),
    Case(
      "--auto-approve plan", .unknownOption,
      "sample plan: there is no option \"--auto-approve\".\n   "
        + "It is an option of sample apply. Type sample plan --help for its options."),
    Case("plan --version", .unknownOption, "sample plan: there is no option \"--version\".\n   Type sample --version."),
    Case("plan -x", .unknownOption, "sample plan: there is no option \"-x\".\n   Type sample plan --help for what it takes."),
    Case(
      "plan --no-colour=x", .unknownOption,
      "sample plan: there is no option \"--no-colour\".\n   "
        + "Did you mean --no-color? Type sample plan --help for all options."),
    Case(
      "plan -no-color", .unknownOption,
      "sample plan: \"-no-color\" has one dash, and long options have two.\n   "
        + "Type --no-color."),
    Case(
      "plan -filename=x", .unknownOption,
      "sample plan: \"-filename=x\" has one dash, and long options have two.\n   "
        + "Type --filename=x."),
    Case(
      "plan --fault", .unknownOption,
      "sample plan: there is no option \"--fault\".\n   Type sample plan --help for what it takes."),
    Case("plan --state", .missingValue, "sample plan: --state needs a value.\n   Type --state DIR."),
    Case("plan -qf", .missingValue, "sample plan: -f needs a value.\n   Type -f PATH."),
    Case(
      "plan --state --no-color", .missingValue,
      "sample plan: --state needs a value, and \"--no-color\" looks like the "
        + "next option.\n   Type --state DIR; if that is the value, --state=--no-color."),
    Case(
      "plan --state --", .missingValue,
      "sample plan: --state needs a value, and \"--\" looks like the "
        + "next option.\n   Type --state DIR; if that is the value, --state=--."),
    Case(
      "plan --state=", .missingValue,
      "sample plan: --state was given an empty value.\n   "
        + "Type --state DIR; is a variable of your shell not set?"),
    Case(
      ["plan", "--state", ""], .missingValue,
      "sample plan: --state was given an empty value.\n   "
        + "Type --state DIR; is a variable of your shell not set?"),
    Case(
      "plan -f=", .missingValue,
      "sample plan: -f was given an empty value.\n   "
        + "Type -f PATH; is a variable of your shell not set?"),
    Case("plan --no-color=no", .unexpectedValue, "sample plan: --no-color takes no value.\n   Type --no-color alone."),
    Case("plan --no-refresh=1", .unexpectedValue, "sample plan: --no-refresh takes no value.\n   Type --no-refresh alone."),
    Case("plan -q=1", .unexpectedValue, "sample plan: -q takes no value.\n   Type -q alone."),
    Case("--version=1", .unexpectedValue, "sample: --version takes no value.\n   Type --version alone."),
    Case(
      "plan --format jsn", .invalidValue,
      "sample plan: --format takes text, json or html, not \"jsn\".\n   "
        + "Did you mean json?"),
    Case(
      "plan --format x", .invalidValue,
      "sample plan: --format takes text, json or html, not \"x\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan --parallelism 0", .invalidValue,
      "sample plan: --parallelism takes a whole number from 1 to 64, not \"0\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan --limit -1", .invalidValue,
      "sample plan: --limit takes a whole number from 0 up, not \"-1\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan --shift 1.5", .invalidValue,
      "sample plan: --shift takes a whole number, not \"1.5\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan --shift 99999999999999999999", .invalidValue,
      "sample plan: --shift takes a whole number, not "
        + "\"99999999999999999999\".\n   Type sample plan --help for what it takes."),
    Case(
      "plan --wait 5", .invalidValue,
      "sample plan: --wait takes a time such as 30s, 5m or 1h30m, not \"5\".\n   "
        + "For 5 seconds, write 5s."),
    Case(
      "plan --wait soon", .invalidValue,
      "sample plan: --wait takes a time such as 30s, 5m or 1h30m, not \"soon\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan -l team", .invalidValue,
      "sample plan: -l takes KEY=VALUE, not \"team\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan -l =x", .invalidValue,
      "sample plan: -l takes KEY=VALUE, not \"=x\".\n   "
        + "Type sample plan --help for what it takes."),
    Case(
      "plan --state a --state b", .repeatedOption, "sample plan: --state is given twice: \"a\" and \"b\".\n   Type it once."),
    Case(
      "--state a plan --state b", .repeatedOption, "sample plan: --state is given twice: \"a\" and \"b\".\n   Type it once."),
    Case("plan -q -q", .repeatedOption, "sample plan: -q is given twice.\n   Type it once."),
    Case("plan -q --quiet", .repeatedOption, "sample plan: -q and --quiet are the same option, given twice.\n   Type it once."),
    Case(
      "plan --no-refresh --refresh all", .repeatedOption,
      "sample plan: --no-refresh (refresh none) and --refresh are the "
        + "same option, given twice: \"none\" and \"all\".\n   Type it once."),
    Case("keys new", .missingOption, "sample keys new: --out is missing.\n   Type --out FILE: Where to write it."),
    Case("show", .missingArgument, "sample show: PLANFILE is missing.\n   Type sample show PLANFILE: The saved plan."),
    Case(["show", ""], .invalidValue, "sample show: PLANFILE is empty.\n   Is a variable of your shell not set?"),
    Case("show p.json boddy", .invalidValue, "sample show: PART is head or body, not \"boddy\".\n   Did you mean body?"),
    Case(
      "plan samples", .unexpectedArgument,
      "sample plan: it takes no arguments, and \"samples\" is one.\n   "
        + "To name files, use -f PATH."),
    Case(
      "apply x", .unexpectedArgument,
      "sample apply: it takes no arguments, and \"x\" is one.\n   "
        + "Type sample apply --help for what it takes."),
  ]

  @Test("a wrong command line says what is wrong and what to type", arguments: cases)
  func wrong(case expected: Case) throws {
    let error = #expect(throws: UsageError.self) { try SampleTool.parsed(expected.line) }
    #expect(error?.code == expected.code)
    #expect(error?.description == expected.text)
  }

  @Test("what was typed is shown without anything that a terminal would obey, and cut where it is long")
  func shown() {
    #expect(quoted("a\u{1b}[31mb\n\u{202e}") == "\"a\\u{1b}[31mb\\u{a}\\u{202e}\"")
    #expect(quoted(String(repeating: "x", count: 500)).count == 83)
  }

  @Test(
    "a duration that is none is refused",
    arguments: [
      "", "5", "s", "5x", "5m5m", "5s5m", "-5s", "1.5h", "5 s", "99999999999999999999s", "9223372036854775807d", "٣s",
    ])
  func durations(text: String) {
    #expect(throws: UsageError.self) { try SampleTool.parsed(["plan", "--wait=\(text)"]) }
  }

  @Test("a command can refuse options that do not go together")
  func conflict() throws {
    let plan = try #require(try SampleTool.parsed("plan"))
    let error = plan.conflict("--plan and --expect do not go together.", hint: "Give one of them.")
    #expect(error.description == "sample plan: --plan and --expect do not go together.\n   Give one of them.")
  }

  @Test(
    "the nearest name is found, and none where none is near",
    arguments: [
      ("pln", "plan"), ("paln", "plan"), ("planned", "plan"), ("PLAN", "plan"), ("aply", "apply"), ("x", nil), ("", nil),
      ("xy", nil), ("completely-different", nil), ("val", "validate"),
    ] as [(String, String?)])
  func nearest(typed: String, name: String?) {
    #expect(nearestName(to: typed, among: ["validate", "plan", "apply", "drift", "keys", "it"]) == name)
  }
}
