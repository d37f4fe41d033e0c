import Engine

/// What a data set turned out to be: how much there is, how it is divided, what is in it, and how far
/// simple methods get.
public struct DataReport: Sendable {
  /// One split.
  public struct Part: Sendable, Equatable {
    /// Which.
    public let split: Split
    /// Sequences that are looked at one by one; windows, where a series is cut.
    public let sequences: Int
    /// Valid time steps of its batches.
    public let steps: Int
    /// The shortest, the mean and the longest sequence of a batch, in time steps.
    public let shortest: Int
    /// Their mean.
    public let mean: Double
    /// The longest.
    public let longest: Int
    /// How often each class is a target that counts; empty for numbers.
    public let classes: [Int]
    /// Targets that count.
    public let targets: Int
  }

  /// How its columns were understood; empty for what is no table.
  public let columns: [DataColumn]
  /// How the file was read where that is not plain: decimal commas, missing numbers, a file for the test.
  public let notes: [String]
  /// The splits in their order.
  public let parts: [Part]
  /// The least, the mean and the greatest number of the training inputs; nil for ids.
  public let inputs: DataColumn.Range?
  /// The share of an epoch's time steps that are padding; nil without time.
  public let padding: Double?
  /// What simple methods reach.
  public let baselines: [Baseline]

  /// Looks through all batches of `dataset`.
  public init(of dataset: any Dataset) {
    columns = (dataset as? SequenceDataset)?.columns ?? []
    notes = (dataset as? SequenceDataset)?.notes ?? []
    parts = Split.allCases.map { Self.part($0, of: dataset) }
    inputs = dataset.input.vocabulary == nil ? Self.range(of: dataset) : nil
    padding = dataset.paddingShare
    baselines = dataset.baselines()
  }

  private static func part(_ split: Split, of dataset: any Dataset) -> Part {
    var lengths: [Int] = []
    var classes = [Int](repeating: 0, count: dataset.target.width)
    var targets = 0
    var hasClasses = false
    for index in 0..<dataset.batchCount(of: split) {
      let batch = dataset.batch(index, of: split)
      let time = dataset.input.isSequence ? batch.input.shape[1] : 1
      lengths += batch.lengths ?? Array(repeating: time, count: batch.input.shape[0])
      targets += batch.weights?.count { $0 > 0 } ?? batch.targets.count
      if case .classes(let labels) = batch.targets {
        hasClasses = true
        for (row, label) in labels.enumerated() where batch.weights?[row] ?? 1 > 0 {
          classes[Int(label)] += 1
        }
      }
    }
    let steps = lengths.reduce(0, +)
    return Part(
      split: split, sequences: lengths.count, steps: steps,
      shortest: lengths.min() ?? 0, mean: Double(steps) / Double(max(1, lengths.count)),
      longest: lengths.max() ?? 0, classes: hasClasses ? classes : [], targets: targets)
  }

  private static func range(of dataset: any Dataset) -> DataColumn.Range? {
    var (least, greatest, sum, count) = (Double.infinity, -Double.infinity, 0.0, 0)
    for index in 0..<dataset.batchCount(of: .train) {
      let batch = dataset.batch(index, of: .train)
      let width = batch.input.count / max(1, batch.input.shape[0])
      let step = dataset.input.features.reduce(1, *)
      for (row, values) in batch.input.scalars.cut(width).enumerated() {
        for value in values.prefix((batch.lengths?[row] ?? width / step) * step) {
          (least, greatest) = (min(least, Double(value)), max(greatest, Double(value)))
          sum += Double(value)
          count += 1
        }
      }
    }
    return count > 0
      ? DataColumn.Range(least: least, mean: sum / Double(count), greatest: greatest) : nil
  }
}

extension Dataset {
  /// The share of the time steps of the first epoch's batches that are padding; nil without time.
  public var paddingShare: Double? {
    guard input.isSequence else { return nil }
    var (valid, all) = (0, 0)
    for step in 0..<stepsPerEpoch {
      let batch = trainingBatch(at: step)
      valid += batch.tokens
      all += batch.input.shape[0] * batch.input.shape[1]
    }
    return all > 0 ? 1 - Double(valid) / Double(all) : 0
  }
}

/// How much of training batches is padding, one way and the other.
public struct PaddingShares: Sendable, Equatable {
  /// The share of the time steps of a batch that are padding, with sequences as they come, and with
  /// those of similar length together; 0 to 1.
  public let plain, inBuckets: Double
  /// Whether batches are made of sequences of similar length.
  public let isBucketed: Bool

  /// The shares `plain` and `inBuckets`, the latter of which is what `isBucketed` batches have.
  public init(plain: Double, inBuckets: Double, isBucketed: Bool) {
    self.plain = plain
    self.inBuckets = inBuckets
    self.isBucketed = isBucketed
  }
}
