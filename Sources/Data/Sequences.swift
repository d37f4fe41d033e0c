import Engine

/// Examples one after another in long arrays, with what is to be predicted of them.
///
/// An example is a range of time steps, so that windows of one series may overlap.
struct Sequences: Sendable {
  /// What is to be predicted: of every time step or of every example, as the target says.
  enum Answers: Sendable {
    /// Class numbers.
    case classes([Int32])
    /// Rows of K numbers.
    case values([Float])
  }

  /// What the examples have in common.
  let form: SampleForm
  /// The numbers of every time step, D each.
  private(set) var values: [Float]
  /// The time steps of each example.
  let places: [Range<Int>]
  /// What is to be predicted.
  private(set) var answers: Answers
  /// How much the prediction of every time step counts; nil: all the same.
  var weights: [Float]?
  /// Of each example, the time steps whose predictions count; nil: all.
  var counted: [Range<Int>]?
  /// What predicted changes are counted from; nil where numbers themselves are predicted.
  var levels: SeriesLevels?

  /// Examples at `places`.
  init(_ form: SampleForm, values: [Float], places: [Range<Int>], answers: Answers) {
    let width = form.input.width
    precondition(
      places.allSatisfy { $0.upperBound * width <= values.count }, "Every step has its numbers.")
    self.form = form
    self.values = values
    self.places = places
    self.answers = answers
  }

  /// Examples with `lengths` time steps each, end to end.
  init(_ form: SampleForm, values: [Float], lengths: [Int], answers: Answers) {
    var end = 0
    let places = lengths.map { length in
      defer { end += length }
      return end..<end + length
    }
    precondition(values.count == end * form.input.width, "Every step has its numbers.")
    self.init(form, values: values, places: places, answers: answers)
  }

  /// The number of examples.
  var count: Int { places.count }

  /// The numbers of a time step, D.
  var width: Int { form.input.width }

  /// The time steps of example `index`.
  func length(_ index: Int) -> Int { places[index].count }

  /// The numbers of example `index`, step by step.
  func sequence(_ index: Int) -> ArraySlice<Float> {
    values[places[index].lowerBound * width..<places[index].upperBound * width]
  }

  /// The class of example `index`, of sets with one class an example.
  func label(_ index: Int) -> Int {
    if case .classes(let classes) = answers { Int(classes[index]) } else { 0 }
  }

  /// Example `index` as it goes into a batch.
  func sample(_ index: Int) -> Sample {
    let place = places[index]
    let rows = form.target.isPerStep ? place : index..<index + 1
    let answer: Sample.Answer =
      switch answers {
      case .classes(let classes): .classes(classes[rows])
      case .values(let values):
        .values(
          values[rows.lowerBound * form.target.width..<rows.upperBound * form.target.width])
      }
    return Sample(
      length: place.count, input: sequence(index), answer: answer, weights: weights(index))
  }

  private func weights(_ index: Int) -> ArraySlice<Float>? {
    guard weights != nil || counted != nil else { return nil }
    let place = form.target.isPerStep ? places[index] : index..<index + 1
    let counted = form.target.isPerStep ? counted?[index] ?? place : place
    return place.map { counted.contains($0) ? weights?[$0] ?? 1 : 0 }[...]
  }

  /// Shifts and scales every feature so that over the time steps of `sample` it has mean 0 and
  /// deviation 1; a feature that never changes there is only shifted. Returns how.
  @discardableResult
  mutating func standardize(by sample: [Int]) -> [Scale] {
    var steps = [Bool](repeating: false, count: values.count / max(1, width))
    for index in sample { for step in places[index] { steps[step] = true } }
    return (0..<width).map { feature in
      let scale = Scale(
        steps.indices.filter { steps[$0] }.map { Double(values[$0 * width + feature]) })
      for place in stride(from: feature, to: values.count, by: width) {
        values[place] = scale.apply(Double(values[place]))
      }
      return scale
    }
  }

  /// The shortest and the longest length, in words: `7 to 29`.
  var lengthRange: String {
    let lengths = places.map(\.count)
    let (low, high) = (lengths.min() ?? 0, lengths.max() ?? 0)
    return low == high ? grouped(low) : "\(grouped(low)) to \(grouped(high))"
  }
}

/// A shift and a scale that give some numbers mean 0 and deviation 1.
struct Scale: Sendable, Equatable {
  /// What becomes 0.
  let mean: Double
  /// What is 1 away from it; above 0.
  let deviation: Double

  /// Leaves numbers as they are.
  static let none = Scale(mean: 0, deviation: 1)

  /// This shift and scale.
  init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// For `numbers`; where they differ by no more than rounding, they are only shifted.
  ///
  /// Sums of squares are about the mean so far (Welford 1962): of large numbers that differ little, a
  /// difference of the sums would be rounding alone.
  init(_ numbers: some Sequence<Double>) {
    var (mean, squares, count, largest) = (0.0, 0.0, 0.0, 0.0)
    for number in numbers {
      count += 1
      let step = number - mean
      mean += step / count
      squares += step * (number - mean)
      largest = max(largest, abs(number))
    }
    let deviation = (squares / max(1, count)).squareRoot()
    self.mean = mean
    self.deviation = deviation > 1e-13 * largest ? deviation : 1
  }

  /// `number` shifted and scaled.
  func apply(_ number: Double) -> Float { Float((number - mean) / deviation) }
}
