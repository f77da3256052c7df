import CommandLineParsing
import Testing

@Suite("Help")
struct HelpTests {
  @Test("a command's help has its usage, options by group, examples and what the declaration implies")
  func plan() {
    #expect(
      SampleTool.tool.help(for: ["plan"]) == """
        Print what would change, and change nothing.

        Usage: sample plan [OPTION]…

        A plan compares three things: files, the state and what is there now. It's pure.
        Nothing `is` written: C:\\x.

        Plan options:
              --format FORMAT       How to print. One of text, json or html. Default:
                                    text.
              --refresh MODE        What to read. One of all or none.
              --no-refresh          The same as --refresh none.
              --detailed-exitcode   Exit 2 where there are changes.
              --parallelism N       How many at once.
              --limit N             How many at most.
              --shift N             By how much, up or down.
              --wait TIME           How long to wait.
          -l, --selector KEY=VALUE  Only those with the label. Can be repeated.
          -v, --verbose             Print more. Can be repeated.

        Common options:
          -f, --filename PATH       A file or a folder. Default: samples. Can be
                                    repeated.
              --state DIR           Where the state is. It's a folder. Default: state.
              --no-color            Print without colour.
          -q, --quiet               Print less.

        Help:
          -h, --help                Print this page.

        Examples:
          sample plan -f samples
              What would change.
          sample plan --format json | jq .summary
              The same, counted.

        """)
  }

  @Test("the tool's help lists its commands by group, and what is hidden nowhere")
  func root() {
    #expect(
      SampleTool.tool.help(for: []) == """
        Keep samples in order.

        Usage: sample COMMAND

        Samples are files. Each has a name.

        Daily work:
          plan           Print what would change, and change nothing.
          apply          Apply the plan.
          show           Show saved plans.

        Care:
          keys           Look after keys.

        Help:
          -h, --help     Print this page.
              --version  Print name, version and commit.

        Environment:
          NO_COLOR       No colour where it is set.

        Files:
          samples/       Where samples lie.

        Exit codes:
          0              Done.
          64             Wrong usage: what is meant and what to type is said.

        Type sample COMMAND --help for one of them.

        """)
  }

  @Test("required options and arguments stand in the usage line")
  func usage() {
    #expect(SampleTool.tool.help(for: ["show"]).contains("Usage: sample show [OPTION]… PLANFILE [PART…]\n"))
    #expect(SampleTool.tool.help(for: ["keys", "new"]).contains("Usage: sample keys new --out FILE\n"))
  }

  @Test("no line is wider than the terminal, nor than 100 columns", arguments: [60, 72, 80, 100, 300])
  func width(columns: Int) {
    for (path, _) in SampleTool.tool.everyCommand {
      for line in SampleTool.tool.help(for: path, width: columns).split(separator: "\n") {
        #expect(line.count <= min(columns, 100), "\(path): \(line)")
      }
    }
  }

  @Test("a term that is too long has its text on the next line")
  func longTerm() {
    let option = OptionSpecification.value("a-very-long-name-of-an-option", "PLACEHOLDER", help: "Its text.")
    let tool = CommandSpecification("tool", abstract: "A tool.", options: [OptionGroup("Options", [option])])
    #expect(
      tool.help(for: []).contains("      --a-very-long-name-of-an-option PLACEHOLDER\n                 Its text.\n"))
  }
}
