import Data
import Formats

/// What a run said, read back from its metric lines.
public enum MetricHistory {
  /// The steps, validations and changed knobs in `lines`, oldest first.
  ///
  /// A line that a crash cut short is left out. Where a run went back to an earlier checkpoint, what
  /// it had said about later steps is left out too.
  public static func events(in lines: String) -> [RunEvent] {
    var events: [RunEvent] = []
    var last = 0
    for line in lines.split(separator: "\n") {
      guard let json = try? JSON(parsing: String(line), name: "a metric line"),
        let event = event(json)
      else { continue }
      if case .stepped(let report) = event {
        if report.step <= last { rewind(&events, before: report.step) }
        last = report.step
      }
      events.append(event)
    }
    return events
  }

  /// Drops what was said about step `step` and later, but for the knobs that were changed since the
  /// last of it: they belong to the step that is done again.
  private static func rewind(_ events: inout [RunEvent], before step: Int) {
    let since = (events.lastIndex { $0.knobStep == nil } ?? -1) + 1
    let knobs = events[since...].filter { ($0.knobStep ?? 0) <= step }
    events = events[..<since].filter { !$0.tells(of: step) } + knobs
  }

  private static func event(_ json: JSON) -> RunEvent? {
    guard json["schema"]?.integer == RunEvent.schema, let step = json["step"]?.integer else {
      return nil
    }
    switch json["event"]?.string {
    case "step": return StepReport(json, step: step).map(RunEvent.stepped)
    case "validation": return ValidationReport(json, step: step).map(RunEvent.validated)
    case "knob": return knob(json).map { .changed($0, step: step) }
    default: return nil
    }
  }

  private static func knob(_ json: JSON) -> Knob? {
    Knob.names.lazy.compactMap { name in
      json[name].flatMap { Knob(name, parsing: $0.text(.compact)) }
    }.first
  }
}

extension RunEvent {
  /// The step that a changed knob took effect at.
  fileprivate var knobStep: Int? {
    if case .changed(_, let step) = self { step } else { nil }
  }

  /// Whether this is about step `number` or a later one.
  fileprivate func tells(of number: Int) -> Bool {
    switch self {
    case .stepped(let report): report.step >= number
    case .validated(let report): report.step >= number
    case .changed(_, let step): step >= number
    default: false
    }
  }
}

extension JSON {
  /// The number at `key`, NaN where it is null; nil where there is none.
  fileprivate func measured(_ key: String) -> Double? {
    self[key] == .null ? .nan : self[key]?.double
  }

  /// The metrics in the order of the line: the target's own first.
  fileprivate var metrics: [MetricValue] {
    guard case .object(let object) = self else { return [] }
    return object.keys.compactMap { key in
      Metric(rawValue: key).flatMap { metric in measured(key).map { MetricValue(metric, $0) } }
    }
  }
}

extension StepReport {
  fileprivate init?(_ json: JSON, step: Int) {
    guard let epoch = json["epoch"]?.integer, let loss = json.measured("loss"),
      let metric = json.metrics.first, let norm = json.measured("grad_norm"),
      let rate = json.measured("lr"), let tokens = json.measured("tokens_per_second"),
      let seconds = json.measured("seconds")
    else { return nil }
    self.init(
      step: step, epoch: epoch, loss: loss, metric: metric.value, gradientNorm: norm,
      wasClipped: json["clipped"]?.bool ?? false, learningRate: rate, tokensPerSecond: tokens,
      seconds: seconds)
  }
}

extension ValidationReport {
  fileprivate init?(_ json: JSON, step: Int) {
    guard let split = json["split"]?.string.flatMap(Split.init(rawValue:)),
      let loss = json.measured("loss"), let metric = json.metrics.first
    else { return nil }
    self.init(
      step: step, split: split, loss: loss, trainingLoss: json.measured("train_loss"),
      metric: metric.value, metrics: json.metrics, isBest: json["best"]?.bool ?? false)
    squaredErrors = json["mse_by_output"]?.array?.map { $0.double ?? .nan } ?? []
  }
}
