import Engine

/// One example before it stands in a batch: the numbers of its time steps, and what is to be
/// predicted of it.
struct Sample: Sendable, Equatable {
  /// What is to be predicted: for every time step or for the whole, as the target says.
  enum Answer: Sendable, Equatable {
    /// Class numbers, one a row.
    case classes(ArraySlice<Int32>)
    /// Numbers as networks see them, or flags as 0 and 1: K of them a row.
    case values(ArraySlice<Float>)
  }

  /// Time steps, T; 1 for what is no sequence.
  var length: Int
  /// The numbers of step 0, then those of step 1 …: T · D of them.
  var input: ArraySlice<Float>
  /// The same for the further inputs.
  var named: [String: ArraySlice<Float>] = [:]
  /// What is to be predicted.
  var answer: Answer
  /// How much the prediction of every step counts; nil: all the same.
  var weights: ArraySlice<Float>?

  /// A sequence with one class.
  init(_ input: [Float], length: Int, class label: Int) {
    self.init(length: length, input: input[...], answer: .classes([Int32(label)]))
  }

  /// A sequence with a class for every step.
  init(_ input: [Float], classes: [Int]) {
    self.init(
      length: classes.count, input: input[...], answer: .classes(classes.map(Int32.init)[...]))
  }

  /// A sequence with numbers to predict, for every step or in all.
  init(_ input: [Float], length: Int, values: [Float]) {
    self.init(length: length, input: input[...], answer: .values(values[...]))
  }

  /// An example of these parts.
  init(
    length: Int, input: ArraySlice<Float>, answer: Answer, weights: ArraySlice<Float>? = nil
  ) {
    self.length = length
    self.input = input
    self.answer = answer
    self.weights = weights
  }
}

/// What the examples of a data set have in common, and how they are put side by side.
struct SampleForm: Sendable {
  /// The input.
  let input: Signature
  /// The further inputs, by name.
  var named: [String: Signature] = [:]
  /// What is to be predicted.
  let target: Target

  /// Samples side by side: shorter ones are padded with zeros, and padded steps weigh nothing.
  func batch(_ samples: [Sample]) -> Batch {
    let lengths = samples.map(\.length)
    let longest = lengths.max() ?? 0
    let isEven = !input.isSequence || lengths.allSatisfy { $0 == longest }
    return Batch(
      input: side(by: input, samples.map(\.input), longest),
      namedInputs: named.reduce(into: [:]) { inputs, further in
        let values = samples.map { $0.named[further.key] ?? [] }
        inputs[further.key] = side(by: further.value, values, longest)
      },
      targets: targets(samples, longest), weights: weights(samples, longest),
      lengths: isEven ? nil : lengths)
  }

  /// `[B, T, …]`, or `[B, …]` without time.
  private func side(
    by signature: Signature, _ values: [ArraySlice<Float>], _ longest: Int
  ) -> Tensor {
    let steps = signature.isSequence ? longest : 1
    let shape = Shape(
      [values.count] + (signature.isSequence ? [longest] : []) + signature.features)
    return Tensor(padded(values, to: steps * signature.width, with: 0), shape)
  }

  private func targets(_ samples: [Sample], _ longest: Int) -> Targets {
    let rows = target.isPerStep ? longest : 1
    if case .classes = target.kind {
      let classes = samples.map { sample -> ArraySlice<Int32> in
        if case .classes(let classes) = sample.answer { classes } else { [] }
      }
      return .classes(padded(classes, to: rows, with: 0))
    }
    let values = samples.map { sample -> ArraySlice<Float> in
      if case .values(let values) = sample.answer { values } else { [] }
    }
    return .values(
      Tensor(
        padded(values, to: rows * target.width, with: 0), [samples.count * rows, target.width]))
  }

  /// The weight of every row of the targets; nil: all 1.
  private func weights(_ samples: [Sample], _ longest: Int) -> [Float]? {
    let rows = target.isPerStep ? longest : 1
    let weights = samples.map { sample in
      sample.weights ?? Array(repeating: 1, count: target.isPerStep ? sample.length : 1)[...]
    }
    let all = padded(weights, to: rows, with: 0)
    return all.allSatisfy { $0 == 1 } ? nil : all
  }

  private func padded<Number>(
    _ rows: [ArraySlice<Number>], to count: Int, with padding: Number
  ) -> [Number] {
    var all: [Number] = []
    all.reserveCapacity(rows.count * count)
    for row in rows {
      all += row
      all += repeatElement(padding, count: count - row.count)
    }
    return all
  }
}

extension Signature {
  /// The numbers of one time step, or of an example without time; 1 for an id.
  var width: Int { features.reduce(1, *) }
}
