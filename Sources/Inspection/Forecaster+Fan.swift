import Data
import Engine

extension Forecaster {
  /// The forecast that `wish` asks for of `example` of `dataset`, with errors drawn from `errors`.
  public func fan(
    _ wish: FanWish, of example: Example, in dataset: any Dataset, errors: [[Float]],
    weightsStep: Int
  ) throws(InspectionError) -> ForecastFan {
    let length = example.batch.tokens
    let after = min(wish.after ?? length - 1, length - 1)
    guard after >= 1 else {
      throw InspectionError(
        "A forecast needs 2 steps or more to read, got \(max(0, after + 1)). Read more of the sequence."
      )
    }
    guard wish.steps >= 1 else {
      throw InspectionError("A forecast needs a step or more to say, got \(wish.steps).")
    }
    guard !errors.isEmpty, case .values(let quantities) = dataset.target.kind else {
      throw InspectionError(
        "A forecast with its fan needs the model's errors on the validation split, which has no "
          + "target that counts. Use more data.")
    }
    let history = example.batch.input.steps(0..<after + 1)
    let said = forecast(after: history, steps: wish.steps)
    let paths = paths(
      wish.paths, after: history, steps: wish.steps, errors: errors, seed: wish.seed)
    let series = quantities.indices.map { self.series($0, quantities[$0], in: example, length) }
    let periods = series.map { NaiveForecast.period(of: Array($0.prefix(after + 1))) }
    let points = quantities.indices.map { place in
      let unit = quantities[place]
      return Self.points(
        after: after, series[place], period: periods[place],
        said: Self.summed(said.map { [unit.inUnit($0[place])] }, after, example.levels).map {
          $0[0]
        },
        paths: Self.summed(
          paths.map { step in
            stride(from: place, to: step.count, by: width).map { unit.inUnit(step[$0]) }
          }, after, example.levels))
    }
    return ForecastFan(
      title: example.title, after: after, points: points, periods: periods,
      weightsStep: weightsStep)
  }

  /// The steps of one number after step `after` of its `series`.
  private static func points(
    after: Int, _ series: [Double], period: Int?, said: [Double], paths: [[Double]]
  ) -> [ForecastFan.Point] {
    let known = Array(series.prefix(after + 1))
    let naive = NaiveForecast.last(of: known, steps: said.count)
    let seasonal = period.map {
      NaiveForecast.seasonal(known, period: $0, steps: said.count)
    }
    return said.indices.map { step in
      let (reached, truth) = (paths[step].sorted(), after + 1 + step)
      return ForecastFan.Point(
        value: said[step],
        quantiles: ForecastFan.levels.map { quantile($0, of: reached) },
        wanted: truth < series.count ? series[truth] : nil, naive: naive[step],
        seasonal: seasonal?[step])
    }
  }

  /// What `steps` say along several paths after step `after`: as they are, or where they are changes, each
  /// added to the number before that it is counted from.
  private static func summed(
    _ steps: [[Double]], _ after: Int, _ levels: SeriesLevels?
  ) -> [[Double]] {
    guard let levels else { return steps }
    var found: [[Double]] = []
    for (step, changes) in steps.enumerated() {
      let before = step - levels.lag
      found.append(
        changes.enumerated().map { path, change in
          change + (before >= 0 ? found[before][path] : levels.value(after + 1 + before))
        })
    }
    return found
  }

  /// Number `place` of the target in its unit at every step of `example`, and at last what the last step
  /// predicts, if it counts.
  private func series(
    _ place: Int, _ quantity: Quantity, in example: Example, _ length: Int
  ) -> [Double] {
    let numbers = numbers(place, in: example, length).map(quantity.inUnit)
    guard let levels = example.levels else { return numbers }
    return numbers.enumerated().map { t, change in
      t < length ? levels.value(t) : levels.base(t - 1) + change
    }
  }

  /// Number `place` of the target at every step of `example`, as networks see it: what each step's input
  /// says of it, and at last the target of the last step, if it counts.
  private func numbers(_ place: Int, in example: Example, _ length: Int) -> [Float] {
    let input = example.batch.input
    let (size, scalars) = (input.count / input.shape[1], input.scalars)
    var numbers = (0..<length).map { scalars[$0 * size + feedback[place]] }
    if case .values(let wanted) = example.batch.targets,
      example.batch.weights?[length - 1] ?? 1 > 0
    {
      numbers.append(wanted[length - 1, place])
    }
    return numbers
  }

  /// The number that a share `level` of `sorted` is at most, between two neighbours on a line.
  static func quantile(_ level: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = level * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return last }
    let share = place - Double(below)
    return (1 - share) * sorted[below] + share * sorted[below + 1]
  }
}
