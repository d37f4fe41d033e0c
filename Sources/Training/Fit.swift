import Data
import Engine

extension Trainer {
  /// Why a network with this output cannot learn this target; nil when it can.
  public static func misfit(of output: Signature, to target: Target) -> String? {
    let wanted = target.output
    if output == wanted { return nil }
    let needs =
      "The loss needs \(wanted), \(target.rows), got \(output)."
    if output.isSequence && wanted.isSequence && output.time != wanted.time {
      return needs + " Give layers that slide over time stride 1 and padding same or causal."
    }
    if output.isSequence && !wanted.isSequence {
      return needs + " Put last_step or mean_over_time after the recurrent layers."
    }
    if !output.isSequence && wanted.isSequence {
      return needs + " Remove what takes the time steps away, such as last_step."
    }
    return needs + " End the model with linear, out_features \(target.width)."
  }
}

extension Target {
  /// What a row of outputs is.
  fileprivate var rows: String {
    if case .values = kind { return width == 1 ? "the value" : "\(width) values" }
    return "a score for each of \(width) \(noun)"
  }
}

extension TrainingRecipe {
  /// What is wrong with the numbers; nil when nothing is.
  var fault: String? {
    if !(learningRate > 0 && learningRate <= 1e6) {
      return "Training needs a learning rate above 0 and at most 1000000, got \(learningRate)."
    }
    if !(momentum >= 0 && momentum < 1) {
      return "SGD needs a momentum from 0 to below 1, got \(momentum)."
    }
    if !(clipNorm >= 0 && clipNorm.isFinite) {
      return "Clipping needs a largest norm of 0 (off) or more, got \(clipNorm)."
    }
    if steps < 1 { return "Training needs 1 step or more, got \(steps)." }
    if validateEvery < 0 {
      return "Training needs 0 or more steps between validations, got \(validateEvery)."
    }
    if checkpointEvery < 0 {
      return "Training needs 0 or more steps between checkpoints, got \(checkpointEvery)."
    }
    return nil
  }
}
