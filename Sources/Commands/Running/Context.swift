package import Applying
package import FoundationEssentials
package import OpenIDCryptography
package import OpenIDRegistration
package import State

/// What a command gets of the world: handed in, so that tests hand in their own.
package struct Context: Sendable {
  package var environment: [String: String]
  /// Variables that hold credentials, as manifests say: no child gets them.
  package var credentialVariables: Set<String> = []
  /// Results; everything else goes to ``printError``.
  package var print: @Sendable (String) -> Void
  package var printError: @Sendable (String) -> Void
  package var outputIsTerminal: Bool
  package var inputIsTerminal: Bool
  /// One line from the person at the terminal; `nil` at the end of the input.
  package var ask: @Sendable (_ question: String) -> String?
  /// The descriptor that `-f -` reads.
  package var standardInput: Int32
  package var now: @Sendable () -> Date
  package var stop: StopSignal
  /// A passphrase from the person at the terminal, not shown while it is typed; `nil` where there is nobody.
  package var askSecret: @Sendable (_ question: String) -> Secret? = { _ in nil }
  /// The number of the error that kept a result from the standard output; `nil` where all of it was written.
  package var lostOutput: @Sendable () -> Int32? = { nil }
  /// How the state's files are read and written.
  package var files: any FileOperations = PosixFiles()
  /// What every call to a provider goes through.
  package var transport: @Sendable (any HTTPTransport) -> any HTTPTransport = { $0 }
  /// How a provider is taken to behave, from what its profile says.
  package var profile: @Sendable (Profile) -> Profile = { $0 }

  package init(
    environment: [String: String], print: @escaping @Sendable (String) -> Void,
    printError: @escaping @Sendable (String) -> Void,
    outputIsTerminal: Bool = false, inputIsTerminal: Bool = false, ask: @escaping @Sendable (String) -> String? = { _ in nil },
    standardInput: Int32 = 0, now: @escaping @Sendable () -> Date = { Date() },
    stop: StopSignal = StopSignal()
  ) {
    self.environment = environment
    self.print = print
    self.printError = printError
    self.outputIsTerminal = outputIsTerminal
    self.inputIsTerminal = inputIsTerminal
    self.ask = ask
    self.standardInput = standardInput
    self.now = now
    self.stop = stop
  }

  /// The time as the state and the journal write it.
  var timestamp: @Sendable () -> String { { [now] in Timestamp.text(now()) } }
}
