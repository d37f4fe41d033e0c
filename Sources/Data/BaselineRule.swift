/// A simple method: what it is fitted to and how it predicts. Networks are compared with it.
struct BaselineRule: Sendable {
  /// What the method reaches on samples that are held out, after it was fitted to the training samples.
  let measure: @Sendable (_ train: [Sample], _ held: [Sample], _ form: SampleForm) -> [Baseline]

  /// A number that is known beforehand.
  static func known(_ name: String, _ value: Double) -> BaselineRule {
    BaselineRule { _, _, _ in [Baseline(name: name, value: value)] }
  }

  /// Always the same: the most frequent class, or the mean.
  static let constant = BaselineRule { train, held, form in
    let yardstick = Yardstick(target: form.target)
    switch form.target.kind {
    case .classes(let labels):
      let known = train.flatMap(\.countedClasses)
      var shares = [Double](repeating: 0, count: labels.count)
      for label in known { shares[label] += 1 / Double(max(1, known.count)) }
      let value = yardstick.score(ofShares: shares, held.flatMap(\.countedClasses))
      return value.map { [Baseline(name: "most frequent class", value: $0)] } ?? []
    case .values, .flags, .points:
      let width = form.target.width
      let rows = train.flatMap { $0.countedValues(width) }
      let mean = (0..<width).map { column in
        rows.reduce(0) { $0 + $1[column] } / Double(max(1, rows.count))
      }
      let truth = held.flatMap { $0.countedValues(width) }
      let value = yardstick.score(truth.map { _ in mean }, truth)
      return value.map { [Baseline(name: "mean of training", value: $0)] } ?? []
    }
  }

  /// The most features that a linear classifier is fitted to: its work grows with their square.
  private static let mostFeatures = 1024

  /// A linear classifier over what `features` says of a sample: a row for every row of its targets. None
  /// where it says more than can be looked through in passing.
  static func linearProbe(
    _ features: @escaping @Sendable (Sample) -> [[Double]]
  ) -> BaselineRule {
    BaselineRule { train, held, form in
      let width = train.first.flatMap { features($0).first?.count } ?? 0
      guard width <= mostFeatures else { return [] }
      let train = thinned(train)
      let probe = LinearProbe(
        train.flatMap { $0.counted(features($0)) }, train.flatMap(\.countedClasses),
        count: form.target.width)
      let guesses = held.flatMap { $0.counted(features($0)) }.map(probe.predict)
      let value = Yardstick(target: form.target).score(
        guesses, held.flatMap(\.countedClasses))
      return value.map { [Baseline(name: "linear probe", value: $0)] } ?? []
    }
  }

  /// The number of the same row of the input: what is true now stays true. Input and target are
  /// scaled alike.
  static func persistence(feature: Int) -> BaselineRule {
    BaselineRule { _, held, form in
      let guesses = held.flatMap { sample in
        sample.counted(
          sample.rows(form.input.width).map {
            Array(repeating: Double($0[$0.startIndex + feature]), count: form.target.width)
          })
      }
      return Self.score("persistence", guesses, held, form)
    }
  }

  /// The number a `period` before the one to come: what was a year ago, or a cycle. None where a
  /// target that counts has less than a period before it in its sample.
  static func seasonal(_ period: Int, feature: Int) -> BaselineRule {
    BaselineRule { _, held, form in
      let guesses = held.flatMap { sample in
        let series = sample.rows(form.input.width).map { Double($0[$0.startIndex + feature]) }
        return sample.counted(
          series.indices.map { $0 + 1 < period ? [.nan] : [series[$0 + 1 - period]] })
      }
      guard !guesses.contains(where: { $0[0].isNaN }) else { return [] }
      return Self.score("\(period) steps ago", guesses, held, form)
    }
  }

  /// All numbers of the same row of the input, as they are: the last frame again.
  static let copyOfInput = BaselineRule { _, held, form in
    let guesses = held.flatMap { sample in
      sample.counted(sample.rows(form.input.width).map { $0.map(Double.init) })
    }
    return Self.score("copy of the last frame", guesses, held, form)
  }

  /// A linear map of the last `order` values of an input: AR(p) when the target is that input to
  /// come, else a finite impulse response. It is fitted where all those values are known; before the
  /// first value of a sequence stands that value.
  static func autoregression(_ order: Int, feature: Int, name: String) -> BaselineRule {
    BaselineRule { train, held, form in
      func lags(_ samples: [Sample]) -> [[Double]] {
        samples.flatMap { sample in
          let series = sample.rows(form.input.width).map { Double($0[$0.startIndex + feature]) }
          return sample.counted(
            series.indices.map { t in (0..<order).map { series[max(0, t - $0)] } })
        }
      }
      let width = form.target.width
      let train = thinned(train).map { $0.counted(from: order) }
      let map = RidgeRegression(
        lags(train), train.flatMap { $0.countedValues(width) }, penalty: 1e-6)
      return Self.score(name, lags(held).map { map($0) }, held, form)
    }
  }

  /// Every k-th of many samples, so that linear maps are fitted to about 20,000 rows at most.
  private static func thinned(_ samples: [Sample]) -> [Sample] {
    let rows = samples.reduce(0) { sum, sample in
      if case .classes(let classes) = sample.answer {
        sum + classes.count
      } else {
        sum + sample.length
      }
    }
    let step = max(1, rows / 20_000)
    return stride(from: 0, to: samples.count, by: step).map { samples[$0] }
  }

  private static func score(
    _ name: String, _ guesses: [[Double]], _ held: [Sample], _ form: SampleForm
  ) -> [Baseline] {
    let truth = held.flatMap { $0.countedValues(form.target.width) }
    let value = Yardstick(target: form.target).score(guesses, truth)
    return value.map { [Baseline(name: name, value: $0)] } ?? []
  }
}

extension Sample {
  /// The input, step by step.
  func rows(_ width: Int) -> [ArraySlice<Float>] {
    (0..<length).map { input.dropFirst($0 * width).prefix(width) }
  }

  /// Of `rows`, one a row of the targets, those that count.
  func counted<Row>(_ rows: [Row]) -> [Row] {
    guard let weights else { return rows }
    return zip(rows, weights).filter { $1 > 0 }.map { $0.0 }
  }

  /// The sample with targets that count from step `first` on, counted from 1, if it has that many.
  func counted(from first: Int) -> Sample {
    guard length > first else { return self }
    var sample = self
    let known = weights.map { Array($0) } ?? Array(repeating: 1, count: length)
    sample.weights = (0..<length).map { $0 + 1 < first ? 0 : known[$0] }[...]
    return sample
  }

  /// The classes that count; none for numbers.
  var countedClasses: [Int] {
    guard case .classes(let classes) = answer else { return [] }
    return counted(classes.map(Int.init))
  }

  /// The rows of `width` numbers that count; none for classes.
  func countedValues(_ width: Int) -> [[Double]] {
    guard case .values(let values) = answer else { return [] }
    return counted(
      Array(values).cut(width).map { $0.map(Double.init) })
  }
}
