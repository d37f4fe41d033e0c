import Engine
import Synchronization

/// Which training examples stand together in each batch of an epoch: a pure function of the seed
/// and the epoch, remembered for the latest epoch because every step of it asks again.
///
/// In buckets, the shuffled examples are taken 16 batches at a time, each such share is sorted by
/// length, and the batches are shuffled once more: neighbours have similar lengths, so less of a
/// batch is padding, and every example still comes exactly once an epoch.
final class BatchOrder: Sendable {
  private let batching: Batching
  private let lengths: [Int]
  private let latest = Mutex<(epoch: Int, batches: [[Int]])?>(nil)

  /// Batches of that many examples that are sorted together.
  private static let share = 16

  /// Orders of examples with `lengths`.
  init(_ batching: Batching, lengths: [Int]) {
    self.batching = batching
    self.lengths = lengths
  }

  /// The examples of every batch of epoch `epoch`, from 0.
  func callAsFunction(_ epoch: Int) -> [[Int]] {
    latest.withLock { latest in
      if let latest, latest.epoch == epoch { return latest.batches }
      let batches = batches(of: epoch)
      latest = (epoch, batches)
      return batches
    }
  }

  private func batches(of epoch: Int) -> [[Int]] {
    var random = Random.stream(.shuffle, step: epoch, seed: batching.seed)
    let order = random.permutation(of: lengths.count)
    guard batching.isBucketed else { return order.cut(batching.size) }
    let (share, overflow) = batching.size.multipliedReportingOverflow(by: Self.share)
    let sorted = order.cut(overflow ? .max : share).flatMap { share in
      // The place in the share decides between equal lengths, so that the order is fixed.
      share.enumerated().sorted {
        (lengths[$0.element], $0.offset) < (lengths[$1.element], $1.offset)
      }.map(\.element)
    }
    let batches = sorted.cut(batching.size)
    return random.permutation(of: batches.count).map { batches[$0] }
  }
}

extension Array {
  /// Pieces of `size` elements, the rest last.
  func cut(_ size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: Swift.max(1, Swift.min(size, count))).map { start in
      Array(self[start..<start + Swift.min(size, count - start)])
    }
  }
}
