/// Sequences of features with a class each, one after another in one array.
struct LabelledSequences: Sendable {
  /// Features of one time step, D.
  let features: Int
  /// The features of every time step of every sequence.
  private(set) var values: [Float]
  /// Where each sequence begins, in time steps, and where the last one ends.
  let starts: [Int]
  /// The class of each sequence.
  let classes: [Int32]

  /// Sequences with `lengths` time steps each, their features in `values`.
  init(values: [Float], features: Int, lengths: [Int], classes: [Int32]) {
    precondition(lengths.count == classes.count, "Every sequence has a class.")
    precondition(values.count == lengths.reduce(0, +) * features, "Every step has its features.")
    self.values = values
    self.features = features
    self.classes = classes
    starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  /// The number of sequences.
  var count: Int { classes.count }

  /// The time steps of sequence `index`.
  func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }

  /// The features of sequence `index`, step by step.
  func sequence(_ index: Int) -> ArraySlice<Float> {
    values[starts[index] * features..<starts[index + 1] * features]
  }

  /// Shifts and scales every feature so that over the time steps of `sample` it has mean 0 and
  /// deviation 1; a feature that never changes there is only shifted.
  mutating func standardize(by sample: [Int]) {
    for feature in 0..<features {
      var (sum, squares, steps) = (0.0, 0.0, 0.0)
      for index in sample {
        for step in starts[index]..<starts[index + 1] {
          let value = Double(values[step * features + feature])
          (sum, squares, steps) = (sum + value, squares + value * value, steps + 1)
        }
      }
      let mean = sum / max(1, steps)
      let variance = squares / max(1, steps) - mean * mean
      let deviation = variance > 1e-12 ? variance.squareRoot() : 1
      for place in stride(from: feature, to: values.count, by: features) {
        values[place] = Float((Double(values[place]) - mean) / deviation)
      }
    }
  }
}
