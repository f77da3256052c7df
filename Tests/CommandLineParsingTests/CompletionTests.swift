import CommandLineParsing
import Testing

@Suite("Completion")
struct CompletionTests {
  /// What is on the line before the cursor, and what is offered there.
  struct Case: Sendable, CustomTestStringConvertible {
    var words: [String]
    var offered: [String]

    init(_ line: String, _ offered: [String]) {
      words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      self.offered = offered
    }

    var testDescription: String { words.joined(separator: " ") }
  }

  static let cases = [
    Case("pl", ["plan"]),
    Case("keys ", ["new", "show"]),
    Case("keys n", ["new"]),
    Case("plan --no-", ["--no-color", "--no-refresh"]),
    Case("plan --fa", []),
    Case("man", []),
    Case("plan --format ", ["html", "json", "text"]),
    Case("plan --format j", ["json"]),
    Case("--state x pl", ["plan"]),
    Case("plan --state plan --det", ["--detailed-exitcode"]),
    Case("show p.json h", ["head"]),
    Case("show -- p.json bo", ["body"]),
    Case("plan -f a.t", ["a.txt"]),
    Case("keys new --ou", ["--out"]),
  ]

  @Test(
    "bash offers what fits at the cursor",
    .enabled(if: Program.isInstalled("bash"), "bash is not installed"),
    arguments: cases + [
      Case("plan --format = j", ["json"]), Case("plan --format =", ["html", "json", "text"]),
      Case("plan --format=j", ["--format=json"]), Case("help pl", ["plan"]),
      Case(
        "show --",
        [
          "--filename", "--help",
          "--no-color", "--quiet", "--state",
        ]), Case("plan --state fo", ["folder"]),
    ])
  func bash(case expected: Case) throws {
    let test = """
      source ./sample.bash
      mkdir folder; touch a.txt 'b c.txt'
      COMP_WORDS=(sample "$@") COMP_CWORD=$#
      _sample
      for word in "${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done
      """
    let (code, output) = try #require(Program("bash")).run(
      ["test.bash"] + expected.words,
      files: ["sample.bash": SampleTool.tool.completionScript(for: .bash), "test.bash": test])
    #expect(code == 0)
    #expect(output.split(separator: "\n").map(String.init).sorted() == expected.offered)
  }

  @Test(
    "fish offers what fits at the cursor", .enabled(if: Program.isInstalled("fish"), "fish is not installed"), arguments: cases)
  func fish(case expected: Case) throws {
    let test = """
      touch a.txt; mkdir folder
      source ./sample.fish
      complete -C (string join ' ' -- sample $argv)
      """
    let (_, output) = try #require(Program("fish")).run(
      ["--no-config", "test.fish"] + expected.words,
      files: ["sample.fish": SampleTool.tool.completionScript(for: .fish), "test.fish": test])
    let offered = output.split(separator: "\n").map { String($0.split(separator: "\t")[0]) }
    #expect(offered.sorted() == expected.offered, "\(output)")
  }

  /// A test a shell, for a case of a parameterised test that is cancelled counts as passed.
  @Test("bash accepts its script", .enabled(if: Program.isInstalled("bash"), "bash is not installed"))
  func bashScript() throws { try check(.bash) }

  @Test("zsh accepts its script", .enabled(if: Program.isInstalled("zsh"), "zsh is not installed"))
  func zshScript() throws { try check(.zsh) }

  @Test("fish accepts its script", .enabled(if: Program.isInstalled("fish"), "fish is not installed"))
  func fishScript() throws { try check(.fish) }

  /// The shell finds no error in the script, and what a help text says stays text.
  private func check(_ shell: Shell) throws {
    let program = try #require(Program(shell.rawValue))
    let syntax = try program.run(["-n", "script"], files: ["script": SampleTool.tool.completionScript(for: shell)])
    #expect(syntax.code == 0)
    #expect(syntax.output.isEmpty, "\(syntax.output)")

    let option = OptionSpecification.flag("odd", help: "It's [odd]: $(touch x) `touch x` \\ \"quoted\".")
    let tool = CommandSpecification("tool", abstract: "It's a tool.", options: [OptionGroup("Options", [option])])
    let sourced = try program.run(
      shell == .fish ? ["--no-config", "-c", "source ./script; ls"] : ["-c", "compdef() { :; }; source ./script; ls"],
      files: ["script": tool.completionScript(for: shell)])
    #expect(sourced.code == 0)
    #expect(sourced.output == "script\n", "\(sourced.output)")
  }

  @Test("no script names what is hidden", arguments: Shell.allCases)
  func hidden(shell: Shell) {
    let script = SampleTool.tool.completionScript(for: shell)
    #expect(!script.contains("faults"))
    #expect(!script.contains("manual"))
  }
}
