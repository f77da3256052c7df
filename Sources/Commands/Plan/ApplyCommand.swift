import Applying
import CommandLineParsing
import Manifests
import Planning
import State

/// `clientsync apply`: plans, asks, applies.
struct ApplyCommand {
  let options: RunOptions
  let context: Context
  let command: ParsedCommand
  let output: PlanOutput

  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let options = RunOptions(command, context)
    let output = PlanOutput(options, context)
    do throws(CommandFailure) {
      return try await ApplyCommand(options: options, context: context, command: command, output: output).run()
    } catch {
      output.printFailure(error)
      return error.code
    }
  }

  private func run() async throws(CommandFailure) -> ExitCode {
    let isApproved = command.has("auto-approve")
    guard isApproved || context.inputIsTerminal else {
      throw CommandFailure(
        .usage, "apply asks before it changes anything, and there is no terminal to ask at. In a pipeline: --auto-approve")
    }
    let workspace = try Workspace(options, context)
    var (plan, runs) = try await workspace.plan(forWriting: true)
    defer { runs.values.forEach { $0.close() } }
    output.printWarnings(plan)
    output.printIntention(plan)
    if let expected = command.text("expect"), !plan.digest.hasPrefix(expected.lowercased()) || expected.count < 12 {
      throw CommandFailure(
        .stale,
        "The plan is not the one that was reviewed: its digest is \(plan.digest.prefix(12)), expected was \(expected.prefix(12)). Nothing was changed. Make a new plan, and have it reviewed."
      )
    }
    let work = plan.registries.filter { registry in
      let leftover = runs[registry.registry]?.hasLeftovers ?? false
      return !registry.isBindingRefused && (registry.hasChanges || !registry.bindingDifferences.isEmpty || leftover)
    }
    let isRefused = plan.registries.contains(where: \.isBindingRefused)
    try checkSafety(work, runs)
    if work.contains(where: { $0.hasChanges || !$0.bindingDifferences.isEmpty }), !isApproved { try askFor(plan, work) }
    let start = ContinuousClock.now
    var reports: [RegistryReport] = []
    for (index, registry) in plan.registries.enumerated() {
      guard let run = runs[registry.registry] else { continue }
      if work.contains(where: { $0.registry == registry.registry }) {
        var report = await apply(registry, run, digest: plan.digest, of: work)
        for _ in 1...2 where report == nil {
          do throws(CommandFailure) {
            plan.registries[index] = try await planAgain(run, workspace, runs)
            report = await apply(plan.registries[index], run, digest: plan.digest, of: [plan.registries[index]])
          } catch {
            report = failed(plan.registries[index], error)
          }
        }
        reports.append(report ?? failed(plan.registries[index], changed(run)))
      } else {
        reports.append(
          RegistryReport(
            registry: registry.registry, problems: registry.problems, unchanged: registry.unchanged,
            sparedByEmptySet: registry.sparedByEmptySet))
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let report = ApplyReport(registries: reports, digest: plan.digest, seconds: seconds)
    output.printReport(report, of: plan)
    return exitCode(report, isRefused: isRefused)
  }

  /// Another plan in the place of one that nobody looked at, from the state that another run left meanwhile; printed as the first was.
  private func planAgain(
    _ run: RegistryRun, _ workspace: Workspace, _ runs: [String: RegistryRun]
  ) async throws(CommandFailure) -> RegistryPlan {
    do throws(StateError) { try await run.reopen() } catch { throw CommandFailure(error) }
    let plan = try await workspace.plan(run, forWriting: true)
    context.printError(
      "note: another run changed \(run.keeper.description) since the plan was made, so it was planned again.\n")
    output.printIntention(Plan(registries: [plan]))
    if plan.isBindingRefused {
      throw CommandFailure(.refused, "\(plan.registry) is bound to another place since. Nothing was changed; plan again.")
    }
    try checkSafety([plan], runs)
    return plan
  }

  /// Whether nobody looked at the plan: nobody is asked, and none is expected.
  private var isUnreviewed: Bool { command.has("auto-approve") && command.text("expect") == nil }

  private func changed(_ run: RegistryRun) -> CommandFailure {
    CommandFailure(
      .stale, "\(run.keeper.description) changed since the plan was made. Nothing was changed; plan again.")
  }

  private func failed(_ plan: RegistryPlan, _ failure: CommandFailure) -> RegistryReport {
    var report = RegistryReport(
      registry: plan.registry, problems: plan.problems, unchanged: plan.unchanged, sparedByEmptySet: plan.sparedByEmptySet)
    report.failure = failure.message
    report.failureCode = failure.code.rawValue
    report.outcomes = plan.changes.map { Outcome($0, .notAttempted) }
    return report
  }

  /// What wants a flag before anything is written.
  private func checkSafety(_ work: [RegistryPlan], _ runs: [String: RegistryRun]) throws(CommandFailure) {
    for plan in work {
      guard let run = runs[plan.registry], !run.registry.embedded else { continue }
      let isNew = run.opened.state == nil
      if isNew, !command.has("new-state"), command.has("auto-approve") || !context.inputIsTerminal {
        let count = plan.changes.count { $0.action == .create }
        throw CommandFailure(
          .refused,
          "There is no state for \(plan.registry) in \(run.keeper.description), so \(count) client\(count == 1 ? "" : "s") would be created. If this is the first apply: --new-state. If not, the state is missing: look for it first. Nothing was changed."
        )
      }
      if let words = try run.otherRecipients() { throw CommandFailure(.refused, "\(words) Nothing was changed.") }
      if !(context.environment["CI"] ?? "").isEmpty, !command.has("local-state") {
        throw CommandFailure(
          .refused,
          "CI is set and the state is a folder, \(options.stateFolder): a runner's disk may vanish, and the secrets with it. If this folder stays: --local-state. Nothing was changed."
        )
      }
    }
  }

  private func askFor(_ plan: Plan, _ work: [RegistryPlan]) throws(CommandFailure) {
    let count = work.reduce(0) { $0 + $1.changes.count { $0.refusal == nil } }
    let names = work.map(\.registry).joined(separator: ", ")
    let new = work.filter { !$0.hasState }.map(\.registry)
    let firstRun = new.isEmpty ? "" : " \(new.joined(separator: ", ")) has no state yet; this is taken as its first apply."
    let these = count == 1 ? "this change" : "these \(count) changes"
    let answer = context.ask("Apply \(these) to \(names)?\(firstRun) Only \"yes\" is accepted: ")
    guard answer == "yes" else { throw CommandFailure(.failed, "Nothing was changed.") }
  }

  /// - Parameter work: all plans that are being applied.
  /// - Returns: `nil` where the plan is to be made again: another run came in between, and nobody looked at the plan.
  private func apply(
    _ plan: RegistryPlan, _ run: RegistryRun, digest: String, of work: [RegistryPlan]
  ) async -> RegistryReport? {
    let ended = output.progress(of: work.flatMap(\.changes))
    var report = RegistryReport(
      registry: plan.registry, problems: plan.problems, unchanged: plan.unchanged, sparedByEmptySet: plan.sparedByEmptySet)
    do throws(CommandFailure) {
      let session: RegistrySession = if let open = run.session { open } else { try await run.connect(forWriting: true) }
      let new = run.opened.state == nil ? NewState(binding: run.binding, encryption: try run.encryption()) : nil
      let writing: StateRun
      do throws(StateError) {
        writing = try await StateRun.begin(
          run.keeper, registry: plan.registry, new: new, identities: run.identities,
          owner: LockOwner.current(command: "apply"), lockTimeout: options.lockTimeout, allowsClear: run.allowsClear)
      } catch {
        throw CommandFailure(error)
      }
      // The lock was taken only now: what the plan was made from must be what lies under it.
      if await writing.found(run.opened) {
        if !plan.bindingDifferences.isEmpty {
          do throws(StateError) { try await writing.setBinding(run.binding) } catch { throw CommandFailure(error) }
        }
        let applier = Applier(session: session, run: writing, digest: digest, now: context.timestamp)
        report.outcomes = await applier.apply(plan, declared: declarations(run.clients), ended: ended)
        report.sweptOrphans = await applier.sweep()
      } else if isUnreviewed {
        do throws(StateError) { _ = try await writing.finish() } catch { throw CommandFailure(error) }
        return nil
      } else {
        report.failure = changed(run).message
        report.failureCode = ExitCode.stale.rawValue
      }
      do throws(StateError) {
        let finished = try await writing.finish()
        report.state = (run.keeper.description, finished.serial)
        report.wroteState = finished.wrote
      } catch {
        if error.rescuedTo == nil {
          for index in report.outcomes.indices where report.outcomes[index].isUnnoted {
            report.outcomes[index] = writtenNowhere(report.outcomes[index])
            // Its line said that it was done, and that the end would write it.
            ended(report.outcomes[index])
          }
        }
        report.failure = error.description
        report.failureCode = (error.code == .changedMeanwhile ? ExitCode.stale : .partlyApplied).rawValue
      }
    } catch {
      return failed(plan, error)
    }
    return report
  }

  /// What was done and could be noted nowhere, not at the end either.
  private func writtenNowhere(_ outcome: Outcome) -> Outcome {
    let lost =
      switch outcome.change.action {
      case .create: ": its secret and its token are lost"
      case .set: ": where the answer brought a new token, that is lost"
      default: ""
      }
    var outcome = outcome
    outcome.result = .failed("done at the provider, and written nowhere\(lost)")
    // The first says that it is held until the end.
    outcome.notes = Array(outcome.notes.dropFirst())
    return outcome
  }

  private func declarations(_ clients: [DeclaredClient]) -> [String: Declaration] {
    Dictionary(
      clients.map { client in
        (
          client.name,
          Declaration(
            deletion: client.deletion.rawValue, labels: client.labels, source: client.source,
            secretVersion: client.secretVersion)
        )
      }
    ) { first, _ in first }
  }

  private func exitCode(_ report: ApplyReport, isRefused: Bool) -> ExitCode {
    if report.foundNobody { return .failed }
    var codes: [ExitCode] = [.done]
    if report.inDoubt > 0 { codes.append(.inDoubt) }
    if report.failed + report.notAttempted > 0 { codes.append(.partlyApplied) }
    if report.refused > 0 || isRefused { codes.append(.refused) }
    for registry in report.registries {
      if registry.sparedByEmptySet > 0 { codes.append(.refused) }
      for problem in registry.problems {
        // What is in doubt, and what this run did not want to touch, is not this run's failure.
        if !problem.isInDoubt { codes.append(.partlyApplied) } else if problem.isWanted { codes.append(.inDoubt) }
      }
      if let code = registry.failureCode.flatMap(ExitCode.init) {
        // Nothing of this registry was begun, so that its own code says more than "partly applied".
        if report.outcomes.allSatisfy({ $0.result == .notAttempted }) { return code }
        codes.append(code)
      }
    }
    return ExitCode.worst(codes)
  }
}
