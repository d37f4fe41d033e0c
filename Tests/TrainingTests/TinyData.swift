import Data
import Engine
import Layers

@testable import Training

/// Sequences of symbols whose class is their first symbol: whoever forgets it cannot tell.
struct FirstSymbol: Dataset {
  var name = "first symbol"
  var seed: UInt64 = 1
  var classes = 4
  var batchSize = 16
  var time = 8
  var stepsPerEpoch = 10
  /// Whether sequences end early, with padding behind.
  var varies = false
  /// A number that makes its way into a step's input, through a feature.
  var poison: (step: Int, value: Float)?

  var summary: String { "\(classes) symbols" }
  var input: Signature { .sequence(classes) }
  var target: Target {
    Target(labels: (0..<classes).map(String.init), isPerStep: false, metric: .accuracy)
  }

  func trainingBatch(at step: Int) -> Batch { batch(number: step) }
  func batchCount(of split: Split) -> Int { split == .test ? 1 : 2 }
  func batch(_ index: Int, of split: Split) -> Batch { batch(number: 1_000_000 + index) }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { fatalError("not looked at") }
  func baselines(on split: Split) -> [Baseline] { [] }
  var longestSequence: Int { time }

  private func batch(number: Int) -> Batch {
    var random = Random.stream(.test, step: number, seed: seed)
    var values = [Float](repeating: 0, count: batchSize * time * classes)
    var targets: [Int32] = []
    var lengths: [Int] = []
    for row in 0..<batchSize {
      let length = varies ? Int.random(in: 2...time, using: &random) : time
      for t in 0..<length {
        let symbol = Int.random(in: 0..<classes, using: &random)
        if t == 0 { targets.append(Int32(symbol)) }
        values[(row * time + t) * classes + symbol] = 1
      }
      lengths.append(length)
    }
    if let poison, poison.step == number { values[(3 * time + 2) * classes] = poison.value }
    return Batch(
      input: Tensor(values, [batchSize, time, classes]), targets: targets,
      lengths: varies ? lengths : nil)
  }
}

/// Endless streams in which every symbol is the one of `lag` steps before, plus one: within a window
/// shorter than that only carried state can know.
struct LaggedStream: Dataset {
  var seed: UInt64 = 1
  var symbols = 5
  var batchSize = 4
  var time = 3
  var lag = 4
  var stepsPerEpoch = 7
  var lastWeight: Float = 1
  /// The weight of all other steps.
  var otherWeight: Float = 1

  var name: String { "lagged stream" }
  var summary: String { "\(symbols) symbols" }
  var input: Signature { .ids(below: symbols) }
  var target: Target {
    Target(labels: (0..<symbols).map(String.init), isPerStep: true, metric: .bitsPerCharacter)
  }

  func trainingBatch(at step: Int) -> Batch {
    batch(epoch: step / stepsPerEpoch, window: step % stepsPerEpoch)
  }
  func batchCount(of split: Split) -> Int { split == .test ? 0 : 3 }
  func batch(_ index: Int, of split: Split) -> Batch { batch(epoch: 1_000_000, window: index) }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { fatalError("not looked at") }
  func baselines(on split: Split) -> [Baseline] { [] }
  var longestSequence: Int { time }

  private func batch(epoch: Int, window: Int) -> Batch {
    var inputs: [Float] = []
    var targets: [Int32] = []
    for row in 0..<batchSize {
      for t in window * time..<(window + 1) * time {
        inputs.append(Float(symbol(epoch, row, t)))
        targets.append(Int32(symbol(epoch, row, t + 1)))
      }
    }
    var weights = [Float](repeating: otherWeight, count: targets.count)
    weights[weights.count - 1] = lastWeight
    return Batch(
      input: Tensor(inputs, [batchSize, time]), targets: targets,
      weights: lastWeight == 1 && otherWeight == 1 ? nil : weights, continues: window > 0)
  }

  private func symbol(_ epoch: Int, _ row: Int, _ t: Int) -> Int {
    var random = Random.stream(.test, row * 16 + t % lag, step: epoch, seed: seed)
    return (Int.random(in: 0..<symbols, using: &random) + t / lag) % symbols
  }
}

/// A recurrent network for `dataset`, small enough to train in a blink.
func tinyNetwork(
  _ cell: String, for dataset: some Dataset, hidden: Int = 8, dropout: Double = 0, seed: UInt64 = 3
) throws -> Network {
  let recurrent: any LayerSpec =
    switch cell {
    case "rnn": RNN.Spec(hiddenSize: hidden)
    case "gru": GRU.Spec(hiddenSize: hidden)
    default: LSTM.Spec(hiddenSize: hidden)
    }
  var specs: [any LayerSpec] = [recurrent]
  if dataset.input.vocabulary != nil { specs.insert(Embedding.Spec(embeddingDim: 6), at: 0) }
  if dropout > 0 { specs.append(Dropout.Spec(p: dropout)) }
  if !dataset.target.isPerStep { specs.append(LastStep.Spec()) }
  specs.append(Linear.Spec(outFeatures: dataset.target.width))
  return try Network(ModelSpec(specs), input: dataset.input, seed: seed)
}

/// A trainer of a tiny network on a clock that stands still.
func tinyTrainer(
  _ cell: String = "gru", on dataset: some Dataset, recipe: TrainingRecipe = TrainingRecipe(),
  hidden: Int = 8, dropout: Double = 0, clock: @escaping @Sendable () -> Double = { 0 }
) throws -> Trainer {
  try Trainer(
    network: tinyNetwork(cell, for: dataset, hidden: hidden, dropout: dropout), dataset: dataset,
    recipe: recipe, seed: 7, clock: clock)
}

/// The bits of every weight.
func bits(_ network: Network) -> [UInt32] {
  network.parameters.flatMap { $0.parameter.value.scalars.map(\.bitPattern) }
}

extension TrainingRecipe {
  /// The defaults with some changes.
  static func with(_ change: (inout TrainingRecipe) -> Void) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    change(&recipe)
    return recipe
  }
}
