import CommandLineParsing
import Testing

@Suite("The tree itself")
struct SpecificationTests {
  @Test("a sound tree has no faults")
  func sound() {
    #expect(SampleTool.tool.faults().isEmpty)
  }

  @Test("faults of a tree are named")
  func faults() {
    let first = CommandSpecification(
      "first", abstract: "No full stop",
      options: [
        OptionGroup(
          "Options",
          [
            .flag("twice", short: "t", help: "One."), .flag("twice", short: "t", help: "Two."),
            .flag("help", help: "Mine."), .flag("curt", help: "no full stop"),
            .shorthand("brief", for: "detail", "none", help: "Stands for nothing."),
          ])
      ],
      arguments: [ArgumentSpecification("MANY", help: "Many.", isRepeatable: true), ArgumentSpecification("ONE", help: "One.")])
    let second = CommandSpecification(
      "first", abstract: "Twice.", options: [OptionGroup("Options", [.value("twice", short: "c", "N", help: "Other.")])],
      arguments: [ArgumentSpecification("ONE", help: "One.")], groups: [CommandGroup("None", [])])
    let third = CommandSpecification(
      "third", abstract: "Third.", options: [OptionGroup("Options", [.flag("colour", short: "c", help: "Colour.")])])
    let tool = CommandSpecification("tool", abstract: "A tool.", groups: [CommandGroup("Commands", [first, second, third])])
    #expect(
      tool.faults() == [
        "tool: has two commands called first",
        "tool first: the abstract has no full stop",
        "tool first: has two options --twice",
        "tool first: has two options -t",
        "tool first: MANY is not the last argument",
        "tool first: --help and -h are there already",
        "tool first: the help of --curt has no full stop",
        "tool first: --brief stands for --detail, which is not there",
        "tool first: takes both commands and arguments",
        "tool first: --twice is another option elsewhere",
        "tool third: -c is --twice elsewhere",
      ])
  }

  @Test("every command is found by its path")
  func paths() {
    #expect(
      SampleTool.tool.everyCommand.map(\.path) == [
        [], ["plan"], ["apply"], ["show"], ["keys"], ["keys", "new"], ["keys", "show"], ["manual"],
      ])
    #expect(SampleTool.tool.command(at: ["keys", "new"])?.abstract == "Make a key.")
    #expect(SampleTool.tool.command(at: ["keys", "old"]) == nil)
  }
}
