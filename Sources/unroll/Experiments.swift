import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation

/// Puts claims about recurrent networks to the test.
struct RunExperiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Put a claim about recurrent networks to the test.",
    discussion: """
      An experiment trains what a claim is about, beside it a control that should do worse, prints \
      the numbers and judges itself. Without a name, the experiments are listed. The exit status is \
      1 when a claim does not hold.
      """)

  @Argument(help: "Names of experiments.")
  var names: [String] = []

  @Flag(help: "Run all of them.")
  var all = false

  @Flag(help: "Print one JSON object with every number.")
  var json = false

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Option(
    help: "Seeds to run each experiment with, from --seed on; means and deviations are shown.")
  var seeds = 1

  @Option(help: "Threads to use.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads needs a number from 1 to 1024, got \(threads).")
    }
    if !(1...1000).contains(seeds) {
      throw ValidationError("--seeds needs a number from 1 to 1000, got \(seeds).")
    }
    if all && !names.isEmpty {
      throw ValidationError("Give names of experiments or --all, not both.")
    }
  }

  func run() throws {
    if let threads { Workers.threads = threads }
    guard all || !names.isEmpty else { return list() }
    let chosen = try all ? ExperimentRegistry.all : names.map(Self.named)
    let signals = Interruption.watch {}
    defer { signals.forEach { $0.cancel() } }
    var summaries: [ExperimentSummary] = []
    for experiment in chosen {
      Output.note("\(experiment.name): \(experiment.claim)")
      let found = try (0..<UInt64(seeds)).map { try Self.run(experiment, seed: seed &+ $0) }
      let summary = ExperimentSummary(of: found)
      summaries.append(summary)
      if json { continue }
      if seeds > 1 { summary.show() } else { found[0].show() }
    }
    let reports = summaries.flatMap(\.reports)
    if json {
      let whole: JSON = [
        "schema": 1, "isa": .string(Kernels.name), "threads": .integer(Workers.threads),
        "passed": .bool(reports.allSatisfy(\.passed)),
        "seconds": .number(reports.reduce(0) { $0 + $1.seconds }),
        "experiments": .array(reports.map(\.json)),
        "summaries": .array(seeds > 1 ? summaries.map(\.json) : []),
      ]
      Output.raw(whole.text(.pretty))
    } else if summaries.count > 1 {
      let passed = summaries.count(where: \.passed)
      let seconds = reports.reduce(0) { $0 + $1.seconds }
      Output.line("\(passed) of \(summaries.count) hold, \(seconds.formatted(3)) s")
    }
    if !reports.allSatisfy(\.passed) { throw ExitCode(1) }
  }

  private static func named(_ name: String) throws -> Experiment {
    do {
      return try ExperimentRegistry.experiment(name)
    } catch {
      throw Failure(error.description, status: 64)
    }
  }

  private static func run(_ experiment: Experiment, seed: UInt64) throws -> ExperimentReport {
    let tells = Output.isTerminal(STDERR_FILENO)
    do {
      return try experiment.run(
        seed: seed, tell: { if tells { Output.note("  " + $0) } },
        while: { Interruption.first == nil })
    } catch ExperimentError.interrupted {
      throw ExitCode(128 + (Interruption.first ?? SIGINT))
    } catch {
      throw Failure(error)
    }
  }

  private func list() {
    guard !json else {
      let entries = ExperimentRegistry.all.map { experiment -> JSON in
        [
          "experiment": .string(experiment.name), "claim": .string(experiment.claim),
          "source": .string(experiment.source),
        ]
      }
      return Output.raw(JSON.array(entries).text(.pretty))
    }
    let width = ExperimentRegistry.all.map(\.name.count).max() ?? 0
    for experiment in ExperimentRegistry.all {
      Output.line(experiment.name.padded(to: width + 2) + experiment.claim)
    }
  }
}
