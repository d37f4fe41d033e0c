import Engine

extension SequenceDataset {
  /// Pen strokes of handwritten digits: 10,992 sequences of 8 points (x, y), each 0 to 100.
  ///
  /// A shuffle that never changes gives 7,494 sequences for training and 1,749 each for validation
  /// and test. This copy of the set does not say who wrote what, so no split keeps the writers
  /// apart. Coordinates are mapped to x / 50 − 1, so nothing is fitted to any split.
  ///
  /// Source: Alpaydin and Alimoglu, Pen-Based Recognition of Handwritten Digits, UCI 81.
  static func pendigits(
    points: [Float], digits: [Int32], batchSize: Int, seed: UInt64
  ) -> SequenceDataset {
    let sequences = LabelledSequences(
      values: points.map { $0 / 50 - 1 }, features: 2,
      lengths: Array(repeating: 8, count: digits.count), classes: digits)
    var random = Random.stream(.split, seed: 81)
    let order = random.permutation(of: digits.count)
    let held = digits.count * 1749 / 10_992
    let members = Members(
      train: Array(order.dropLast(2 * held)),
      validation: Array(order.suffix(2 * held).prefix(held)),
      test: Array(order.suffix(held)))
    let words = Words(
      noun: "pen stroke", kind: { "a '\($0)'" },
      step: { _, point in
        "(" + point.map { String(Int((($0 + 1) * 50).rounded())) }.joined(separator: ",") + ")"
      },
      probe: { $0.map(Double.init) })
    return SequenceDataset(
      name: Bundled.pendigits.rawValue,
      summary:
        "pen strokes of digits: \(grouped(digits.count)) sequences of 8 points (x, y), 10 classes; "
        + "one fixed shuffle gives \(grouped(members.train.count)) train, "
        + "\(grouped(held)) validation, \(grouped(held)) test; writers are in all of them",
      labels: (0..<10).map(String.init), sequences, members, words, batchSize: batchSize,
      seed: seed)
  }
}
