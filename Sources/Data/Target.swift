import Engine

/// What a network is to predict, for every step or for every sequence.
public struct Target: Sendable, Equatable {
  /// What the numbers that a network puts out mean.
  public enum Kind: Sendable, Equatable {
    /// One of these classes: a score for each, before the softmax.
    case classes([String])
    /// Each of these may be so or not: a score for each, before the logistic function.
    case flags([String])
    /// A number for each of these.
    case values([Quantity])
    /// A place for each example, near the others of its class and away from those of other ones.
    case points([String])
  }

  /// What is predicted.
  public let kind: Kind
  /// Whether every time step has a target of its own.
  public let isPerStep: Bool
  /// What people judge a model by.
  public let metric: Metric

  /// A prediction of `kind`, per step or per sequence.
  public init(_ kind: Kind, isPerStep: Bool, metric: Metric) {
    self.kind = kind
    self.isPerStep = isPerStep
    self.metric = metric
  }

  /// A prediction of one of `labels`, per step or per sequence.
  public init(labels: [String], isPerStep: Bool, metric: Metric) {
    self.init(.classes(labels), isPerStep: isPerStep, metric: metric)
  }

  /// The name of each number that a network puts out.
  public var labels: [String] {
    switch kind {
    case .classes(let labels), .flags(let labels), .points(let labels): labels
    case .values(let quantities): quantities.map(\.name)
    }
  }

  /// How many numbers a network puts out for one target; of points as many as it likes.
  public var width: Int { labels.count }

  /// What a network must put out for this target; for points also a vector of any other size.
  public var output: Signature { isPerStep ? .sequence(width) : .vector(width) }

  /// Whether a network may put out `output` for this target.
  public func takes(_ output: Signature) -> Bool {
    guard case .points = kind else { return output == self.output }
    return !output.isSequence && output.size != nil && output.vocabulary == nil
  }

  /// What a network must put out, in words: `[B, 10]`.
  public var outputText: String {
    if case .points = kind { "[B, D]" } else { "\(output)" }
  }
}

/// A measured or computed number that a network predicts: networks see it shifted and scaled, people
/// in its own unit.
public struct Quantity: Sendable, Equatable {
  /// What it is: `temperature`.
  public let name: String
  /// The unit that people read it in; empty for a plain number.
  public let unit: String
  /// What is 0 to a network.
  public let mean: Double
  /// What is 1 away from that; above 0.
  public let deviation: Double

  /// A quantity called `name`.
  public init(_ name: String, unit: String = "", mean: Double = 0, deviation: Double = 1) {
    self.name = name
    self.unit = unit
    self.mean = mean
    self.deviation = deviation
  }

  /// A network's number in the quantity's own unit.
  public func inUnit(_ value: Float) -> Double { mean + deviation * Double(value) }
}
