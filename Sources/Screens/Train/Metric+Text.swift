import Canvas
import Data

extension Metric {
  /// What stands above an axis of this metric.
  var axisTitle: String { isShare ? noun + ", 0 to 1" : noun }

  /// The name as people say it.
  var noun: String {
    switch self {
    case .bitsPerCharacter: "bits a character"
    case .perplexity: "perplexity"
    case .accuracy: "accuracy"
    case .top5Accuracy: "top-5 accuracy"
    case .macroF1: "macro F1"
    case .areaUnderROC: "AUROC"
    case .areaUnderPR: "AUPRC"
    case .nearestNeighbour: "nearest neighbour"
    case .meanSquaredError: "MSE"
    case .meanAbsoluteError: "MAE"
    case .rootMeanSquareError: "RMSE"
    }
  }

  /// A value with its unit: `2.13 bits/char`, `84.2%`, `RMSE 0.31`.
  func text(_ value: Double) -> String {
    switch self {
    case .accuracy: number(value)
    case .bitsPerCharacter: number(value) + " bits/char"
    default: noun + " " + number(value)
    }
  }

  /// A value beside others of the same unit: `2.13`, `84.2%`.
  func number(_ value: Double) -> String {
    isShare ? NumberText.short(value * 100) + "%" : NumberText.short(value)
  }
}
