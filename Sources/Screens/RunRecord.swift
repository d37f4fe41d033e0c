import Canvas
import Data
import Training

/// The curves and latest measurements of a run: what `RunEvent`s add up to.
public struct RunRecord: Sendable {
  /// Something that happened at a step, with a few words for the axis of a plot.
  public struct Tick: Sendable, Equatable {
    /// After how many training steps.
    public let step: Int
    /// What it was: `lr→.0016`.
    public let label: String
  }

  /// Weights that are on disk.
  public struct Checkpoint: Sendable, Equatable {
    /// After how many training steps.
    public let step: Int
    /// The file.
    public let file: String
    /// Whether no earlier weights of the run had a lower validation loss.
    public let isBest: Bool
  }

  /// Something that the user should know.
  public struct Warning: Sendable, Equatable {
    /// After how many training steps.
    public let step: Int
    /// The sentence.
    public let text: String
  }

  /// Training steps done.
  public private(set) var step = 0
  /// The seconds of training until then.
  var seconds: Double { recent.last?.seconds ?? 0 }
  /// Training steps in all; 0 before a run.
  public private(set) var totalSteps = 0
  /// Training steps in an epoch; 0 before a run.
  public private(set) var stepsPerEpoch = 0
  /// The last training step.
  public private(set) var latest: StepReport?
  /// The last closer look at a step.
  public private(set) var detail: StepDetail?
  /// The step that `detail` looks at.
  public private(set) var detailStep: Int?

  /// Training loss in nats over steps.
  public private(set) var loss = SeriesPyramid()
  /// The target's metric on training batches over steps.
  public private(set) var metric = SeriesPyramid()
  /// ρ of recurrent weights over the steps that were looked at, by `layer.parameter`.
  public private(set) var spectralRadii: [String: SeriesPyramid] = [:]
  /// The gradient's global norm before clipping over steps.
  public private(set) var gradientNorm = SeriesPyramid()
  /// The learning rate that every step was done with.
  public private(set) var learningRate = SeriesPyramid(smoothing: 0)
  /// Loss on the validation split in nats over steps.
  public private(set) var validationLoss = SeriesPyramid(smoothing: 0)
  /// The target's metric on the validation split over steps.
  public private(set) var validationMetric = SeriesPyramid(smoothing: 0)
  /// Every other metric on the validation split over steps.
  public private(set) var furtherMetrics: [Metric: SeriesPyramid] = [:]

  /// The last pass over the validation split.
  public private(set) var validation: ValidationReport?
  /// The pass over the validation split with the lowest loss.
  public private(set) var bestValidation: ValidationReport?
  /// The pass over the test split at the end of a run.
  public private(set) var test: ValidationReport?
  /// The knobs that changed, oldest first.
  public private(set) var ticks: [Tick] = []
  /// The weights that were saved, oldest first.
  public private(set) var checkpoints: [Checkpoint] = []
  /// What the user should know, oldest first; the last 100 are kept.
  public private(set) var warnings: [Warning] = []

  /// The last steps, for the speed and the share of clipped gradients.
  private var recent: [(step: Int, seconds: Double, wasClipped: Bool)] = []
  private static let recentSteps = 100
  private static let keptWarnings = 100

  /// A record of nothing.
  public init() {}

  /// Takes in what the run says.
  public mutating func follow(_ event: RunEvent) {
    switch event {
    case .started(let step, let totalSteps, let stepsPerEpoch):
      start(at: step)
      self.totalSteps = totalSteps
      self.stepsPerEpoch = stepsPerEpoch
    case .stepped(let report): follow(report)
    case .validated(let report): follow(report)
    case .saved(let step, let file, let isBest):
      checkpoints.append(Checkpoint(step: step, file: file, isBest: isBest))
    case .changed(let knob, let step):
      totalSteps = knob.totalSteps ?? totalSteps
      ticks.append(Tick(step: step, label: knob.label))
    case .warning(let text, let step):
      warnings.append(Warning(step: step, text: text))
      if warnings.count > Self.keptWarnings { warnings.removeFirst() }
    case .finished(let step, _), .failed(_, let step): self.step = step
    case .snapshot, .endedEarly, .paused, .resumed: break
    }
  }

