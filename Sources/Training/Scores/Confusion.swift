/// Which classes were taken for which.
public struct Confusion: Sendable, Equatable {
  /// The names of the classes.
  public let labels: [String]
  /// The weight of what is of a class (row) and was taken for another (column), row-major.
  private var counts: [Double]

  /// A matrix of zeros for these classes.
  public init(labels: [String]) {
    self.labels = labels
    counts = Array(repeating: 0, count: labels.count * labels.count)
  }

  /// The weight of what is `wanted` and was taken for `predicted`.
  public subscript(wanted: Int, predicted: Int) -> Double {
    counts[wanted * labels.count + predicted]
  }

  /// The weight of all that is of a class.
  public func total(of wanted: Int) -> Double {
    labels.indices.reduce(0) { $0 + self[wanted, $1] }
  }

  /// The weight of all that was taken for a class.
  public func totalPredicted(_ predicted: Int) -> Double {
    labels.indices.reduce(0) { $0 + self[$1, predicted] }
  }

  /// Counts one prediction.
  mutating func add(wanted: Int, predicted: Int, _ weight: Double) {
    counts[wanted * labels.count + predicted] += weight
  }

  /// F₁ = 2 TP / (2 TP + FP + FN) of a class; nil when it neither occurs nor is predicted.
  public func f1(of label: Int) -> Double? {
    let hits = self[label, label]
    let all = total(of: label) + totalPredicted(label)
    return all > 0 ? 2 * hits / all : nil
  }

  /// The mean of the F₁ of the classes that occur or are predicted.
  public var macroF1: Double {
    let known = labels.indices.compactMap(f1)
    return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
  }
}
