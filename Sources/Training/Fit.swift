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
