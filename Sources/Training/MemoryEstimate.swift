import Engine
import Formats
import Layers

/// The memory that training a model takes, known before anything is allocated.
public struct MemoryEstimate: Sendable, Equatable, CustomStringConvertible {
  /// Bytes of the weights.
  public let weights: Int
  /// Bytes of the gradients.
  public let gradients: Int
  /// Bytes of what the optimiser remembers.
  public let optimizer: Int
  /// Bytes of what the layers keep for the backward pass of one batch.
  public let activations: Int

  /// The memory for a model of these rows, with `batch` sequences of `time` steps in a batch.
  ///
  /// Sizes too large for any machine stay at the largest whole number.
  public init(
    _ rows: [ModelSpec.Row], batch: Int, time: Int, rule: OptimizerRule
  ) {
    let counts = rows.flatMap { row in row.parameters.map { $0.shape.dimensions.saturatedProduct } }
    weights = counts.saturatedSum.saturatedTimes(4)
    gradients = weights
    optimizer = weights.saturatedTimes(rule.slots.count)
    let perExample = rows.map { row in
      row.activations.saturatedTimes(row.steps(of: time))
    }
    activations = perExample.saturatedSum.saturatedTimes(batch).saturatedTimes(4)
  }

  /// Bytes that a training step takes.
  public var bytes: Int { [weights, gradients, optimizer, activations].saturatedSum }

  /// Bytes of the copies that saving a checkpoint makes: the tensors, their arrays, the file.
  public var checkpoint: Int { [weights, optimizer].saturatedSum.saturatedTimes(3) }

  /// Bytes that a run takes at its peak: a step, a checkpoint, the blocks that are larger than what
  /// they hold (an eighth of the activations, as measured), and the program itself.
  public var peak: Int { [bytes, checkpoint, activations / 8, Self.program].saturatedSum }

  /// Bytes of threads, events and whatever else is there beside the model.
  static let program = 64 << 20

  /// The memory of a training step, as people read it: `68 GB`.
  public var description: String { bytes.inBytes }

  /// Bytes that a run may take: what the system still has, and what the tensors of earlier runs
  /// hold, which never goes back to the system and is used again. Beside the threads that compute
  /// there are as many that queues keep, the run's and the screen's.
  static func available(
    system: Int? = AvailableMemory.bytes(threads: 2 * Workers.threads + 2),
    tensors: Int = Pool.statistics.bytes
  ) -> Int {
    guard let system else { return .max }
    return [system, tensors].saturatedSum
  }

  /// Throws the sentence for the user when there is less than this in `available` bytes; nil: in
  /// what a run may take now.
  public func check(available: Int? = nil) throws(TrainingError) {
    let available = available ?? Self.available()
    guard peak > available else { return }
    let parts =
      "weights \(weights.inBytes), gradients \(gradients.inBytes), "
      + "optimizer \(optimizer.inBytes), activations \(activations.inBytes), "
      + "checkpoints \(checkpoint.inBytes)"
    throw TrainingError(
      .memory,
      "This model needs about \(peak.inBytes) to train (\(parts)); \(available.inBytes) are free. "
        + "Lower hidden_size, batch_size or sequence_length.")
  }

  /// Throws unless there is memory for the weights and one forward pass; `owner` needs it.
  public func checkForward(owner: String) throws(FormatError) {
    try AvailableMemory.require([weights, activations].saturatedSum, for: owner)
  }
}

extension Int {
  fileprivate func saturatedTimes(_ factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }

  /// The number of bytes as people read it: `68 GB`, `1.4 MB`.
  fileprivate var inBytes: String {
    var (value, unit) = (Double(self), 0)
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    if unit == 0 || value >= 9.95 { return "\(Int(value.rounded())) \(units[unit])" }
    return "\((value * 10).rounded() / 10) \(units[unit])"
  }
}

extension [Int] {
  fileprivate var saturatedSum: Int {
    reduce(0) { sum, next in
      let (total, overflow) = sum.addingReportingOverflow(next)
      return overflow ? .max : total
    }
  }

  fileprivate var saturatedProduct: Int {
    contains(0) ? 0 : reduce(1) { $0.saturatedTimes($1) }
  }
}
