import Data
import Formats

/// Events as JSON objects, one a line: what `metrics.jsonl` keeps and `train --jsonl` prints.
///
/// Every object begins with `"schema":1` and the name of its `event`, which is `step` for a training
/// step. Keys come in a fixed order and a number that is not finite is `null`.
extension RunEvent {
  /// The version of the lines.
  public static let schema = 1

  /// The event as a JSON object; nil for a copy of the weights. `metric` is the target's.
  public func json(metric: Metric) -> JSON? {
    guard let members = members(metric) else { return nil }
    return JSON([("schema", .integer(Self.schema))] + members)
  }

  /// Whether the event is one of those that `metrics.jsonl` keeps.
  var isMetric: Bool {
    switch self {
    case .stepped, .validated, .changed: true
    default: false
    }
  }

  private func members(_ metric: Metric) -> [(String, JSON)]? {
    switch self {
    case .stepped(let report): report.members(metric)
    case .validated(let report): report.members(metric)
    case .changed(let knob, let step): Self.named("knob", step, [(knob.name, knob.json)])
    case .started(let step, let total, let perEpoch):
      Self.named(
        "started", step, [("steps", .integer(total)), ("steps_per_epoch", .integer(perEpoch))])
    case .saved(let step, let file, let isBest):
      Self.named("checkpoint", step, [("file", .string(file)), ("best", .bool(isBest))])
    case .warning(let text, let step): Self.named("warning", step, [("message", .string(text))])
    case .paused(let step): Self.named("paused", step)
    case .resumed(let step): Self.named("resumed", step)
    case .endedEarly(let patience, let step):
      Self.named("ended_early", step, [("patience", .integer(patience))])
    case .finished(let step, let wasStopped):
      Self.named("finished", step, [("stopped", .bool(wasStopped))])
    case .failed(let text, let step): Self.named("failed", step, [("message", .string(text))])
    case .snapshot: nil
    }
  }

  private static func named(
    _ event: String, _ step: Int, _ rest: [(String, JSON)] = []
  ) -> [(String, JSON)] {
    [("event", .string(event)), ("step", .integer(step))] + rest
  }
}

extension StepReport {
  fileprivate func members(_ name: Metric) -> [(String, JSON)] {
    [
      ("event", "step"), ("step", .integer(step)), ("epoch", .integer(epoch)),
      ("loss", JSON(Float(loss))),
      (name.rawValue, JSON(Float(metric))), ("grad_norm", JSON(Float(gradientNorm))),
      ("lr", .number(learningRate)), ("tokens_per_second", JSON(Float(tokensPerSecond))),
      ("seconds", .number((seconds * 1e6).rounded() / 1e6)), ("clipped", .bool(wasClipped)),
    ]
  }
}

extension ValidationReport {
  fileprivate func members(_ name: Metric) -> [(String, JSON)] {
    [
      ("event", "validation"), ("step", .integer(step)), ("split", .string(split.rawValue)),
      ("loss", JSON(Float(loss))),
    ] + (trainingLoss.map { [("train_loss", JSON(Float($0)))] } ?? [])
      + [(name.rawValue, JSON(Float(metric)))]
      + metrics.filter { $0.metric != name }.map { ($0.metric.rawValue, JSON(Float($0.value))) }
      + (squaredErrors.isEmpty
        ? [] : [("mse_by_output", .array(squaredErrors.map { JSON(Float($0)) }))])
      + [("best", .bool(isBest))]
  }
}

extension Knob {
  fileprivate var json: JSON {
    switch value {
    case .integer(let number): .integer(number)
    case .decimal(let number): .number(number)
    case .flag(let isOn): .bool(isOn)
    case .sizes, .choice, .text, .automatic: .string(value.description)
    }
  }
}
