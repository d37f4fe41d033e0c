import Data
import Engine
import Formats
import Layers
import Training

/// A language model of a fixed size on random ids, whose training steps are timed.
struct BenchWorkload {
  let name: String
  let vocabulary, embedding, hidden, layers, batch, time: Int
  let cell: @Sendable (Int) -> any LayerSpec

  /// The language models that other libraries are compared on.
  static let all: [BenchWorkload] = [
    BenchWorkload("rnn-small", 64, 32, 64, 1, 16, 50) { RNN.Spec(hiddenSize: $0) },
    BenchWorkload("gru-small", 64, 32, 64, 1, 16, 50) { GRU.Spec(hiddenSize: $0) },
    BenchWorkload("lstm-char", 96, 64, 128, 2, 32, 64) { LSTM.Spec(hiddenSize: $0) },
    BenchWorkload("gru-char", 96, 64, 128, 2, 32, 64) { GRU.Spec(hiddenSize: $0) },
    BenchWorkload("lstm-large", 96, 256, 512, 1, 64, 64) { LSTM.Spec(hiddenSize: $0) },
  ]

  private init(
    _ name: String, _ vocabulary: Int, _ embedding: Int, _ hidden: Int, _ layers: Int,
    _ batch: Int, _ time: Int, _ cell: @escaping @Sendable (Int) -> any LayerSpec
  ) {
    self.name = name
    self.vocabulary = vocabulary
    self.embedding = embedding
    self.hidden = hidden
    self.layers = layers
    self.batch = batch
    self.time = time
    self.cell = cell
  }

  /// What the timing of a workload found.
  struct Result {
    let name: String
    let bestMilliseconds, medianMilliseconds, gigaflops: Double
    let allocationsPerStep: Double
    let steps: Int

    /// The result as one row of the table.
    var line: String {
      [
        name.padded(to: 13), bestMilliseconds.formatted(3).leftPadded(to: 9),
        medianMilliseconds.formatted(3).leftPadded(to: 10),
        gigaflops.formatted(3).leftPadded(to: 9),
        allocationsPerStep.formatted(2).leftPadded(to: 18),
      ].joined(separator: " ")
    }

    /// The result as JSON.
    var json: JSON {
      [
        "name": .string(name), "best_ms": .number(bestMilliseconds),
        "median_ms": .number(medianMilliseconds), "gflops": .number(gigaflops),
        "allocations_per_step": .number(allocationsPerStep), "steps": .integer(steps),
      ]
    }
  }

  /// Times steps for about `seconds`, after some that do not count.
  func measure(seconds: Double) throws -> Result {
    let cells = (0..<layers).map { _ in cell(hidden) }
    let model = ModelSpec(
      [Embedding.Spec(embeddingDim: embedding)] + cells + [Linear.Spec(outFeatures: vocabulary)])
    let dataset = RandomIDs(vocabulary: vocabulary, batch: batch, time: time)
    var recipe = TrainingRecipe()
    recipe.carriesState = false
    let network = try Network(model, input: dataset.input, seed: 1)
    let trainer = try Trainer(network: network, dataset: dataset, recipe: recipe, seed: 1)
    for _ in 0..<3 { _ = try trainer.trainStep(detail: false) }

    let clock = ContinuousClock()
    let before = Pool.statistics.systemAllocations
    let end = clock.now + .seconds(seconds)
    var times: [Double] = []
    repeat {
      let start = clock.now
      _ = try trainer.trainStep(detail: false)
      times.append((clock.now - start) / .milliseconds(1))
    } while clock.now < end || times.count < 5
    let allocations = Pool.statistics.systemAllocations - before
    times.sort()
    return Result(
      name: name, bestMilliseconds: times[0], medianMilliseconds: times[times.count / 2],
      gigaflops: operations(of: network) / times[0] / 1e6,
      allocationsPerStep: Double(allocations) / Double(times.count), steps: times.count)
  }

  /// Multiplications and additions of the products in a step: forward once, backward twice.
  private func operations(of network: Network) -> Double {
    let weights = network.parameters.filter { $0.parameter.value.shape.rank == 2 }.dropFirst()
    return 6 * Double(batch * time) * weights.reduce(0) { $0 + Double($1.parameter.value.count) }
  }
}

/// Random ids with random next ids: nothing to learn, only work to do.
private struct RandomIDs: Dataset {
  let name = "random ids"
  let summary = "random ids"
  let input: Signature
  let target: Target
  let stepsPerEpoch = 1_000_000
  private let only: Batch

  init(vocabulary: Int, batch: Int, time: Int) {
    input = .ids(below: vocabulary)
    target = Target(
      labels: (0..<vocabulary).map(String.init), isPerStep: true, metric: .bitsPerCharacter)
    var random = Random.stream(.test, seed: 1)
    let ids = (0..<batch * time).map { _ in Float(Int.random(in: 0..<vocabulary, using: &random)) }
    let next = ids.map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &random) }
    only = Batch(input: Tensor(ids, [batch, time]), targets: next)
  }

  func trainingBatch(at step: Int) -> Batch { only }
  func batchCount(of split: Split) -> Int { 1 }
  func batch(_ index: Int, of split: Split) -> Batch { only }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example {
    Example(title: "random ids", batch: only, steps: [])
  }
  func baselines() -> [Baseline] { [] }
}
