extension CommandSpecification {
  /// Reads a command line, without the program's own name.
  ///
  /// `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE` and `-n=VALUE` are the same; short flags may be joined (`-qv`); `--`
  /// ends the options. Options may stand before the command too. Long names are not abbreviated, for a pipeline's command line
  /// has to mean the same after the next release. `--help` wins over whatever else is wrong.
  package func parse(_ arguments: [String]) throws(UsageError) -> CommandLineRequest {
    var parser = CommandLineParser(root: self)
    do {
      return try parser.parse(arguments)
    } catch {
      if asksForHelp(arguments) { return .help(path: parser.path(arguments)) }
      throw error
    }
  }

  private func asksForHelp(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }
}
