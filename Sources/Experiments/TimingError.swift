import Data
import Engine
import Layers

/// How far, in time steps, spikes that a network fired are from those that were wanted.
///
///     missed = mean over wanted spikes of the distance to the nearest fired one
///     stray  = mean over fired spikes of the distance to the nearest wanted one
///     error  = (missed + stray) / 2
///
/// Both are needed: who fires always misses none, who never fires strays nowhere. A wanted spike of a
/// sequence without a fired one is missed by the whole length of it.
struct TimingError: Equatable {
  private var missed = 0.0, stray = 0.0
  private var wantedCount = 0, firedCount = 0

  /// The mean distance of a wanted spike to the nearest fired one, in steps; 0 if none was wanted.
  var meanMissed: Double { missed / Double(max(1, wantedCount)) }
  /// The mean distance of a fired spike to the nearest wanted one, in steps; 0 if none was fired.
  var meanStray: Double { stray / Double(max(1, firedCount)) }
  /// The mean of both.
  var mean: Double { (meanMissed + meanStray) / 2 }

  /// Adds a sequence of `length` steps, with spikes fired and wanted at these.
  mutating func add(fired: [Int], wanted: [Int], length: Int) {
    func distance(_ step: Int, to others: [Int]) -> Double {
      Double(others.map { abs($0 - step) }.min() ?? length)
    }
    missed += wanted.reduce(0) { $0 + distance($1, to: fired) }
    stray += fired.reduce(0) { $0 + distance($1, to: wanted) }
    wantedCount += wanted.count
    firedCount += fired.count
  }

  /// What `network` fires, class 1, on the split `split` of `dataset`, at the steps that count.
  init(of network: Network, on dataset: any Dataset, _ split: Split) {
    for index in 0..<dataset.batchCount(of: split) {
      let batch = dataset.batch(index, of: split)
      var pass = Pass()
      pass.lengths = batch.lengths
      let scores = network(batch.input, &pass).scalars
      let (count, time) = (batch.input.shape[0], batch.input.shape[1])
      for row in 0..<count {
        let counted = (0..<time).filter { batch.weights?[row * time + $0] ?? 1 > 0 }
        add(
          fired: counted.filter {
            scores[(row * time + $0) * 2 + 1] > scores[(row * time + $0) * 2]
          },
          wanted: counted.filter { batch.targets.classes[row * time + $0] == 1 }, length: time)
      }
    }
  }

  /// No sequence yet.
  init() {}
}
