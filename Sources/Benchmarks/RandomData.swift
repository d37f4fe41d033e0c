import Data
import Engine

/// What random data look like; the numbers are drawn when a workload runs.
struct RandomData: Sendable {
  /// What the network reads.
  let input: Signature
  /// Examples in a batch.
  let batch: Int
  /// Time steps of each.
  let time: Int
  /// What is to be predicted.
  let target: Target

  init(_ input: Signature, batch: Int, time: Int, _ target: Target) {
    self.input = input
    self.batch = batch
    self.time = time
    self.target = target
  }

  /// A batch: ids or numbers from U(−1, 1), and for each target a class, or flags that are 0 or 1.
  func makeBatch() -> Batch {
    var random = Random.stream(.generation, seed: 1)
    let shape = input.shape(batch: batch, time: time)
    let numbers: Tensor =
      if let vocabulary = input.vocabulary {
        Tensor(draw(shape.count, below: vocabulary, &random).map(Float.init), shape)
      } else {
        .uniform(-1...1, shape, using: &random)
      }
    let rows = target.isPerStep ? batch * time : batch
    if case .classes = target.kind {
      return Batch(
        input: numbers, targets: draw(rows, below: target.width, &random).map(Int32.init))
    }
    let flags = draw(rows * target.width, below: 2, &random).map(Float.init)
    return Batch(input: numbers, targets: .values(Tensor(flags, [rows, target.width])))
  }

  private func draw(_ count: Int, below bound: Int, _ random: inout Random) -> [Int] {
    (0..<count).map { _ in Int.random(in: 0..<bound, using: &random) }
  }
}

/// One batch of random data, again and again: nothing to learn, only work to do.
struct RandomDataset: Dataset {
  let name = "random"
  let summary = "random numbers"
  let input: Signature
  let target: Target
  let stepsPerEpoch = 1_000_000
  private let only: Batch

  init(_ data: RandomData) {
    input = data.input
    target = data.target
    only = data.makeBatch()
  }

  func trainingBatch(at step: Int) -> Batch { only }
  func batchCount(of split: Split) -> Int { 1 }
  func batch(_ index: Int, of split: Split) -> Batch { only }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example {
    Example(title: name, batch: only, steps: [])
  }
  func baselines(on split: Split) -> [Baseline] { [] }
}
