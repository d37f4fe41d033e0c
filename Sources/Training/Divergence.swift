import Data
import Engine
import Layers

extension Trainer {
  /// The error for a loss that is not finite, with the place where it began.
  ///
  /// The forward pass is done again with every signal recorded: it makes the same bits.
  func divergedLoss(_ loss: Float, _ reading: Reading) -> TrainingError {
    if let fault = faultyInput(reading) { return fault }
    if let broken = parameters.first(where: { !$0.parameter.value.isFinite }) {
      return TrainingError(
        .diverged,
        "Loss became \(loss.word) at step \(step + 1) (epoch \(epoch)): layer '\(broken.layer)' "
          + "has \(broken.parameter.value.firstWord) in \(broken.parameter.name). "
          + "Go back to an earlier checkpoint.")
    }
    let place = firstPlace(reading).map { ": first in \($0)" } ?? ""
    return TrainingError(
      .diverged,
      "Loss became \(loss.word) at step \(step + 1) (epoch \(epoch))\(place). \(kept) \(advice)")
  }

  /// The error for a gradient that is not finite, or too large to take a step with.
  func divergedGradient(_ gradients: [Tensor?], _ reading: Reading) -> TrainingError {
    if let fault = faultyInput(reading) { return fault }
    let place = "at step \(step + 1) (epoch \(epoch))"
    for (owned, gradient) in zip(parameters, gradients) {
      guard let gradient, !gradient.isFinite else { continue }
      return TrainingError(
        .diverged,
        "The gradient became \(gradient.firstWord) \(place): first in layer '\(owned.layer)', "
          + "\(owned.parameter.name). \(kept) \(advice)")
    }
    return TrainingError(
      .diverged, "The gradient grew beyond 1e18 \(place). \(kept) \(advice)")
  }

  /// The error for data that are not finite: no setting would help.
  private func faultyInput(_ reading: Reading) -> TrainingError? {
    let batch = reading.batch
    let place = Place(of: batch.input, lengths: batch.lengths)?.from(reading.first)
    return place.map { place in
      TrainingError(
        .diverged,
        "The input of step \(step + 1) (epoch \(epoch)) is not finite: \(place). "
          + "Repair the data. \(kept)")
    }
  }

  private var kept: String {
    step > 0 ? "Parameters were kept from step \(step)." : "The initial parameters were kept."
  }

  private var advice: String {
    recipe.clipNorm > 0 ? "Lower the learning rate." : "Lower the learning rate or set clip_norm."
  }

  /// Where the forward pass over `reading` first makes a number that is not finite, in words: the
  /// first layer, and of its signals or its output the one with the earliest time step.
  private func firstPlace(_ reading: Reading) -> String? {
    var pass = reading.pass
    pass.recordsSignals = true
    pass.recordsOutputs = true
    _ = network(reading.batch.input, &pass)
    for recorded in pass.outputs {
      let (layer, output) = (recorded.layer, recorded.output)
      let signals = pass.recorded.filter { $0.layer == layer }
      if let place = firstSignal(signals, pass.lengths, from: reading.first) {
        return "layer '\(layer)', \(place)"
      }
      let hasTime = recorded.isSequence
      if let place = Place(of: output, lengths: hasTime ? pass.lengths : nil, hasTime: hasTime) {
        return "the output of layer '\(layer)', \(place.from(hasTime ? reading.first : 0))"
      }
    }
    return nil
  }

  /// Of the signals of one layer the one that is not finite at the earliest time step.
  private func firstSignal(
    _ signals: [RecordedSignal], _ lengths: [Int]?, from start: Int
  ) -> String? {
    var first: (signal: Signal, place: Place)?
    for recorded in signals {
      guard let place = Place(of: recorded.values, lengths: lengths) else { continue }
      if let first, first.place.time <= place.time { continue }
      first = (recorded.signal, place)
    }
    return first.map {
      "\($0.signal.range == .gate ? "gate" : "signal") \($0.signal.name), \($0.place.from(start))"
    }
  }
}

/// The first time step, and in it the first sequence, that holds a number that is not finite.
private struct Place: CustomStringConvertible {
  /// The time step, from 0; 0 where there is no time axis.
  private(set) var time: Int
  private let sequence: Int
  private let hasTime: Bool

  /// Looks through the valid part of `values` `[B, T, …]`, or `[B, …]` without time.
  init?(of values: Tensor, lengths: [Int]?, hasTime: Bool = true) {
    if values.isFinite { return nil }
    let batch = values.shape[0]
    let time = hasTime ? values.shape[1] : 1
    let width = values.count / max(1, batch * time)
    let numbers = values.scalars
    for t in 0..<time {
      for row in 0..<batch where t < lengths?[row] ?? time {
        let start = (row * time + t) * width
        if numbers[start..<start + width].contains(where: { !$0.isFinite }) {
          (self.time, sequence, self.hasTime) = (t, row, hasTime)
          return
        }
      }
    }
    return nil
  }

  /// The place in a window that is read from time step `start` on.
  func from(_ start: Int) -> Place {
    var place = self
    place.time += start
    return place
  }

  /// The place as the inspector counts: from 0.
  var description: String {
    (hasTime ? "time step \(time), " : "") + "sequence \(sequence)"
  }
}

extension Float {
  /// What a number that is not finite is called.
  fileprivate var word: String { isNaN ? "NaN" : "infinite" }
}

extension Tensor {
  /// What the first number that is not finite is called.
  fileprivate var firstWord: String {
    scalars.first { !$0.isFinite }.map { $0.isNaN ? "NaN" : "infinity" } ?? "no fault"
  }
}
