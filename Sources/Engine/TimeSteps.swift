/// How many time steps are left of the T that the data have: ⌊(T + offset) / divisor⌋, at least 1.
///
/// Layers that slide over time shrink it, and so does one after another: floors of whole numbers
/// compose exactly.
public struct TimeSteps: Hashable, Sendable, CustomStringConvertible {
  /// What is added to T.
  public let offset: Int
  /// What the sum is divided by; at least 1.
  public let divisor: Int

  /// As many steps as the data have.
  public init() { (offset, divisor) = (0, 1) }

  private init(offset: Int, divisor: Int) {
    precondition(divisor > 0, "Time steps are divided by a positive number.")
    (self.offset, self.divisor) = (offset, divisor)
  }

  /// These steps, plus `number` and divided by `stride`, rounded down.
  public func then(adding number: Int, dividingBy stride: Int) -> TimeSteps {
    TimeSteps(offset: offset + number * divisor, divisor: divisor * stride)
  }

  /// The number of steps for data with `time` steps.
  public func callAsFunction(_ time: Int) -> Int { max(1, (time + offset) / divisor) }

  /// The number as users read it: `T`, `T-2`, `T/2`, `(T+1)/2`; a quotient is rounded down.
  public var description: String {
    let sum = offset == 0 ? "T" : offset > 0 ? "T+\(offset)" : "T\(offset)"
    if divisor == 1 { return sum }
    return (offset == 0 ? sum : "(\(sum))") + "/\(divisor)"
  }
}
