import Engine

/// One of the two given parts of a set of sequences of different lengths.
struct GivenPart: Sendable {
  /// The features of every time step, one sequence after another.
  let values: [Float]
  /// The time steps of each sequence.
  let lengths: [Int]
  /// The class of each sequence.
  let classes: [Int32]
}

extension Bundled {
  /// Two Japanese vowels as nine men spoke them, to tell who did: 640 sequences of 12 cepstrum
  /// coefficients, 7 to 29 time steps long.
  ///
  /// The given test part of 370 is kept; a shuffle that never changes takes 4 of each speaker's 30
  /// in the given training part for validation: fewer, drawn without regard to the speaker, would
  /// miss some. Every coefficient has mean 0 and deviation 1 over the remaining 234.
  ///
  /// Source: Kudo, Toyama and Shimbo 1999, Japanese Vowels, UCI 128.
  static let japaneseVowels: Bundled = .init(
    "japanese-vowels", "vowels of 9 speakers", settings: [.bucket]
  ) { recipe, seed throws(DataError) in
    func part(_ part: String) throws(DataError) -> GivenPart {
      GivenPart(
        values: try array("japanese-vowels/x_\(part).npy").floats(),
        lengths: try classes("japanese-vowels/len_\(part).npy").map(Int.init),
        classes: try classes("japanese-vowels/y_\(part).npy"))
    }
    return SequenceDataset.japaneseVowels(
      train: try part("train"), test: try part("test"), Batching(recipe, seed: seed))
  }
}

extension SequenceDataset {
  /// The utterances of the two given parts.
  static func japaneseVowels(
    train: GivenPart, test: GivenPart, _ batching: Batching
  ) -> SequenceDataset {
    let count = train.classes.count
    let form = SampleForm(
      input: .sequence(12),
      target: Target(labels: (1...9).map(String.init), isPerStep: false, metric: .accuracy))
    var sequences = Sequences(
      form, values: train.values + test.values, lengths: train.lengths + test.lengths,
      answers: .classes(train.classes + test.classes))
    var random = Random.stream(.split, seed: 128)
    let (kept, held) = holdOut(4, of: random.permutation(of: count), classes: train.classes)
    let members = Members(
      train: kept, validation: held, test: Array(count..<sequences.count))
    let scales = sequences.standardize(by: members.train)
    var dataset = SequenceDataset(
      name: Bundled.japaneseVowels.name,
      summary:
        "vowels of 9 speakers: \(grouped(sequences.count)) sequences of 12 cepstrum coefficients, "
        + "\(sequences.lengthRange) steps long; of the given \(count), one fixed shuffle leaves "
        + "\(kept.count) train, \(held.count) validation (4 of each); "
        + "the given \(members.test.count) test",
      sequences, members,
      Words(noun: "utterance", kind: { "by speaker \($0)" }, step: { t, _ in String(t) }), batching,
      [.constant, .linearProbe { [ends(of: $0)] }])
    let reader = ArrayReader(
      scales: scales, means: scales.map { Float($0.mean) }, form: form, isEndToEnd: true)
    dataset.reader = { material throws(DataError) in try reader.read(material) }
    return dataset
  }

  /// Takes the first `share` of every class out of `order`.
  private static func holdOut(
    _ share: Int, of order: [Int], classes: [Int32]
  ) -> (kept: [Int], held: [Int]) {
    var taken: [Int32: Int] = [:]
    var (kept, held): ([Int], [Int]) = ([], [])
    for index in order {
      if taken[classes[index], default: 0] < share {
        taken[classes[index], default: 0] += 1
        held.append(index)
      } else {
        kept.append(index)
      }
    }
    return (kept, held)
  }

  /// The first, the mean and the last time step of an utterance, for the linear probe.
  private static func ends(of sample: Sample) -> [Double] {
    let frames = sample.rows(12).map { $0.map(Double.init) }
    let mean = (0..<12).map { feature in
      frames.reduce(0) { $0 + $1[feature] } / Double(max(1, frames.count))
    }
    return (frames.first ?? []) + mean + (frames.last ?? [])
  }
}
