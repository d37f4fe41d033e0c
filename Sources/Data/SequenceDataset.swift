import Engine

/// Sequences with a class each, to classify: pen strokes, spoken vowels.
///
/// Every epoch sees the training examples in an order of its own, B at a time, the rest last.
/// Batches are padded with zeros to their longest sequence.
struct SequenceDataset: Dataset {
  let name: String
  let summary: String
  let target: Target
  let batchShape: Shape
  private let sequences: LabelledSequences
  private let members: Members
  private let words: Words
  private let batchSize: Int
  private let order: EpochOrder
  private let measured = Once<[Baseline]>()

  /// Which sequences belong to each split.
  struct Members: Sendable, Equatable {
    let train, validation, test: [Int]

    subscript(split: Split) -> [Int] {
      switch split {
      case .train: train
      case .validation: validation
      case .test: test
      }
    }
  }

  /// How examples are spoken of.
  struct Words: Sendable {
    /// One example of a class, after its number: `pen stroke`.
    let noun: String
    /// What an example of a class is: `a '3'`.
    let kind: @Sendable (_ label: String) -> String
    /// What a time step reads as.
    let step: @Sendable (_ t: Int, _ features: ArraySlice<Float>) -> String
    /// What the linear probe looks at of a sequence.
    let probe: @Sendable (_ sequence: ArraySlice<Float>) -> [Double]
  }

  /// `sequences` in batches of `batchSize`, shuffled under `seed`.
  init(
    name: String, summary: String, labels: [String], _ sequences: LabelledSequences,
    _ members: Members, _ words: Words, batchSize: Int, seed: UInt64
  ) {
    self.name = name
    self.summary = summary
    self.sequences = sequences
    self.members = members
    self.words = words
    self.batchSize = min(batchSize, max(1, sequences.count))
    target = Target(labels: labels, isPerStep: false, metric: .accuracy)
    batchShape = [
      min(self.batchSize, members.train.count), members.train.map(sequences.length).max() ?? 0,
      sequences.features,
    ]
    order = EpochOrder(count: members.train.count, seed: seed)
  }

  var input: Signature { .sequence(sequences.features) }

  var stepsPerEpoch: Int { batchCount(of: .train) }

  func trainingBatch(at step: Int) -> Batch {
    let (epoch, index) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    return batch(order(epoch)[range(index, of: .train)].map { members.train[$0] })
  }

  func batchCount(of split: Split) -> Int {
    (members[split].count + batchSize - 1) / batchSize
  }

  func batch(_ index: Int, of split: Split) -> Batch {
    batch(Array(members[split][range(index, of: split)]))
  }

  private func range(_ index: Int, of split: Split) -> Range<Int> {
    index * batchSize..<min((index + 1) * batchSize, members[split].count)
  }

  /// `[B, T, D]` of some sequences, T the longest; with lengths unless all are T.
  private func batch(_ chosen: [Int]) -> Batch {
    let lengths = chosen.map(sequences.length)
    let (longest, width) = (lengths.max() ?? 0, sequences.features)
    var values: [Float] = []
    values.reserveCapacity(chosen.count * longest * width)
    for (index, length) in zip(chosen, lengths) {
      values += sequences.sequence(index)
      values += repeatElement(0, count: (longest - length) * width)
    }
    return Batch(
      input: Tensor(values, [chosen.count, longest, width]),
      targets: chosen.map { sequences.classes[$0] },
      lengths: lengths.allSatisfy { $0 == longest } ? nil : lengths)
  }

  func exampleCount(of split: Split) -> Int { members[split].count }

  func example(_ index: Int, of split: Split) -> Example {
    let chosen = members[split][index]
    let sequence = sequences.sequence(chosen)
    let kind = words.kind(target.labels[Int(sequences.classes[chosen])])
    return Example(
      title: "\(split.rawValue) \(words.noun) \(index + 1), \(kind)",
      batch: batch([chosen]),
      steps: (0..<sequences.length(chosen)).map { t in
        let start = sequence.startIndex + t * sequences.features
        return words.step(t, sequence[start..<start + sequences.features])
      })
  }

  /// The share of the most frequent class of the training part, and the accuracy of a linear probe
  /// (see `LinearProbe`), both on the validation part.
  func baselines() -> [Baseline] {
    measured {
      let (train, validation) = (members.train, members.validation)
      let classes = train.map { Int(sequences.classes[$0]) }
      let truth = validation.map { Int(sequences.classes[$0]) }
      let frequencies = (0..<target.width).map { label in classes.count { $0 == label } }
      let frequent = frequencies.firstIndex(of: frequencies.max() ?? 0)
      let probe = LinearProbe(
        train.map { words.probe(sequences.sequence($0)) }, classes, count: target.width)
      let right = zip(validation, truth).count {
        probe.predict(words.probe(sequences.sequence($0))) == $1
      }
      let total = Double(max(1, truth.count))
      return [
        Baseline(
          name: "most frequent class", value: Double(truth.count { $0 == frequent }) / total),
        Baseline(name: "linear probe", value: Double(right) / total),
      ]
    }
  }
}
