extension BaselineRule {
  /// A linear classifier over the numbers of a row alone.
  static let rowProbe = linearProbe { sample in
    let width = sample.input.count / max(1, sample.length)
    return sample.rows(width).map { $0.map(Double.init) }
  }

  /// A linear classifier over the mean and the deviation of each feature of a sequence.
  static let summaryProbe = linearProbe { sample in
    let width = sample.input.count / max(1, sample.length)
    let scales = (0..<width).map { feature in
      Scale(sample.rows(width).map { Double($0[$0.startIndex + feature]) })
    }
    return [scales.map(\.mean) + scales.map(\.deviation)]
  }

  /// A linear classifier over how often each of `vocabulary` characters occurs; where all sequences
  /// are equally long and short, over which character stands at each place.
  static func characterProbe(_ vocabulary: Int) -> BaselineRule {
    BaselineRule { train, held, form in
      let length = train.first?.length ?? 0
      let isEven =
        (train + held).allSatisfy { $0.length == length } && length * vocabulary <= 1024
      let probe = linearProbe { sample in
        var features = [Double](repeating: 0, count: isEven ? length * vocabulary : vocabulary)
        for (place, id) in sample.input.enumerated() {
          features[(isEven ? place * vocabulary : 0) + Int(id)] += 1
        }
        return [features]
      }
      return probe.measure(train, held, form)
    }
  }
}
