import Engine
import Foundation

extension Bundled {
  /// The chaotic series of Mackey and Glass, to forecast the next value: dx/dt = 0.2 x(t − τ) /
  /// (1 + x(t − τ)¹⁰) − 0.1 x, τ = 17.
  ///
  /// Every sequence starts from its own constant past in [0.9, 1.5], is integrated by the classical
  /// Runge-Kutta method in steps of 0.1 (the delayed value between steps by the mean of its
  /// neighbours), and is seen once per unit of time after 300 of them. `length` is T, 100 by default.
  /// Values have 0.93 taken off and are divided by 0.22.
  ///
  /// Source: Mackey and Glass 1977.
  static let mackeyGlass: Bundled = forecast(
    "mackey-glass", "the series of Mackey and Glass",
    unit: Quantity("x", mean: 0.93, deviation: 0.22),
    ChaoticSeries.mackeyGlass)

  /// A noisy mix of three sines, to forecast the next value.
  ///
  ///     x_t = Σ_k a_k sin(2π t / P_k + φ_k) + ε_t,   a_k ~ U(0.3, 1), P_k ~ U(8, 50), ε ~ N(0, 0.1²)
  ///
  /// Everything is drawn anew for every sequence; `length` is T, 100 by default.
  static let sines: Bundled = forecast(
    "sines", "noisy mixes of sines", unit: Quantity("x"), ChaoticSeries.sines)

  /// NARMA10: a driven series that depends on ten of its values and inputs.
  ///
  ///     y_{t+1} = 0.3 y_t + 0.05 y_t Σ_{i=0…9} y_{t−i} + 1.5 u_{t−9} u_t + 0.1,   u ~ U(0, 0.5)
  ///
  /// Networks read u_t and predict y_{t+1}; the first 10 steps do not count. A sequence that leaves
  /// [0, 1] is drawn anew. `length` is T, 100 by default.
  ///
  /// Source: Atiya and Parlos 2000.
  static let narma10: Bundled = .init(
    "narma10", "a series driven by noise", settings: .generated
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(100, atLeast: 20, atMost: 10_000)
    let quantity = Quantity("y", mean: 0.38, deviation: 0.11)
    let task = GeneratedTask(
      name: narma10.name, title: "follow NARMA10 over \(grouped(length)) steps",
      form: SampleForm(
        input: .sequence(1),
        target: Target(.values([quantity]), isPerStep: true, metric: .rootMeanSquareError)),
      longest: length,
      make: { random, _ in
        let (u, y) = ChaoticSeries.narma10(length, using: &random)
        var sample = Sample(
          u.map { Float(($0 - 0.25) / 0.144) }, length: length,
          values: y.map { Float(($0 - quantity.mean) / quantity.deviation) })
        sample.weights = (0..<length).map { $0 < 10 ? 0 : 1 }[...]
        return sample
      },
      rules: [
        .constant, .autoregression(10, feature: 0, name: "linear map of 10 inputs"),
      ],
      epochSequences: 1600)
    return GeneratedDataset(task, recipe, seed: seed)
  }

  /// Steps at the beginning of a series that do not count: too little of it is known there.
  private static let settling = 20

  /// Series that `make` gives, to forecast each next value once it has settled.
  private static func forecast(
    _ name: String, _ title: String, unit: Quantity,
    _ make: @escaping @Sendable (_ count: Int, inout Random) -> [Double]
  ) -> Bundled {
    Bundled(name, title, settings: .generated) { recipe, seed throws(DataError) in
      let length = try recipe.length(100, atLeast: 2 * settling, atMost: 10_000)
      let task = GeneratedTask(
        name: name, title: "forecast the next value of \(title), \(grouped(length)) steps",
        form: SampleForm(
          input: .sequence(1),
          target: Target(.values([unit]), isPerStep: true, metric: .rootMeanSquareError)),
        longest: length,
        make: { random, _ in
          let series = make(length + 1, &random).map { Float(($0 - unit.mean) / unit.deviation) }
          var sample = Sample(
            Array(series.dropLast()), length: length, values: Array(series.dropFirst()))
          sample.weights = (0..<length).map { $0 < settling ? 0 : 1 }[...]
          return sample
        },
        feedback: [0],
        rules: [
          .constant, .persistence(feature: 0),
          .autoregression(10, feature: 0, name: "AR(10)"),
        ],
        epochSequences: 1600)
      return GeneratedDataset(task, recipe, seed: seed)
    }
  }
}

/// Series that are worked out, in Float64.
enum ChaoticSeries {
  /// `count` values of the series of Mackey and Glass.
  @Sendable static func mackeyGlass(_ count: Int, using random: inout Random) -> [Double] {
    let delay = 170  // steps of 0.1
    var past = [Double](repeating: 0.9 + 0.6 * Double(random.uniform()), count: delay + 1)
    past.reserveCapacity(delay + 1 + 10 * (300 + count))
    func slope(_ x: Double, _ delayed: Double) -> Double {
      0.2 * delayed / (1 + pow(delayed, 10)) - 0.1 * x
    }
    let h = 0.1
    for _ in 0..<10 * (300 + count) {
      let now = past.count - 1
      let (x, old, next) = (past[now], past[now - delay], past[now - delay + 1])
      let middle = (old + next) / 2
      let k1 = slope(x, old)
      let k2 = slope(x + h / 2 * k1, middle)
      let k3 = slope(x + h / 2 * k2, middle)
      let k4 = slope(x + h * k3, next)
      past.append(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    }
    return (0..<count).map { past[delay + 10 * (300 + $0)] }
  }

  /// `count` values of a noisy mix of three sines.
  @Sendable static func sines(_ count: Int, using random: inout Random) -> [Double] {
    let waves = (0..<3).map { _ in
      (
        0.3 + 0.7 * Double(random.uniform()), 8 + 42 * Double(random.uniform()),
        2 * Double.pi * Double(random.uniform())
      )
    }
    return (0..<count).map { t in
      waves.reduce(0.1 * Double(random.normal())) { sum, wave in
        sum + wave.0 * sin(2 * Double.pi * Double(t) / wave.1 + wave.2)
      }
    }
  }

  /// `count` inputs u_t, and the y_{t+1} that follow.
  static func narma10(
    _ count: Int, using random: inout Random
  ) -> (u: [Double], y: [Double]) {
    while true {
      let u = (0..<count).map { _ in 0.5 * Double(random.uniform()) }
      var y = [Double](repeating: 0, count: count + 1)
      for t in 0..<count {
        let recent = (max(0, t - 9)...t).reduce(0) { $0 + y[$1] }
        y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * recent + 1.5 * (t < 9 ? 0 : u[t - 9]) * u[t] + 0.1
      }
      if y.allSatisfy({ 0...1 ~= $0 }) { return (u, Array(y.dropFirst())) }
    }
  }
}
