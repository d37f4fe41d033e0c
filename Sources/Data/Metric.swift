/// A number that people judge a model by; raw values are their names in metric lines.
public enum Metric: String, Sendable, CaseIterable {
  /// Share of right predictions, 0 to 1.
  case accuracy
  /// Cross entropy in bits a symbol.
  case bitsPerCharacter = "bits_per_character"
  /// e to the cross entropy in nats: how many equally likely classes would be as hard.
  case perplexity
  /// Share of targets among the five highest scores, 0 to 1.
  case top5Accuracy = "top5_accuracy"
  /// F₁ = 2 P R / (P + R) of every class with precision P and recall R, averaged over the classes
  /// that occur or are predicted.
  case macroF1 = "macro_f1"
  /// The chance that something that is so scores higher than something that is not, ties half.
  case areaUnderROC = "auroc"
  /// Mean precision over the recalls (average precision).
  case areaUnderPR = "auprc"
  /// Share of examples whose nearest neighbour is of their class, 0 to 1: recall at 1.
  case nearestNeighbour = "nearest_neighbour"
  /// Mean square of the errors, in the square of the quantity's unit.
  case meanSquaredError = "mse"
  /// Mean distance between prediction and truth, in the quantity's unit.
  case meanAbsoluteError = "mae"
  /// Root of the mean square of the errors, in the quantity's unit.
  case rootMeanSquareError = "rmse"

  /// Whether a lower number is the better one.
  public var isLowerBetter: Bool {
    switch self {
    case .bitsPerCharacter, .perplexity, .meanSquaredError, .meanAbsoluteError,
      .rootMeanSquareError:
      true
    case .accuracy, .top5Accuracy, .macroF1, .areaUnderROC, .areaUnderPR, .nearestNeighbour: false
    }
  }

  /// Whether it is a share, which people read in per cent.
  public var isShare: Bool { !isLowerBetter }
}

extension Target {
  /// The metrics that can be measured on such targets, the one people judge by first.
  public var metrics: [Metric] {
    let possible: [Metric] =
      switch kind {
      case .classes(let labels):
        [.accuracy, .bitsPerCharacter, .perplexity]
          // A confusion matrix of more classes would need more memory than the model.
          + (labels.count <= 1000 ? [.macroF1] : [])
          + (labels.count > 5 ? [.top5Accuracy] : [])
          + (labels.count == 2 ? [.areaUnderROC, .areaUnderPR] : [])
      case .flags: [.accuracy, .macroF1, .areaUnderROC, .areaUnderPR]
      case .points: [.nearestNeighbour]
      case .values: [.rootMeanSquareError, .meanAbsoluteError, .meanSquaredError]
      }
    return [metric] + possible.filter { $0 != metric }
  }
}
