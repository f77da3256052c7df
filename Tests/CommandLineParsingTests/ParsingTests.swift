import CommandLineParsing
import Testing

@Suite("Command lines")
struct ParsingTests {
  @Test(
    "all spellings of an option with a value are the same",
    arguments: ["--state s", "--state=s"].map { ($0, "state", "s") }
      + ["-f s", "-fs", "-f=s", "--filename s", "--filename=s"]
      .map { ($0, "filename", "s") })
  func spellings(line: String, option: String, value: String) throws {
    #expect(try SampleTool.parsed("plan \(line)")?.texts(option) == [value])
    #expect(try SampleTool.parsed("\(line) plan")?.texts(option) == [value], "options may stand before the command")
  }

  @Test("what was not given is nil, and a flag that was not given is off")
  func absent() throws {
    let plan = try #require(try SampleTool.parsed("plan"))
    #expect(plan.path == ["plan"])
    #expect(plan.title == "sample plan")
    #expect(plan.text("state") == nil)
    #expect(plan.integer("limit") == nil)
    #expect(plan.duration("wait") == nil)
    #expect(plan.texts("filename").isEmpty)
    #expect(!plan.has("no-color"))
  }

  @Test("repeatable options keep their order")
  func repeatable() throws {
    let plan = try #require(try SampleTool.parsed("plan -fb --filename=a -fc -l team=x -l team=y"))
    #expect(plan.texts("filename") == ["b", "a", "c"])
    #expect(plan.pairs("selector").map(\.value) == ["x", "y"])
    #expect(plan.pairs("selector").map(\.key) == ["team", "team"])
  }

  @Test("short flags may be joined, the last one with its value")
  func joined() throws {
    let plan = try #require(try SampleTool.parsed("plan -qvvfsamples"))
    #expect(plan.has("quiet"))
    #expect(plan.count("verbose") == 2)
    #expect(plan.text("filename") == "samples")
  }

  @Test(
    "values are read as what they are",
    arguments: [
      ("--wait 30s", Duration.seconds(30)), ("--wait 5m", .seconds(300)), ("--wait 1h30m", .seconds(5400)),
      ("--wait 500ms", .milliseconds(500)), ("--wait 90d", .seconds(7_776_000)), ("--wait 0", .zero),
      ("--wait 1d2h3m4s5ms", .milliseconds(93_784_005)),
    ])
  func durations(line: String, duration: Duration) throws {
    #expect(try SampleTool.parsed("plan \(line)")?.duration("wait") == duration)
  }

  @Test("numbers may be negative where the option allows it", arguments: ["--shift -3", "--shift=-3"])
  func negative(line: String) throws {
    #expect(try SampleTool.parsed("plan \(line)")?.integer("shift") == -3)
  }

  @Test("a lone dash is a value and an argument, a negative number an argument")
  func dashes() throws {
    #expect(try SampleTool.parsed("plan -f -")?.texts("filename") == ["-"])
    #expect(try SampleTool.parsed("show -")?.argument("PLANFILE") == "-")
    #expect(try SampleTool.parsed("show -7")?.argument("PLANFILE") == "-7")
  }

  @Test("what follows two dashes is an argument, whatever it looks like")
  func ended() throws {
    #expect(try SampleTool.parsed("show -- --state")?.argument("PLANFILE") == "--state")
    #expect(try SampleTool.parsed("show -q -- -h")?.argument("PLANFILE") == "-h")
  }

  @Test("a value keeps its equals signs, and may look like an option behind one")
  func equals() throws {
    #expect(try SampleTool.parsed("plan --state=a=b")?.text("state") == "a=b")
    #expect(try SampleTool.parsed("plan --state=--no-color")?.text("state") == "--no-color")
    #expect(try SampleTool.parsed("plan -l team=a=b")?.pairs("selector").first?.value == "a=b")
    #expect(try SampleTool.parsed("plan -l team=")?.pairs("selector").first?.value == "")
  }

  @Test("a choice is read as the enum that lists the choices")
  func choices() throws {
    enum Format: String { case text, json, html }
    #expect(try SampleTool.parsed("plan --format json")?.choice("format", as: Format.self) == .json)
  }

  @Test("a shorthand is its option", arguments: ["--no-refresh", "--refresh none"])
  func shorthand(line: String) throws {
    #expect(try SampleTool.parsed("plan \(line)")?.text("refresh") == "none")
  }

  @Test("arguments go by their place, the last one as often as it is given")
  func arguments() throws {
    let show = try #require(try SampleTool.parsed("show p.json head --no-color body"))
    #expect(show.argument("PLANFILE") == "p.json")
    #expect(show.arguments("PART") == ["head", "body"])
    #expect(try SampleTool.parsed("show p.json")?.arguments("PART") == [])
  }

  @Test("commands below commands are found, and hidden ones work")
  func nested() throws {
    #expect(try SampleTool.parsed("keys new --out k")?.path == ["keys", "new"])
    #expect(try SampleTool.parsed("manual")?.path == ["manual"])
    #expect(try SampleTool.parsed("plan --faults")?.has("faults") == true)
  }

  @Test(
    "help is given wherever it is asked for, whatever else is wrong",
    arguments: [
      ("--help", []), ("-h", []), ("help", []), ("plan --help", ["plan"]), ("plan -qh", ["plan"]), ("help plan", ["plan"]),
      ("help keys new", ["keys", "new"]), ("keys --help", ["keys"]), ("keys new -h", ["keys", "new"]),
      ("plan --bogus --help", ["plan"]), ("--bogus --help", []), ("plan --state --help", ["plan"]), ("--help plan", ["plan"]),
    ] as [(String, [String])])
  func help(line: String, path: [String]) throws {
    #expect(try SampleTool.tool.parse(line.split(separator: " ").map(String.init)) == .help(path: path))
  }

  @Test("the version is asked for at the top")
  func version() throws {
    #expect(try SampleTool.tool.parse(["--version"]) == .version)
  }
}
