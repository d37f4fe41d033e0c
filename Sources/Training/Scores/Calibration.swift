import Foundation

/// Whether predicted probabilities are what they say: of all that is said with 80 %, are 80 % so?
///
///     ECE = Σ_b n_b / N · |acc_b − conf_b|     expected calibration error over ten equal bins
///
/// n_b the predictions whose probability falls into bin b, acc_b the share of them that came true,
/// conf_b their mean probability. Of classes it is the likeliest one's that counts, of flags the
/// probability that each is so.
///
/// Sources: Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using
/// Bayesian binning"; Guo et al. 2017, arXiv:1706.04599.
public struct Calibration: Sendable, Equatable {
  /// The predictions with probabilities in one tenth of 0 to 1.
  public struct Bin: Sendable, Equatable {
    /// Their weight, n_b.
    public fileprivate(set) var weight = 0.0
    /// The weight of those that came true, and the sum of their probabilities.
    fileprivate var hits = 0.0, sum = 0.0

    /// The share that came true, acc_b; nil where there are none.
    public var share: Double? { weight > 0 ? hits / weight : nil }
    /// The mean probability, conf_b; nil where there are none.
    public var confidence: Double? { weight > 0 ? sum / weight : nil }
  }

  /// What the network says on the whole of its own decisions.
  public enum Verdict: Sendable, Equatable {
    /// It is right more than two in a hundred less often than it says.
    case overConfident
    /// It is right more than two in a hundred more often than it says.
    case underConfident
    /// Neither.
    case balanced
  }

  /// The number of bins.
  public static let binCount = 10

  /// The bins, lowest probabilities first: bin b holds those from b / 10 to below (b + 1) / 10, the
  /// last one 1, too.
  public private(set) var bins = Array(repeating: Bin(), count: binCount)
  /// The weight of predictions whose probability is not finite, which stand in no bin.
  public private(set) var unknown = 0.0
  /// The sums over decisions, so or not so: their weight, and what was right and said of it.
  private var right = 0.0, said = 0.0

  /// No prediction yet.
  public init() {}

  /// The weight of all predictions in bins, N.
  public var weight: Double { bins.reduce(0) { $0 + $1.weight } }

  /// The expected calibration error, 0 to 1; nil without predictions.
  public var error: Double? {
    guard weight > 0 else { return nil }
    return bins.reduce(0) { $0 + abs($1.hits - $1.sum) } / weight
  }

  /// The share of decisions that were right; nil without predictions.
  public var accuracy: Double? { weight > 0 ? right / weight : nil }
  /// The mean probability of what was decided; nil without predictions.
  public var confidence: Double? { weight > 0 ? said / weight : nil }

  /// Whether it is on the whole too sure of itself, or not sure enough.
  public var verdict: Verdict {
    guard let accuracy, let confidence else { return .balanced }
    if confidence - accuracy > 0.02 { return .overConfident }
    return accuracy - confidence > 0.02 ? .underConfident : .balanced
  }

  /// Counts the scores of classes, before the softmax, the `predicted` one highest.
  mutating func add(_ scores: ArraySlice<Float>, predicted: Int, wanted: Int, _ weight: Double) {
    let highest = Double(scores[scores.startIndex + predicted])
    let sum = scores.reduce(0) { $0 + exp(Double($1) - highest) }
    let isRight = predicted == wanted
    guard count(1 / sum, isSo: isRight, weight) else { return }
    said += weight / sum
    if isRight { right += weight }
  }

  /// Counts the score of a flag, before the logistic function.
  mutating func add(_ score: Float, isSo: Bool, _ weight: Double) {
    let probability = 1 / (1 + exp(-Double(score)))
    guard count(probability, isSo: isSo, weight) else { return }
    said += weight * max(probability, 1 - probability)
    if (score > 0) == isSo { right += weight }
  }

  /// Puts a prediction into its bin, if there is one.
  private mutating func count(_ probability: Double, isSo: Bool, _ weight: Double) -> Bool {
    guard probability.isFinite else {
      unknown += weight
      return false
    }
    let bin = min(max(Int(probability * Double(Self.binCount)), 0), Self.binCount - 1)
    bins[bin].weight += weight
    bins[bin].sum += weight * probability
    if isSo { bins[bin].hits += weight }
    return true
  }
}
