import ArgumentParser
import Benchmarks
import Engine
import Formats
import Layers

/// Times steps of standard workloads.
struct BenchSteps: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract: "Time training steps of standard workloads (what 'unroll bench' does by itself).",
    discussion: """
      A step is forward, backward, clipping by the global norm and Adam, on random data from a zero \
      state; that of step-latency is forward only. GFLOP/s are those of the matrix products and \
      convolutions in the best step; the peak is what fused multiply-adds alone reach on this machine.

      Workloads:

      \(known.map { "\($0.name.padded(to: 14))\($0.summary)" }.joined(separator: "\n"))
      """)

  /// Everything that can be timed.
  private static let known: [(name: String, summary: String)] =
    Workload.all.map { (name: $0.name, summary: $0.summary) } + [(StartUp.name, StartUp.summary)]

  @Argument(help: "Workloads; without any, all of them.")
  var workloads: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Show where the time of a step goes, by layer and by kernel, in further steps.")
  var profile = false

  @Option(help: "Seconds to measure each workload for.")
  var seconds = 3.0

  @Option(help: "Threads to use.")
  var threads: Int?

  func validate() throws {
    try Bench.check(seconds: seconds)
    let known = Self.known.map(\.name)
    for name in workloads where !known.contains(name) {
      throw ValidationError(
        "Unknown workload '\(name)'." + Suggestion.sentence(for: name, among: known)
          + " There are: \(known.joined(separator: ", ")).")
    }
    try Bench.check(threads: threads.map { [$0] } ?? [])
  }

  func run() throws {
    if let threads { Workers.threads = threads }
    let machine = Machine.measured()
    if !json { printHeader(machine) }
    var results: [JSON] = []
    for name in workloads.isEmpty ? Self.known.map(\.name) : workloads {
      let workload = Workload.named(name)
      let result =
        try workload?.measure(seconds: seconds) ?? StartUp.measure(seconds: seconds)
      let times = profile ? try workload?.profile(seconds: seconds) : nil
      if json {
        results.append(result.json(peak: machine.peak, profile: times))
      } else {
        printRow(result, machine)
        if let times { printProfile(times) }
      }
    }
    guard json else { return }
    Output.raw(machine.json("workloads", results).text(.pretty))
  }

  private func printHeader(_ machine: Machine) {
    Output.line(machine.text)
    Output.line(
      "workload       best ms  median ms   GFLOP/s  of peak   allocations/step   peak memory")
  }

  private func printRow(_ result: Measurement, _ machine: Machine) {
    let share = result.gigaflops.map { (100 * $0 / machine.peak).formatted(3) + " %" }
    Output.line(
      [
        result.name.padded(to: 13), result.bestMilliseconds.formatted(3).leftPadded(to: 8),
        result.medianMilliseconds.formatted(3).leftPadded(to: 10),
        (result.gigaflops?.formatted(3) ?? "").leftPadded(to: 9),
        (share ?? "").leftPadded(to: 8),
        (result.cost?.allocationsPerStep.formatted(2) ?? "").leftPadded(to: 18),
        AvailableMemory.text(result.peakMemory).leftPadded(to: 13),
      ].joined(separator: " "))
  }

  /// The layers' times and the rest, in milliseconds a step and as shares.
  private func printProfile(_ profile: StepProfile) {
    func cells(_ name: String, _ forward: Double?, _ backward: Double?, _ sum: Double) -> [String] {
      ["  " + name]
        + [forward, backward, sum].map { $0?.formatted(3) ?? "" }
        + [(100 * sum / profile.total).formatted(2) + " %"]
    }
    let rows =
      [["  layer", "forward ms", "backward ms", "sum ms", "share"]]
      + profile.layers.map {
        cells($0.layer, $0.forward, $0.backward, $0.forward + $0.backward)
      }
      + profile.rest.map { cells("(\($0.name))", nil, nil, $0.time) }
    for line in Output.aligned(rows, right: [1, 2, 3, 4]) { Output.line(line) }
    printKernels(profile)
  }

  /// The kernels' times, all threads together, in milliseconds a step and as shares.
  private func printKernels(_ profile: StepProfile) {
    func cells(_ name: String, _ time: Double, _ calls: Double?) -> [String] {
      [
        "  " + name, time.formatted(3), calls?.formatted(3) ?? "",
        (100 * time / profile.threadTime).formatted(2) + " %",
      ]
    }
    var rows = [["  kernel", "thread ms", "calls", "share"]]
    for kernel in profile.kernels.sorted(by: { $0.time > $1.time }) {
      rows.append(cells(kernel.name, kernel.time, kernel.calls))
    }
    rows.append(cells("(outside, waiting)", profile.outsideKernels, nil))
    for line in Output.aligned(rows, right: [1, 2, 3]) { Output.line(line) }
  }
}
