import Data
import Engine
import Layers

/// The data of a recipe before any network has seen them: what there is of each split, how long its
/// sequences are, how its columns were understood.
public struct DataPreview: Sendable {
  /// Sequences of about the same length.
  public struct LengthBin: Sendable, Equatable {
    /// From which length to which, in time steps.
    public let lengths: ClosedRange<Int>
    /// How many sequences of the training split are as long.
    public let count: Int
  }

  /// What the data are, in a line.
  public let summary: String
  /// The splits, the columns, the simple methods.
  public let report: DataReport
  /// The names of the classes; empty for numbers.
  public let labels: [String]
  /// How long the sequences of the training split are, from short to long; empty without time.
  public let lengths: [LengthBin]

  /// The most bins of lengths.
  static let mostBins = 12

  /// Looks through all batches of `dataset`.
  public init(of dataset: any Dataset) {
    summary = dataset.summary
    report = DataReport(of: dataset)
    labels = report.parts.contains { !$0.classes.isEmpty } ? dataset.target.labels : []
    lengths = dataset.input.isSequence ? Self.bins(Self.lengths(of: dataset)) : []
  }

  private static func lengths(of dataset: any Dataset) -> [Int] {
    (0..<dataset.batchCount(of: .train)).flatMap { index -> [Int] in
      let batch = dataset.batch(index, of: .train)
      return batch.lengths
        ?? Array(repeating: batch.input.shape[1], count: batch.input.shape[0])
    }
  }

  /// `lengths` in at most `mostBins` bins of equal width.
  static func bins(_ lengths: [Int]) -> [LengthBin] {
    guard let low = lengths.min(), let high = lengths.max() else { return [] }
    let width = (high - low) / mostBins + 1
    return stride(from: low, through: high, by: width).map { first in
      let bin = first...min(first + width - 1, high)
      return LengthBin(lengths: bin, count: lengths.count { bin.contains($0) })
    }
  }
}

/// One example of the data as it is read, with what is to be said of it.
public struct DataSample: Sendable {
  /// The split that it is of.
  public let split: Split
  /// Its number in the split, and how many there are.
  public let index, count: Int
  /// What it is: `validation utterance 3`.
  public let title: String
  /// What each time step reads as.
  public let steps: [String]
  /// The numbers.
  public let input: LayerOutput
  /// What is to be said of the whole example; nil where steps have targets of their own.
  public let wanted: Wanted?
  /// The targets that count.
  public let targets: Int

  /// What is to be said of an example.
  public enum Wanted: Sendable, Equatable {
    /// A class.
    case label(String)
    /// What is so, of all that may be.
    case flags([String])
    /// Numbers in their own units, in the order of the target's.
    case values([Double])
  }

  /// Example `number` of `split`, counted round and round; nil when the split has none.
  public init?(_ number: Int, of split: Split, in dataset: any Dataset) {
    let count = dataset.exampleCount(of: split)
    guard count > 0 else { return nil }
    let index = ((number % count) + count) % count
    let example = dataset.example(index, of: split)
    let data = dataset.input
    self.split = split
    (self.index, self.count) = (index, count)
    (title, steps) = (example.title, example.steps)
    input = LayerOutput(
      example.batch.input, path: nil, name: NamedInput.main, kind: "data",
      steps: data.isSequence ? example.batch.tokens : nil, isIDs: data.vocabulary != nil)
    wanted = dataset.target.isPerStep ? nil : Self.wanted(example.batch.targets, dataset.target)
    targets = example.batch.weights?.count { $0 > 0 } ?? example.batch.tokens
  }

  private static func wanted(_ targets: Targets, _ target: Target) -> Wanted? {
    switch (targets, target.kind) {
    case (.classes(let classes), _):
      return classes.first.flatMap {
        target.labels.indices.contains(Int($0)) ? .label(target.labels[Int($0)]) : nil
      }
    case (.values(let values), .values(let quantities)):
      return .values(zip(quantities, values.scalars).map { $0.inUnit($1) })
    case (.values(let flags), _):
      return .flags(zip(target.labels, flags.scalars).filter { $1 > 0.5 }.map(\.0))
    }
  }
}
