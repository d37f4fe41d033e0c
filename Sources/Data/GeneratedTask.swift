import Engine

/// A task whose examples are made up: what they are, and the pure function from random numbers to
/// an example.
struct GeneratedTask: Sendable {
  /// The name of the set.
  let name: String
  /// What is to be done, in a few words.
  let title: String
  /// What the examples have in common.
  let form: SampleForm
  /// The most time steps that an example has.
  let longest: Int
  /// Makes an example; the split matters only to sets that draw on bundled examples.
  let make: @Sendable (inout Random, Split) -> Sample
  /// What a time step reads as, from its numbers.
  var step: @Sendable (ArraySlice<Float>) -> String = { features in
    features.map { shortText(Double($0)) }.joined(separator: " ")
  }
  /// Which of the further inputs is the main one under another name; nil where none is.
  var mainInput: String?
  /// Where the target of a step stands in the input of the next; nil where it does not.
  var feedback: [Int]?
  /// Simple methods to compare with.
  var rules: [BaselineRule] = [.constant]
  /// Sequences in an epoch, when the recipe does not say.
  var epochSequences = 3200
}

/// Examples that are made when they are asked for.
///
/// Training example n, counted from the first step of training, is a function of (seed, n): by
/// default no epoch repeats one. Without `fresh`, every epoch has the same `epoch_sequences`, each
/// time in another order. Validation and test have 512 examples each, from streams of their own that
/// do not depend on the seed, so that all runs are measured on the same.
struct GeneratedDataset: Dataset {
  let task: GeneratedTask
  private let batching: Batching
  private let epochSequences: Int
  private let isFresh: Bool
  private let order: BatchOrder
  private let measured = Once<[Baseline]>()

  /// Examples of a split that is held out.
  static let held = 512

  /// Training examples that simple methods are fitted to.
  private static let fitted = 2048

  /// `task` in batches as `recipe` says.
  init(_ task: GeneratedTask, _ recipe: DataRecipe, seed: UInt64) {
    self.task = task
    epochSequences = recipe.epochSequences > 0 ? recipe.epochSequences : task.epochSequences
    isFresh = recipe.isFresh
    batching = Batching(size: min(recipe.batchSize, epochSequences), seed: seed)
    order = BatchOrder(batching, lengths: Array(repeating: 1, count: isFresh ? 0 : epochSequences))
  }

  var name: String { task.name }

  var summary: String {
    "\(task.title); \(grouped(epochSequences)) \(isFresh ? "new" : "fixed") training sequences an "
      + "epoch, \(Self.held) validation, \(Self.held) test"
  }

  var input: Signature { task.form.input }

  var namedInputs: [String: Signature] { task.form.named }

  var target: Target { task.form.target }

  var feedback: [Int]? { task.feedback }

  var batchShape: Shape { input.shape(batch: batching.size, time: task.longest) }

  var stepsPerEpoch: Int { batchCount(of: .train) }

  func trainingBatch(at step: Int) -> Batch {
    let (epoch, index) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    if !isFresh { return task.form.batch(order(epoch)[index].map { sample($0, .train) }) }
    return task.form.batch(
      numbers(index, epochSequences).map { sample(epoch * epochSequences + $0, .train) })
  }

  func batchCount(of split: Split) -> Int {
    (exampleCount(of: split) + batching.size - 1) / batching.size
  }

  func batch(_ index: Int, of split: Split) -> Batch {
    task.form.batch(numbers(index, exampleCount(of: split)).map { sample($0, split) })
  }

  private func numbers(_ index: Int, _ count: Int) -> Range<Int> {
    index * batching.size..<min((index + 1) * batching.size, count)
  }

  /// Example `number` of a split.
  func sample(_ number: Int, _ split: Split) -> Sample {
    var random = stream(number, split)
    return task.make(&random, split)
  }

  private func stream(_ number: Int, _ split: Split) -> Random {
    switch split {
    case .train: Random.stream(.generation, 0, step: number, seed: batching.seed)
    case .validation: Random.stream(.generation, 1, step: number, seed: 0)
    case .test: Random.stream(.generation, 2, step: number, seed: 0)
    }
  }

  func exampleCount(of split: Split) -> Int { split == .train ? epochSequences : Self.held }

  func example(_ index: Int, of split: Split) -> Example {
    let sample = sample(index, split)
    return Example(
      title: "\(split.rawValue) sequence \(index + 1)"
        + task.form.answer(of: sample, { "'\($0)'" }),
      batch: task.form.batch([sample]),
      steps: sample.rows(input.width).map(task.step))
  }

  func read(_ material: Material) throws(DataError) -> NewSequences {
    try task.reader.read(material)
  }

  func symbol(of id: Int) -> String { task.step([Float(id)]) }

  /// What the simple methods of the task reach on `split`, fitted to examples that no seed trains on.
  func baselines(on split: Split) -> [Baseline] {
    measured(split) {
      let train = (0..<Self.fitted).map { number in
        var random = Random.stream(.generation, 3, step: number, seed: 0)
        return task.make(&random, .train)
      }
      let held = (0..<Self.held).map { sample($0, split) }
      return task.rules.flatMap { $0.measure(train, held, task.form) }
    }
  }
}

extension DataRecipe {
  /// The length of generated sequences: the recipe's, or `usual`; at least `least`.
  func length(_ usual: Int, atLeast least: Int = 1, atMost most: Int = 65_536) throws(DataError)
    -> Int
  {
    try within(length == 0 ? usual : length, least, most, "a length")
  }

  /// The difficulty of generated sequences: the recipe's, or `usual`; at least `least`.
  func difficulty(_ usual: Int, atLeast least: Int = 1, atMost most: Int) throws(DataError) -> Int {
    try within(difficulty == 0 ? usual : difficulty, least, most, "a difficulty")
  }

  private func within(
    _ value: Int, _ least: Int, _ most: Int, _ noun: String
  ) throws(DataError) -> Int {
    guard least...most ~= value else {
      throw DataError("This data set needs \(noun) from \(least) to \(most), got \(value).")
    }
    return value
  }
}
