import Data
import Engine

/// The batch that a training step reads, sequence by sequence: what is data, what the loss counts, and
/// what is padding.
public struct BatchStrip: Sendable, Equatable {
  /// What a time step of a sequence is.
  public enum Part: Sendable, Equatable {
    /// Read, and the loss counts what is said of it, or of its whole sequence.
    case counted
    /// Read, but with weight 0 in the loss.
    case read
    /// Behind the end of the sequence.
    case padding
  }

  /// One sequence of the batch.
  public struct Sequence: Sendable, Equatable {
    /// The mean of the numbers of every time step, or its id; zeros where there is padding.
    public let values: [Float]
    /// What every time step is.
    public let parts: [Part]

    /// The number of time steps that are no padding.
    public var length: Int { parts.count { $0 != .padding } }
  }

  /// The number of the batch in the run, from 0.
  public let number: Int
  /// The sequences, in the order of the batch.
  public let sequences: [Sequence]
  /// The time steps of the longest sequence, T.
  public let time: Int
  /// Whether the values are ids.
  public let areIDs: Bool

  /// The batch number `number` of `dataset`, whose inputs are sequences.
  public init(_ number: Int, of dataset: any Dataset) {
    let batch = dataset.trainingBatch(at: number)
    let (count, time) = (batch.input.shape[0], batch.input.shape[1])
    let width = batch.input.count / max(1, count * time)
    let numbers = batch.input.scalars
    let isPerStep = batch.targets.count == count * time
    sequences = (0..<count).map { row in
      let length = batch.lengths?[row] ?? time
      return Sequence(
        values: (0..<time).map { t in
          let first = (row * time + t) * width
          return numbers[first..<first + width].reduce(0, +) / Float(width)
        },
        parts: (0..<time).map { t in
          guard t < length else { return .padding }
          let weight = batch.weights?[isPerStep ? row * time + t : row] ?? 1
          return weight > 0 ? .counted : .read
        })
    }
    self.number = number
    self.time = time
    areIDs = dataset.input.vocabulary != nil
  }

  /// The share of the time steps that are padding, 0 to 1.
  public var paddingShare: Double {
    let all = sequences.count * time
    guard all > 0 else { return 0 }
    return 1 - Double(sequences.reduce(0) { $0 + $1.length }) / Double(all)
  }
}
