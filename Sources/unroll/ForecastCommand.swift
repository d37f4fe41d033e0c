import ArgumentParser
import Data
import Formats
import Inspection
import Layers
import Training
import Workbench

/// Lets a trained model of a series go on by itself.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast many steps of a series with a trained one-step model.",
    discussion: """
      The model reads a sequence and then its own predictions. The quantiles are those of paths to which \
      errors are added that the model made one step ahead on the validation split. Printed as CSV, a \
      line a step; on standard error how well this does where the split says what came true, beside \
      the last value and the value a period ago.

      """ + TrainedModel.sources)

  @OptionGroup var model: TrainedModel

  @Option(help: "Steps to forecast.")
  var steps = 24

  @Option(help: "The split that the sequence is from: train, validation or test.")
  var split = "test"

  @Option(help: "The number of the sequence, from 1; its split's last, if not given.")
  var example: Int?

  @Option(help: "Steps of the sequence to read; all, if not given.")
  var read: Int?

  @Option(help: "Paths that the quantiles are taken from.")
  var paths = 400

  @Option(help: "The seed of the errors that are drawn.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: "A file to write to.", completion: .file())
  var output: String?

  /// Sequences that the forecast is tried on where it is known what came true.
  private static let tried = 50

  func validate() throws {
    func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
      guard let value, !range.contains(value) else { return }
      throw ValidationError(
        "--\(name) needs a number from \(range.lowerBound) to \(range.upperBound), got \(value).")
    }
    try check("steps", steps, 1...FanWish.most)
    try check("paths", paths, 1...100_000)
    try check("example", example, 1...(1 << 40))
    try check("read", read, 2...(1 << 40))
    guard Split(rawValue: split) != nil else {
      throw ValidationError(
        "--split needs train, validation or test, got \(SafeText.quoted(split)).")
    }
  }

  func run() throws {
    do {
      let model = try LoadedModel(model.checkpoint(for: "A forecast"))
      let dataset = model.dataset
      let (split, example) = try example(of: dataset)
      let network = try model.network(
        for: "A forecast with this model", batch: paths, time: example.steps.count)
      let forecaster = try Forecaster(network, for: dataset)
      let errors = forecaster.errors(on: dataset)
      func fan(_ example: Example, after: Int?) throws -> ForecastFan {
        var wish = FanWish(after: after, steps: steps)
        (wish.paths, wish.seed) = (forecaster.affordablePaths(paths), seed)
        return try forecaster.fan(
          wish, of: example, in: dataset, errors: errors, weightsStep: model.checkpoint.step)
      }
      let trial = try trials(of: dataset, split).map { try fan($0.example, after: $0.after) }
      let report = ForecastReport(
        try fan(example, after: read.map { $0 - 1 }), ForecastScore(of: trial),
        tried: trial.count, of: dataset)
      let text = json ? report.json.text(.pretty) : report.csv
      if let output {
        try AtomicFile.write(text, to: output, permissions: 0o644)
      } else {
        Output.raw(text)
      }
      Output.note(report.sentence)
    } catch {
      throw Failure(error)
    }
  }

  /// The sequence that is gone on with, and its split.
  private func example(of dataset: any Dataset) throws -> (Split, Example) {
    let split = Split(rawValue: split) ?? .test
    let count = dataset.exampleCount(of: split)
    guard count > 0 else {
      throw Failure(
        "A forecast needs a sequence of the \(split.rawValue) split, which has none. Choose another "
          + "one with --split.", status: 65)
    }
    let number = example ?? count
    guard number <= count else {
      throw Failure(
        "--example needs a number from 1 to \(count), got \(number).", status: 64)
    }
    let chosen = dataset.example(number - 1, of: split)
    if let read, read > chosen.steps.count {
      throw Failure(
        "--read needs a number from 2 to \(chosen.steps.count), the steps of \(chosen.title), got "
          + "\(read).", status: 64)
    }
    return (split, chosen)
  }

  /// Sequences of `split`, spread over all of them, with the last step to be read of each so that what
  /// comes true is known of all steps; at least half of a sequence is read.
  private func trials(
    of dataset: any Dataset, _ split: Split
  ) -> [(example: Example, after: Int)] {
    let count = dataset.exampleCount(of: split)
    let numbers = stride(from: 0, to: count, by: max(1, count / Self.tried)).prefix(Self.tried)
    return numbers.compactMap { number in
      let example = dataset.example(number, of: split)
      let after = example.steps.count - 1 - steps
      return after >= max(1, example.steps.count / 2 - 1) ? (example, after) : nil
    }
  }
}
