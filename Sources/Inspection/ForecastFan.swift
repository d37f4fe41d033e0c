/// How a forecast of many steps is asked for.
public struct FanWish: Sendable, Equatable {
  /// The most steps that can be asked for.
  public static let most = 10_000

  /// The last time step of the example that is read, from 0; nil: its last.
  public var after: Int?
  /// The number of steps to forecast, N; at least 1.
  public var steps: Int
  /// The number of paths that quantiles are taken from; at least 1.
  public var paths = 400
  /// The seed of the errors that are drawn.
  public var seed: UInt64 = 1

  /// `steps` steps after step `after`.
  public init(after: Int? = nil, steps: Int) {
    self.after = after
    self.steps = steps
  }
}

/// A forecast of many steps with the band that the series should stay in, what came true, and what simple
/// methods say; in the units of the target's numbers.
public struct ForecastFan: Sendable, Equatable {
  /// One step of one of the target's numbers.
  public struct Point: Sendable, Equatable {
    /// The recursive forecast.
    public let value: Double
    /// The quantiles at `levels` of the paths.
    public let quantiles: [Double]
    /// What came true; nil where the data end.
    public let wanted: Double?
    /// The last value that was read.
    public let naive: Double
    /// The value a period ago; nil where the series shows no period.
    public let seasonal: Double?

    /// A step of these numbers.
    public init(
      value: Double, quantiles: [Double], wanted: Double?, naive: Double, seasonal: Double?
    ) {
      self.value = value
      self.quantiles = quantiles
      self.wanted = wanted
      self.naive = naive
      self.seasonal = seasonal
    }
  }

  /// The shares of the paths that are at most the quantiles.
  public static let levels = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// The example, in words.
  public let title: String
  /// The last time step that was read, from 0: the first forecast is of the step after it.
  public let after: Int
  /// The steps in their order, of each of the target's numbers.
  public let points: [[Point]]
  /// The cycle of each number that the steps read show, in steps.
  public let periods: [Int?]
  /// After how many training steps the weights were as they were.
  public let weightsStep: Int

  /// The number of steps, N.
  public var steps: Int { points.first?.count ?? 0 }

  /// A forecast of these parts.
  public init(
    title: String, after: Int, points: [[Point]], periods: [Int?], weightsStep: Int
  ) {
    self.title = title
    self.after = after
    self.points = points
    self.periods = periods
    self.weightsStep = weightsStep
  }
}
