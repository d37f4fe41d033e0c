import Data
import Engine
import Formats
import Layers
import Training
import Workbench

/// What an experiment works in: makes data, trains networks, keeps what was found.
///
/// Belongs to the one queue that the experiment runs on.
public final class Laboratory {
  /// The seed of everything random.
  public let seed: UInt64
  private let tell: (String) -> Void
  private let goesOn: () -> Bool
  private let began = monotonicSeconds()
  private var measurements: [ExperimentReport.Measurement] = []
  private var tables: [ExperimentReport.Table] = []
  private var maps: [ExperimentReport.Map] = []
  private var verdicts: [ExperimentReport.Verdict] = []
  private var notes: [String] = []

  init(seed: UInt64, tell: @escaping (String) -> Void, while goesOn: @escaping () -> Bool) {
    self.seed = seed
    self.tell = tell
    self.goesOn = goesOn
  }

  /// What was found.
  func report(of experiment: Experiment) -> ExperimentReport {
    ExperimentReport(
      name: experiment.name, claim: experiment.claim, seed: seed, measurements: measurements,
      tables: tables, maps: maps, verdicts: verdicts, notes: notes,
      seconds: monotonicSeconds() - began)
  }

  // MARK: What was found

  /// Keeps a number.
  public func measure(
    _ name: String, _ value: Double, as role: ExperimentReport.Measurement.Role = .result
  ) {
    measurements.append(.init(name: name, value: value, role: role))
    tell("\(name): \(value.formatted(3))")
  }

  /// Keeps numbers that belong side by side.
  public func tabulate(
    _ title: String, columns: [String], _ rows: [(name: String, values: [Double?])]
  ) {
    tables.append(.init(title: title, columns: columns, rows: rows))
  }

  /// Keeps numbers that make a picture.
  public func picture(_ title: String, _ rows: [(name: String, values: [Double])]) {
    maps.append(.init(title: title, rows: rows.map { .init(name: $0.name, values: $0.values) }))
  }

  /// Keeps numbers that make a picture over an axis that goes from `from` to `to`, in which rows change
  /// their sign somewhere.
  public func diagram(
    _ title: String, from: String, to: String, _ rows: [(name: String, values: [Double])]
  ) {
    maps.append(
      .init(
        title: title, rows: rows.map { .init(name: $0.name, values: $0.values) },
        axis: .init(from: from, to: to)))
  }

  /// Throws when the experiment is asked to stop.
  func checkWhetherToGoOn() throws(ExperimentError) {
    guard goesOn() else { throw .interrupted }
  }

  /// Judges a part of the claim: that `name` is below `limit`.
  public func expect(_ name: String, _ value: Double, below limit: Double) {
    judge("\(name) \(value.formatted(3)) < \(limit.formatted(3))", value < limit)
  }

  /// Judges a part of the claim: that `name` is above `limit`.
  public func expect(_ name: String, _ value: Double, above limit: Double) {
    judge("\(name) \(value.formatted(3)) > \(limit.formatted(3))", value > limit)
  }

  /// Judges a part of the claim: that `name` is at least `limit`.
  public func expect(_ name: String, _ value: Double, atLeast limit: Double) {
    judge("\(name) \(value.formatted(3)) ≥ \(limit.formatted(3))", value >= limit)
  }

  /// Judges a part of the claim: that `name` is at most `limit`.
  public func expect(_ name: String, _ value: Double, atMost limit: Double) {
    judge("\(name) \(value.formatted(3)) ≤ \(limit.formatted(3))", value <= limit)
  }

  /// Judges a part of the claim.
  public func judge(_ text: String, _ holds: Bool) {
    verdicts.append(.init(text: text, holds: holds))
    tell((holds ? "holds: " : "does not hold: ") + text)
  }

  /// Says what a reader has to know besides.
  public func note(_ text: String) { notes.append(text) }

  // MARK: What it takes

  /// A session, its parts as a session file has them.
  public func session(
    _ name: String, data: JSON, model: JSON, training: JSON, seed: UInt64? = nil
  ) throws -> Document {
    var document = try Document(
      [
        "format": .integer(Document.format), "name": .string(name), "data": data, "model": model,
        "training": training,
      ])
    document.seed = seed ?? self.seed
    return document
  }

  /// What `body` gives for each of `count` seeds, the laboratory's own and those after it.
  public func overSeeds<Result>(
    _ count: UInt64 = 3, _ body: (UInt64) throws -> Result
  ) rethrows -> [Result] {
    try (0..<count).map { try body(seed &+ $0) }
  }

  /// The data of a session.
  public func dataset(of document: Document) throws -> any Dataset {
    try document.loadData(beside: nil).get()
  }

  /// Keeps what simple methods reach on the test split of the data of a session, and gives the best of
  /// them.
  @discardableResult
  public func measureBaselines(of dataset: any Dataset) throws -> Baseline {
    let isLowerBetter = dataset.target.metric.isLowerBetter
    let baselines = dataset.baselines(on: .test)
    for baseline in baselines { measure("\(baseline.name), test", baseline.value, as: .baseline) }
    let best = baselines.min { isLowerBetter ? $0.value < $1.value : $0.value > $1.value }
    guard let best else { throw ExperimentError.broken("The data have no baseline.") }
    return best
  }

  /// Keeps what simple methods reach on the test split, and gives the number of the one called `name`.
  func measureBaselines(of dataset: any Dataset, named name: String) throws -> Double {
    try measureBaselines(of: dataset)
    guard let found = dataset.baselines(on: .test).first(where: { $0.name == name }) else {
      throw ExperimentError.broken("The data have no baseline called \(name).")
    }
    return found.value
  }

  /// Trains a session to its end and keeps the weights that were best on the validation split.
  ///
  /// `observe` is called before the first step and at every validation, `stopsEarly` is asked after
  /// every validation.
  public func train(
    _ name: String, _ document: Document, on dataset: any Dataset,
    observe: (Trainer) -> Void = { _ in }, stopsEarly: (ValidationReport) -> Bool = { _ in false }
  ) throws -> Trained {
    let network = try document.network(for: dataset)
    let trainer = try Trainer(
      network: network, dataset: dataset, recipe: document.training, seed: document.seed)
    let began = monotonicSeconds()
    var trained = Trained(
      name: name, network: network, dataset: dataset, recipe: document.training)
    let every = max(
      1,
      document.training.validateEvery > 0
        ? document.training.validateEvery : trainer.stepsPerEpoch)
    var best: WeightSnapshot?
    observe(trainer)
    while !trainer.isDone {
      try checkWhetherToGoOn()
      do {
        trained.losses.append(try trainer.trainStep().loss)
      } catch {
        trained.divergence = error.description
        break
      }
      guard trainer.step % every == 0 || trainer.isDone else { continue }
      guard let report = trainer.evaluate(.validation) else { continue }
      trained.validations.append(report)
      if report.isBest { best = trainer.snapshot() }
      observe(trainer)
      tell(
        "\(name), step \(trainer.step): \(report.metrics[0].metric.rawValue) "
          + report.metric.formatted(3))
      if stopsEarly(report) { break }
    }
    if let best { try network.load(best.weights) }
    trained.test = trained.divergence == nil ? trainer.evaluate(.test) : nil
    trained.seconds = monotonicSeconds() - began
    return trained
  }
}
