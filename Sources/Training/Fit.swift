import Data
import Engine

extension Trainer {
  /// Why a network with this output cannot learn this target; nil when it can.
  public static func misfit(of output: Signature, to target: Target) -> String? {
    let wanted = target.output
    if target.takes(output) { return nil }
    let needs =
      "The loss needs \(target.outputText), \(target.rows), got \(output)."
    if output.isSequence && wanted.isSequence && output.time != wanted.time {
      return needs + " Give layers that slide over time stride 1 and padding same or causal."
    }
    if output.isSequence && !wanted.isSequence {
      return needs + " Put last_step or mean_over_time after the recurrent layers."
    }
    if !output.isSequence && wanted.isSequence {
      return needs + " Remove what takes the time steps away, such as last_step."
    }
    if case .points = target.kind { return needs + " Put flatten or a linear layer at the end." }
    return needs + " End the model with linear, out_features \(target.width)."
  }
}

extension Target {
  /// What a row of outputs is.
  fileprivate var rows: String {
    if case .points = kind { return "a point for each example" }
    if case .values = kind { return width == 1 ? "the value" : "\(width) values" }
    return "a score for each of \(width) \(noun)"
  }
}

extension Loss {
  /// Why the batches of `dataset` have nothing that this loss could compare; nil when they have. What is
  /// looked at is the first one.
  func misfit(toBatchesOf dataset: any Dataset) -> String? {
    guard case .points = dataset.target.kind else { return nil }
    let classes = dataset.trainingBatch(at: 0).countedClasses.filter { $0 >= 0 }
    let different = Set(classes).count
    guard different < 2 || different == classes.count else { return nil }
    let label = resolved(for: dataset.target.kind).rawValue
    return "Loss \(label) needs batches with two classes and two examples of one, got "
      + "\(classes.count) examples of \(different). Raise data.batch_size."
  }
}
