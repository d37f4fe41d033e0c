/// How many time steps are left of the T that the data have: ⌊(f T + offset) / divisor⌋, at least 1.
///
/// Layers that slide over time shrink it, and so does one after another: floors of whole numbers
/// compose exactly. Only a floor that is multiplied afterwards does not; then one stage follows
/// another.
public struct TimeSteps: Hashable, Sendable, CustomStringConvertible {
  /// ⌊(factor · t + offset) / divisor⌋ of the steps t before it.
  private struct Stage: Hashable {
    var factor, offset, divisor: Int

    /// The same numbers without a common divisor, which changes no floor.
    var reduced: Stage {
      func common(_ a: Int, _ b: Int) -> Int { b == 0 ? abs(a) : common(b, a % b) }
      let shared = max(1, common(common(factor, offset), divisor))
      return Stage(factor: factor / shared, offset: offset / shared, divisor: divisor / shared)
    }
  }

  private var stages: [Stage]

  /// As many steps as the data have.
  public init() { stages = [] }

  /// `count` steps, whatever the data have.
  public static func always(_ count: Int) -> TimeSteps {
    var steps = TimeSteps()
    steps.stages = [Stage(factor: 0, offset: count, divisor: 1)]
    return steps
  }

  /// These steps times `factor`, plus `number` and divided by `stride`, rounded down.
  public func then(
    times factor: Int = 1, adding number: Int, dividingBy stride: Int = 1
  ) -> TimeSteps {
    precondition(stride > 0 && factor > 0, "Time steps are scaled by positive numbers.")
    var result = self
    var stage = Stage(factor: factor, offset: number, divisor: stride)
    if let last = stages.last, last.divisor == 1 || factor == 1 {
      result.stages.removeLast()
      stage.factor = last.factor.limited(times: factor)
      stage.offset =
        last.offset.limited(times: factor) + number.limited(times: last.divisor)
      stage.divisor = last.divisor.limited(times: stride)
    }
    stage = stage.reduced
    if stage != Stage(factor: 1, offset: 0, divisor: 1) { result.stages.append(stage) }
    return result
  }

  /// The number of steps for data with `time` steps.
  public func callAsFunction(_ time: Int) -> Int {
    stages.reduce(time) { time, stage in
      max(1, (time.limited(times: stage.factor) + stage.offset) / stage.divisor)
    }
  }

  /// The number as users read it: `T`, `T-2`, `T/2`, `(T+1)/2`, `2T`; a quotient is rounded down.
  public var description: String {
    stages.reduce("T") { text, stage in
      guard stage.factor != 0 else { return "\(stage.offset / stage.divisor)" }
      let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber }
      let whole = isPlain || stage.factor == 1 ? text : "(\(text))"
      let times = stage.factor == 1 ? whole : "\(stage.factor)\(whole)"
      let sign = stage.offset > 0 ? "+" : ""
      let sum = stage.offset == 0 ? times : "\(times)\(sign)\(stage.offset)"
      if stage.divisor == 1 { return sum }
      return (stage.offset == 0 ? sum : "(\(sum))") + "/\(stage.divisor)"
    }
  }
}

extension Int {
  /// The product, or the nearest of ±2⁴⁰, which is beyond any sequence: a tower of strides must not
  /// overflow.
  fileprivate func limited(times factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    let most = 1 << 40
    if overflow { return (self < 0) == (factor < 0) ? most : -most }
    return Swift.min(Swift.max(product, -most), most)
  }
}
