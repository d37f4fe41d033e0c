import Engine
import Formats

/// A fixed set of examples with a split: pen strokes, spoken vowels, windows of a table.
///
/// Every epoch sees the training examples in an order of its own, B at a time, the rest last; in
/// buckets, those of similar length together. Batches are padded with zeros to their longest
/// example.
struct SequenceDataset: Dataset {
  let name: String
  let summary: String
  let sequences: Sequences
  let members: Members
  /// How its columns were understood, of a set that was read from a table.
  var columns: [DataColumn] = []
  /// What is to be said of how its file was read.
  var notes: [String] = []
  /// Where the target of a step stands in the input of the next; nil where it does not.
  var feedback: [Int]?
  /// What reads new material as this set's own was read; nil where it has a form of its own.
  var reader: MaterialReader?
  /// What simple methods reach that know the numbers whose changes are predicted; none otherwise.
  var levels: @Sendable (Split) -> [Baseline] = { _ in [] }
  let words: Words
  private let batching: Batching
  private let order: BatchOrder
  private let rules: [BaselineRule]
  private let measured = Once<[Baseline]>()

  /// How examples are spoken of.
  struct Words: Sendable {
    /// One example, before its number: `pen stroke`.
    let noun: String
    /// What an example of a class is: `a '3'`.
    var kind: @Sendable (_ label: String) -> String = { SafeText.quoted($0) }
    /// What a time step reads as; its numbers unless somebody knows better.
    var step: @Sendable (_ t: Int, _ features: ArraySlice<Float>) -> String = { _, features in
      features.map { shortText(Double($0)) }.joined(separator: " ")
    }
  }

  /// `sequences` in batches, with `rules` as the simple methods to compare with.
  init(
    name: String, summary: String, _ sequences: Sequences, _ members: Members, _ words: Words,
    _ batching: Batching, _ rules: [BaselineRule]
  ) {
    self.name = name
    self.summary = summary
    self.sequences = sequences
    self.members = members
    self.words = words
    var batching = batching
    batching.size = min(batching.size, max(1, sequences.count))
    self.batching = batching
    self.rules = rules
    order = BatchOrder(batching, lengths: members.train.map(sequences.length))
  }

  var input: Signature { sequences.form.input }

  var target: Target { sequences.form.target }

  var batchShape: Shape {
    let longest = members.train.map(sequences.length).max() ?? 0
    return input.shape(batch: min(batching.size, members.train.count), time: longest)
  }

  var stepsPerEpoch: Int { batchCount(of: .train) }

  func trainingBatch(at step: Int) -> Batch {
    let (epoch, index) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    return batch(order(epoch)[index].map { members.train[$0] })
  }

  func batchCount(of split: Split) -> Int {
    (members[split].count + batching.size - 1) / batching.size
  }

  func batch(_ index: Int, of split: Split) -> Batch {
    let start = index * batching.size
    let end = min(start + batching.size, members[split].count)
    return batch(Array(members[split][start..<end]))
  }

  private func batch(_ chosen: [Int]) -> Batch {
    sequences.form.batch(chosen.map(sequences.sample))
  }

  func exampleCount(of split: Split) -> Int { members[split].count }

  func example(_ index: Int, of split: Split) -> Example {
    let chosen = members[split][index]
    let sample = sequences.sample(chosen)
    let width = sequences.width
    var example = Example(
      title: "\(split.rawValue) \(words.noun) \(index + 1)"
        + sequences.form.answer(of: sample, words.kind),
      batch: batch([chosen]),
      steps: (0..<sample.length).map { t in
        words.step(t, sample.input.dropFirst(t * width).prefix(width))
      })
    example.levels = sequences.levels?.of(sequences.places[chosen])
    return example
  }

  func read(_ material: Material) throws(DataError) -> NewSequences {
    guard let reader else { throw unreadable }
    return try reader(material)
  }

  func symbol(of id: Int) -> String { words.step(0, [Float(id)]) }

  /// What the simple methods of the set reach on `split`.
  func baselines(on split: Split) -> [Baseline] {
    measured(split) {
      let train = members.train.map(sequences.sample)
      let held = members[split].map(sequences.sample)
      return levels(split) + rules.flatMap { $0.measure(train, held, sequences.form) }
    }
  }
}
