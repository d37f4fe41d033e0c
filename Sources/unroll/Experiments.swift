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

  @Option(help: "Threads to use.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads needs a number from 1 to 1024, got \(threads).")
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
    var reports: [ExperimentReport] = []
    for experiment in chosen {
      Output.note("\(experiment.name): \(experiment.claim)")
      let report = try Self.run(experiment, seed: seed)
      reports.append(report)
      if !json { Self.show(report) }
    }
    if json {
      let whole: JSON = [
        "schema": 1, "isa": .string(Kernels.name), "threads": .integer(Workers.threads),
        "passed": .bool(reports.allSatisfy(\.passed)),
        "seconds": .number(reports.reduce(0) { $0 + $1.seconds }),
        "experiments": .array(reports.map(\.json)),
      ]
      Output.raw(whole.text(.pretty))
    } else if reports.count > 1 {
      let passed = reports.count(where: \.passed)
      let seconds = reports.reduce(0) { $0 + $1.seconds }
      Output.line("\(passed) of \(reports.count) hold, \(seconds.formatted(3)) s")
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

  private static func show(_ report: ExperimentReport) {
    Output.line("\(report.name)  seed \(report.seed)")
    let width = report.measurements.map(\.name.count).max() ?? 0
    for measurement in report.measurements {
      Output.line(
        "  " + measurement.role.rawValue.padded(to: 10) + measurement.name.padded(to: width + 2)
          + measurement.value.formatted(4))
    }
    for table in report.tables { show(table) }
    for note in report.notes { Output.line("  note: " + note) }
    for verdict in report.verdicts {
      Output.line((verdict.holds ? "  holds     " : "  FAILS     ") + verdict.text)
    }
    Output.line(
      "  \(report.passed ? "pass" : "FAIL")  \(report.seconds.formatted(3)) s")
  }

  private static func show(_ table: ExperimentReport.Table) {
    let names = max(table.title.count, table.rows.map(\.name.count).max() ?? 0)
    let widths = table.columns.map { max(9, $0.count) + 2 }
    Output.line(
      "  " + table.title.padded(to: names)
        + zip(table.columns, widths).map { $0.leftPadded(to: $1) }.joined())
    for row in table.rows {
      let cells = zip(row.values, widths).map { ($0?.formatted(4) ?? "-").leftPadded(to: $1) }
      Output.line("  " + row.name.padded(to: names) + cells.joined())
    }
  }
}
