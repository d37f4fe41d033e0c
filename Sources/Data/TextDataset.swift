import Engine

/// A text, to predict each next character of.
///
/// The text is split in its order: the last 5 % are the test part, the 5 % before them the
/// validation part (at most 500,000 characters each), all before is for training. Training reads
/// B streams of equal length side by side, T characters a step; the state goes on from step to step
/// and starts anew with every epoch, and with every document where the text has several.
public struct TextDataset: Dataset {
  /// The name of the set, or the path of the text as the session has it.
  public let name: String
  /// How long the text is and how it is split.
  public let summary: String
  /// The characters of the text.
  public let vocabulary: Vocabulary
  /// The next character, at every step.
  public let target: Target
  private let ids: [UInt16]
  private let parts: Parts
  private let training: TextStreams
  private let window: Int
  private let documents: Documents
  private let counted = Once<[Baseline]>()

  /// Characters of an example.
  static let exampleLength = 200

  /// The targets of each split.
  struct Parts: Sendable, Equatable {
    let train, validation, test: Range<Int>

    /// The split of a text of `count` characters.
    init(count: Int) {
      let held = min(count / 20, 500_000)
      train = 1..<count - 2 * held  // the first character has none before it
      validation = count - 2 * held..<count - held
      test = count - held..<count
    }

    subscript(split: Split) -> Range<Int> {
      switch split {
      case .train: train
      case .validation: validation
      case .test: test
      }
    }
  }

  /// `source`, read in `batchSize` streams of windows of `sequenceLength` characters.
  init(
    name: String, title: String, _ source: TextSource, batchSize: Int, sequenceLength: Int,
    documents: Documents = .one
  ) throws(DataError) {
    let parts = Parts(count: source.ids.count)
    try Self.check(parts.train.count, batchSize, sequenceLength)
    self.name = name
    self.parts = parts
    vocabulary = source.vocabulary
    ids = source.ids
    window = sequenceLength
    self.documents = documents
    training = TextStreams(
      equal: batchSize, of: parts.train, window: sequenceLength, documents: documents)
    target = Target(labels: vocabulary.labels, isPerStep: true, metric: .bitsPerCharacter)
    summary =
      "\(title): \(grouped(ids.count)) characters, \(grouped(vocabulary.count)) different; first "
      + "\(grouped(parts.train.upperBound)) train, next \(grouped(parts.validation.count)) "
      + "validation, last \(grouped(parts.test.count)) test"
      + (documents.count > 1
        ? "; \(grouped(documents.count)) documents, the state starts anew with each" : "")
  }

  /// Throws unless `targets` characters fill a step of B streams of T characters.
  private static func check(_ targets: Int, _ batch: Int, _ time: Int) throws(DataError) {
    let (needed, overflow) = batch.multipliedReportingOverflow(by: time)
    if !overflow && needed <= targets { return }
    let wanted = overflow ? "more characters than any text has" : "\(grouped(needed)) characters"
    let cures =
      ["a longer text"]
      + (time <= targets ? ["a batch size of at most \(grouped(targets / time))"] : [])
      + (batch <= targets ? ["a sequence length of at most \(grouped(targets / batch))"] : [])
    let last = cures.count > 1 ? " or " + cures[cures.count - 1] : ""
    let first = cures.count > 1 ? cures.dropLast() : cures[...]
    throw DataError(
      "A training step of \(grouped(batch)) × \(grouped(time)) needs \(wanted), got "
        + "\(grouped(targets)) in the training part. Use \(first.joined(separator: ", "))\(last).")
  }

  /// Ids of characters, `[B, T]`.
  public var input: Signature { .ids(below: vocabulary.count) }

  /// B streams of T characters.
  public var batchShape: Shape { [training.count, window] }

  /// Windows of T characters in a training stream.
  public var stepsPerEpoch: Int { training.windows }

  /// Window `step` modulo the windows of an epoch, of every stream.
  public func trainingBatch(at step: Int) -> Batch {
    training.batch(step % stepsPerEpoch, of: ids)
  }

  /// Windows in the streams that cover a part.
  public func batchCount(of split: Split) -> Int { evaluation(of: split).windows }

  /// Window `index` of the streams that cover a part; a last one may be shorter.
  public func batch(_ index: Int, of split: Split) -> Batch {
    evaluation(of: split).batch(index, of: ids)
  }

  private func evaluation(of split: Split) -> TextStreams {
    TextStreams(covering: parts[split], window: window, documents: documents)
  }

  /// Runs of 200 characters in a part, the last one perhaps shorter.
  public func exampleCount(of split: Split) -> Int {
    (parts[split].count + Self.exampleLength - 1) / Self.exampleLength
  }

  /// Run `index` of a part, read from the initial state; its steps are what is read.
  public func example(_ index: Int, of split: Split) -> Example {
    let part = parts[split]
    let start = part.lowerBound + index * Self.exampleLength
    let targets = start..<min(start + Self.exampleLength, part.upperBound)
    let inputs = targets.map { ids[$0 - 1] }
    return Example(
      title: "\(place(of: start, in: part)) of the \(split.rawValue) text",
      batch: Batch(
        input: Tensor(inputs.map(Float.init), [1, inputs.count]),
        targets: ids[targets].map(Int32.init)),
      steps: inputs.map { symbol(of: Int($0)) },
      begins: Set(documents.starts.filter { targets.dropFirst().contains($0) }.map { $0 - start }))
  }

  /// Texts, or the lines of a file, each from the initial state, to predict each next character of.
  public func read(_ material: Material) throws(DataError) -> NewSequences {
    let form = SampleForm(input: input, target: target)
    return try CharacterReader(vocabulary: vocabulary, column: nil, form: form).read(material)
  }

  /// The character, or a sign for one that cannot be seen.
  public func symbol(of id: Int) -> String { Vocabulary.sign(vocabulary.characters[id]) }

  /// The line of a position in its part, from 1; in a text without lines, its number.
  private func place(of position: Int, in part: Range<Int>) -> String {
    guard let lineBreak = vocabulary.id(of: "\n").map(UInt16.init) else {
      return "character \(grouped(position - part.lowerBound + 1))"
    }
    let before = ids[part.lowerBound..<position].reduce(0) { $0 + ($1 == lineBreak ? 1 : 0) }
    return "line \(grouped(before + 1))"
  }

  /// Bits per character on a part of counting the characters of the training part,
  /// alone and after the 1, 2 and 3 characters before them: see `ContextCounts`.
  ///
  /// Of a longer training part only the last 5,000,000 characters are counted.
  public func baselines(on split: Split) -> [Baseline] {
    counted(split) {
      let start = max(0, parts.train.upperBound - 5_000_000)
      let counts = ContextCounts(
        ids[start..<parts.train.upperBound], classes: vocabulary.count, order: 3)
      let bits = counts.bits(of: ids[parts[split]])
      return zip(["unigram counts", "order-1 counts", "order-2 counts", "order-3 counts"], bits)
        .map { Baseline(name: $0, value: $1) }
    }
  }
}
