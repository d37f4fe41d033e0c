import ArgumentParser
import Benchmarks
import Engine
import Formats

extension GrowingModel.Axis: ExpressibleByArgument {}

/// Measures how training steps grow with the sizes of a model.
struct BenchCurves: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves",
    abstract: "Measure how time and memory of a step grow with T, B, H and layers.",
    discussion: """
      One size doubles again and again while the others stay. Growth is the exponent between neighbours: \
      1 in proportion, 2 with the square; where both times grow clearly faster than the work of the products, \
      the row says so. Memory is the most that tensors held at once.

      Models:

      \(GrowingModel.all.map { "\($0.name.padded(to: 6))\($0.summary)" }.joined(separator: "\n"))
      """)

  @Argument(help: "Models; without any, all of them.")
  var models: [String] = []

  @Option(parsing: .upToNextOption, help: "What grows: time, batch, hidden, layers.")
  var axes = GrowingModel.Axis.allCases

  @Option(help: "Seconds to measure each point for.")
  var seconds = 0.5

  @Option(help: "Threads to use.")
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try Bench.check(seconds: seconds)
    try Bench.check(threads: threads.map { [$0] } ?? [])
    let known = GrowingModel.all.map(\.name)
    for name in models where !known.contains(name) {
      throw ValidationError(
        "Unknown model '\(name)'." + Suggestion.sentence(for: name, among: known)
          + " There are: \(known.joined(separator: ", ")).")
    }
  }

  func run() throws {
    if let threads { Workers.threads = threads }
    let machine = Machine.measured()
    if !json { Output.line(machine.text) }
    var curves: [JSON] = []
    let chosen = models.isEmpty ? GrowingModel.all : models.compactMap(GrowingModel.named)
    for model in chosen {
      for axis in axes {
        var curve = ScalingCurve(model, axis)
        if !json { printHeader(model, axis) }
        try curve.measure(seconds: seconds) { curve, index in
          if !json { printRow(curve, index) }
        }
        curves.append(curve.json)
      }
    }
    if json { Output.raw(machine.json("curves", curves).text(.pretty)) }
  }

  private func printHeader(_ model: GrowingModel, _ axis: GrowingModel.Axis) {
    let others = GrowingModel.Axis.allCases.filter { $0 != axis }
      .map { "\($0.letter) \(model.base[$0])" }.joined(separator: ", ")
    Output.line("")
    Output.line("\(model.name), \(others)")
    Output.line(
      axis.letter.leftPadded(to: 6)
        + "   best ms  growth median ms  growth  of work  ns a step*  GFLOP/s       MiB  growth"
        + (axis == .time ? "    * of one sequence in one layer" : ""))
  }

  private func printRow(_ curve: ScalingCurve, _ index: Int) {
    let (point, growth) = (curve.points[index], curve.growth(at: index))
    func text(_ exponent: Double?) -> String {
      exponent.map { ($0 < 0 ? "-" : "") + abs($0).formatted(2) } ?? ""
    }
    Output.line(
      "\(point.sizes[curve.axis])".leftPadded(to: 6)
        + point.milliseconds.formatted(3).leftPadded(to: 10)
        + text(growth?.time).leftPadded(to: 8)
        + point.medianMilliseconds.formatted(3).leftPadded(to: 10)
        + text(growth?.medianTime).leftPadded(to: 8) + text(growth?.work).leftPadded(to: 9)
        + point.nanosecondsOfOne.formatted(3).leftPadded(to: 12)
        + point.gigaflops.formatted(3).leftPadded(to: 9)
        + (Double(point.bytes) / 1_048_576).formatted(3).leftPadded(to: 10)
        + text(growth?.memory).leftPadded(to: 8)
        + (growth?.isSurprising == true ? "  faster than its work" : ""))
  }
}
