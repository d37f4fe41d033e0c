import Engine

extension Bundled {
  /// Pen strokes of handwritten digits: 10,992 sequences of 8 points (x, y), each 0 to 100.
  ///
  /// A shuffle that never changes gives 7,494 sequences for training and 1,749 each for validation
  /// and test. This copy of the set does not say who wrote what, so no split keeps the writers
  /// apart. Coordinates are mapped to x / 50 − 1, so nothing is fitted to any split.
  ///
  /// Source: Alpaydin and Alimoglu, Pen-Based Recognition of Handwritten Digits, UCI 81.
  static let pendigits: Bundled = .init("pendigits", "pen strokes of digits") {
    recipe, seed throws(DataError) in
    SequenceDataset.pendigits(
      points: try array("pendigits/x.npy").floats(), digits: try classes("pendigits/y.npy"),
      Batching(recipe, seed: seed))
  }
}

extension SequenceDataset {
  /// The strokes through `points`, a digit each.
  static func pendigits(points: [Float], digits: [Int32], _ batching: Batching) -> SequenceDataset {
    let seen: @Sendable ([Float]) -> [Float] = { points in points.map { $0 / 50 - 1 } }
    let form = SampleForm(
      input: .sequence(2),
      target: Target(labels: (0..<10).map(String.init), isPerStep: false, metric: .accuracy))
    let sequences = Sequences(
      form, values: seen(points),
      lengths: Array(repeating: 8, count: digits.count), answers: .classes(digits))
    let held = digits.count * 1749 / 10_992
    let members = Members.shuffled(digits.count, held: held, key: 81)
    let words = Words(
      noun: "pen stroke", kind: { "a '\($0)'" },
      step: { _, point in
        "(" + point.map { String(Int((($0 + 1) * 50).rounded())) }.joined(separator: ",") + ")"
      })
    var dataset = SequenceDataset(
      name: Bundled.pendigits.name,
      summary:
        "pen strokes of digits: \(grouped(digits.count)) sequences of 8 points (x, y), 10 classes; "
        + "one fixed shuffle gives \(members.counts); writers are in all of them",
      sequences, members, words, batching,
      [.constant, .linearProbe { [$0.input.map(Double.init)] }])
    dataset.reads(
      ExampleReader.Input(
        name: "x", signature: form.input, axes: [8, 2], noun: "coordinates", range: 0...100,
        seen: seen))
    return dataset
  }
}
