import Engine

/// A running average of weights, which is often better than the weights that training ends with.
///
///     d = min(decay, (1 + t) / (10 + t))      t steps were done before
///     w̄ ← d w̄ + (1 − d) w
///
/// It begins as the initial weights, which the growing d soon forgets. Source: Polyak and Juditsky
/// 1992; the growing d is TensorFlow's `ExponentialMovingAverage` with a number of updates.
final class WeightAverage {
  /// The averages, in the order of the parameters.
  let values: [Parameter]

  /// The weights as they are.
  init(of parameters: [Parameter]) {
    values = parameters.map { Parameter($0.name, $0.value) }
  }

  /// Takes in the weights after a step, `step` of which were done before.
  func follow(_ parameters: [Parameter], decay: Double, step: Int) {
    let t = Double(step)
    let keep = Float(min(decay, (1 + t) / (10 + t)))
    for (average, parameter) in zip(values, parameters) {
      average.assign(average.value * keep + parameter.value * (1 - keep))
    }
  }

  /// Does `work` while the averages stand in the place of the weights.
  func standingIn<Result>(for parameters: [Parameter], _ work: () -> Result) -> Result {
    let weights = parameters.map { $0.value.copy() }
    for (parameter, average) in zip(parameters, values) { parameter.assign(average.value) }
    defer { for (parameter, weight) in zip(parameters, weights) { parameter.assign(weight) } }
    return work()
  }
}
