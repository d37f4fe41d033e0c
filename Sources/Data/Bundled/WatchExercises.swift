import Engine

extension Bundled {
  /// Which of seven shoulder exercises somebody does, by a watch at the wrist: acceleration and
  /// turning along three axes.
  ///
  /// The 140 series of 50 samples a second are averaged by twos and cut into windows of `length`, 100
  /// by default, that is 4 seconds; what is left of a series is dropped. The ten people are divided:
  /// 1 to 6 train, 7 and 8 validate, 9 and 10 test, so that a model is measured on people that it has
  /// never seen. Each axis has mean 0 and deviation 1 over the training windows.
  ///
  /// Source: Burns et al., arXiv:1802.01489.
  static let watchExercises: Bundled = .init(
    "watch-exercises", "exercises felt by a watch", settings: [.length]
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(100, atLeast: 10, atMost: 470)
    let lengths = try classes("watch-exercises/len.npy").map(Int.init)
    let series = WatchSeries(
      values: try array("watch-exercises/x.npy").floats(), lengths: lengths,
      exercises: try classes("watch-exercises/y.npy"),
      people: try classes("watch-exercises/subject.npy"))
    return SequenceDataset.watchExercises(series, length: length, Batching(recipe, seed: seed))
  }
}

/// What the watch recorded.
struct WatchSeries: Sendable {
  /// Six numbers a sample, all series end to end.
  let values: [Float]
  /// Samples of each series.
  let lengths: [Int]
  /// What was done in each series.
  let exercises: [Int32]
  /// Who did it, from 1.
  let people: [Int32]
}

extension SequenceDataset {
  /// Windows of `length` steps out of `series`.
  static func watchExercises(
    _ series: WatchSeries, length: Int, _ batching: Batching
  ) -> SequenceDataset {
    let halved: @Sendable ([Float]) -> [Float] = { samples in
      stride(from: 0, to: samples.count, by: 12).flatMap { first in
        (first..<first + 6).map { (samples[$0] + samples[$0 + 6]) / 2 }
      }
    }
    var values: [Float] = []
    var classes: [Int32] = []
    var people: [Int32] = []
    var start = 0
    for (index, samples) in series.lengths.enumerated() {
      for window in 0..<samples / 2 / length {
        let first = (start + 2 * window * length) * 6
        values += halved(Array(series.values[first..<first + 12 * length]))
        classes.append(series.exercises[index])
        people.append(series.people[index])
      }
      start += samples
    }
    let form = SampleForm(
      input: .sequence(6),
      target: Target(
        labels: [
          "pendulum", "abduction", "forward elevation", "internal rotation", "external rotation",
          "trapezius extension", "upright row",
        ], isPerStep: false, metric: .accuracy))
    var sequences = Sequences(
      form, values: values, lengths: Array(repeating: length, count: classes.count),
      answers: .classes(classes))
    func windows(of range: ClosedRange<Int32>) -> [Int] {
      people.indices.filter { range.contains(people[$0]) }
    }
    let members = Members(
      train: windows(of: 1...6), validation: windows(of: 7...8), test: windows(of: 9...10))
    let scales = sequences.standardize(by: members.train)
    var dataset = SequenceDataset(
      name: Bundled.watchExercises.name,
      summary:
        "exercises felt by a watch: \(grouped(sequences.count)) windows of \(grouped(length)) steps of "
        + "6 axes, 7 classes; \(members.counts), no person in two of them",
      sequences, members,
      Words(
        noun: "window",
        step: { _, axes in axes.map { shortText(Double($0)) }.joined(separator: " ") }),
      batching, [.constant, .summaryProbe])
    dataset.reads(
      ExampleReader.Input(
        name: "x", signature: form.input, axes: [2 * length, 6],
        seen: { samples in
          halved(samples).enumerated().map { scales[$0 % 6].apply(Double($1)) }
        }))
    return dataset
  }
}