  /// Smooths the training curves with another weight of the past, in [0, 1).
  public mutating func setSmoothing(_ weight: Double) {
    loss.setSmoothing(weight)
    metric.setSmoothing(weight)
    gradientNorm.setSmoothing(weight)
  }

  /// Weight of the past in the moving averages.
  public var smoothing: Double { loss.smoothing }

  /// Valid time steps a second; nil until a step says.
  public var tokensPerSecond: Double? {
    latest.map(\.tokensPerSecond).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// Seconds of training until all steps are done, at the speed of the last steps; nil until there
  /// are two of them, and when nothing is left to do.
  public var secondsLeft: Double? {
    guard let first = recent.first, let last = recent.last, last.step > first.step,
      totalSteps > step
    else { return nil }
    let pace = (last.seconds - first.seconds) / (Double(last.step) - Double(first.step))
    let left = pace * (Double(totalSteps) - Double(step))
    return left.isFinite && pace > 0 ? left : nil
  }

  /// The share of done steps, 0...1; nil before a run.
  public var fractionDone: Double? {
    totalSteps > 0 ? min(Double(max(step, 0)) / Double(totalSteps), 1) : nil
  }

  /// The share of the last 100 steps whose gradient was clipped; nil before the first one.
  public var clippedShare: Double? {
    guard !recent.isEmpty else { return nil }
    return Double(recent.count(where: \.wasClipped)) / Double(recent.count)
  }

  private mutating func start(at step: Int) {
    if step <= 0 {
      let weight = smoothing
      self = RunRecord()
      setSmoothing(weight)
      return
    }
    // A run that goes on from a checkpoint does the steps after it once more.
    let next = Double(step) + 0.5
    loss.truncate(from: next)
    metric.truncate(from: next)
    gradientNorm.truncate(from: next)
    learningRate.truncate(from: next)
    validationLoss.truncate(from: next)
    validationMetric.truncate(from: next)
    for name in spectralRadii.keys { spectralRadii[name]?.truncate(from: next) }
    for metric in furtherMetrics.keys { furtherMetrics[metric]?.truncate(from: next) }
    ticks.removeAll { $0.step > step }
    checkpoints.removeAll { $0.step > step }
    warnings.removeAll { $0.step > step }
    recent = []
    test = nil
    if let best = bestValidation, best.step > step { bestValidation = nil }
    self.step = step
  }

  private mutating func follow(_ report: StepReport) {
    step = report.step
    latest = report
    if let detail = report.detail {
      self.detail = detail
      detailStep = report.step
      for parameter in detail.parameters {
        guard let radius = parameter.spectralRadius else { continue }
        spectralRadii[parameter.fullName, default: SeriesPyramid(smoothing: 0)]
          .append(radius, at: Double(report.step))
      }
    }
    let place = Double(report.step)
    loss.append(report.loss, at: place)
    metric.append(report.metric, at: place)
    gradientNorm.append(report.gradientNorm, at: place)
    learningRate.append(report.learningRate, at: place)
    recent.append((report.step, report.seconds, report.wasClipped))
    if recent.count > Self.recentSteps { recent.removeFirst() }
  }

  private mutating func follow(_ report: ValidationReport) {
    switch report.split {
    case .train: break
    case .test: test = report
    case .validation:
      validation = report
      if report.isBest || bestValidation == nil { bestValidation = report }
      validationLoss.append(report.loss, at: Double(report.step))
      validationMetric.append(report.metric, at: Double(report.step))
      for entry in report.metrics.dropFirst() {
        furtherMetrics[entry.metric, default: SeriesPyramid(smoothing: 0)]
          .append(entry.value, at: Double(report.step))
      }
    }
  }
}

extension ParameterReport {
  /// The parameter's name with its layer's in front.
  var fullName: String { layer + "." + name }
}

extension Knob {
  /// The knob and its new value in a few columns.
  fileprivate var label: String {
    switch (name, value) {
    case ("learning_rate", .decimal(let rate)): "lr→" + NumberText.short(rate)
    case ("clip_norm", .decimal(let limit)):
      "clip→" + (limit == 0 ? "off" : NumberText.short(limit))
    default: "\(name)→\(value)"
    }
  }
}
