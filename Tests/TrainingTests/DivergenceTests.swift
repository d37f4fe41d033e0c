import Data
import Engine
import Layers
import Testing

@testable import Training

@Suite struct DivergenceTests {
  /// Trains until it fails; what it said, and the weights before and after the failing step.
  private func failure(
    _ trainer: Trainer, within steps: Int = 200
  ) throws -> (sentence: String, before: [UInt32], after: [UInt32]) {
    for _ in 0..<steps {
      let before = bits(trainer.network)
      do throws(TrainingError) {
        _ = try trainer.trainStep()
      } catch {
        #expect(error.kind == .diverged)
        return (error.description, before, bits(trainer.network))
      }
    }
    Issue.record("The loss stayed finite.")
    return ("", [], [])
  }

  @Test(arguments: [TrainingRecipe.Optimizer.sgd, .adam])
  func aHugeLearningRateIsFoundInTheStepAndLeavesFiniteWeights(
    rule: TrainingRecipe.Optimizer
  ) throws {
    let recipe = TrainingRecipe.with {
      $0.optimizer = rule
      $0.learningRate = 1e3
      $0.clipNorm = 0
    }
    // Without the bounds of tanh, a state grows by the same factor at every time step.
    let data = FirstSymbol(time: 16)
    let specs: [any LayerSpec] = [
      RNN.Spec(hiddenSize: 8, nonlinearity: .relu), LastStep.Spec(), Linear.Spec(outFeatures: 4),
    ]
    let network = try Network(ModelSpec(specs), input: data.input, seed: 1)
    let trainer = try Trainer(network: network, dataset: data, recipe: recipe, seed: 7)
    let (sentence, before, after) = try failure(trainer)
    #expect(before == after)
    #expect(trainer.isSound)
    #expect(sentence.contains(": first in layer 'rnn', signal h, time step "))
    #expect(
      sentence.hasSuffix(
        "Parameters were kept from step \(trainer.step). "
          + "Lower the learning rate or set clip_norm."))
  }

  @Test func anOverflowingScoreIsNamedWithItsPlace() throws {
    let trainer = try tinyTrainer("gru", on: LaggedStream())
    let bias = try #require(trainer.parameters.last?.parameter)
    let weight = trainer.parameters[trainer.parameters.count - 2].parameter
    _ = try trainer.trainStep()
    bias.assign(.filled(with: 3e38, bias.value.shape))
    weight.assign(.filled(with: 3e38, weight.value.shape))
    let (sentence, _, _) = try failure(trainer, within: 1)
    #expect(
      sentence
        == "Loss became NaN at step 2 (epoch 1): first in the output of layer 'linear', time step 0, sequence 0. "
        + "Parameters were kept from step 1. Lower the learning rate.")
  }

  @Test func theFirstLayerTimeStepAndSequenceAreNamed() throws {
    let data = LaggedStream()
    let ids = data.trainingBatch(at: 0).input  // [B, T]
    // The symbol that comes last into view overflows feature 0 of the first linear layer;
    // gate o of the layer after it would make 0 · ∞ of that.
    let order = (0..<3).flatMap { t in (0..<4).map { row in (t, row, Int(ids[row, t])) } }
    let first = (0..<5).compactMap { symbol in order.first { $0.2 == symbol } }
    let (t, row, symbol) = try #require(first.max { ($0.0, $0.1) < ($1.0, $1.1) })
    #expect(t > 0 || row > 0)

    let specs: [any LayerSpec] = [
      Embedding.Spec(embeddingDim: 6), Linear.Spec(outFeatures: 6), LSTM.Spec(hiddenSize: 8),
      Linear.Spec(outFeatures: 5),
    ]
    let network = try Network(ModelSpec(specs), input: data.input, seed: 1)
    let trainer = try Trainer(network: network, dataset: data, recipe: TrainingRecipe(), seed: 7)
    func set(_ index: Int, _ places: some Sequence<Int>, _ value: Float) {
      let parameter = trainer.parameters[index].parameter
      var values = parameter.value.scalars
      for place in places { values[place] = value }
      parameter.assign(Tensor(values, parameter.value.shape))
    }
    set(0, [symbol * 6], 1e30)  // embedding [5, 6]
    set(1, [0], 1e30)  // linear [6, 6]
    set(3, (24..<32).map { $0 * 6 }, 0)  // weight_ih [4 · 8, 6], gates i, f, g, o

    let (sentence, before, after) = try failure(trainer, within: 1)
    #expect(before == after)
    #expect(
      sentence
        == "Loss became NaN at step 1 (epoch 1): first in the output of layer 'linear', "
        + "time step \(t), sequence \(row). The initial parameters were kept. "
        + "Lower the learning rate.")
  }

  @Test(arguments: [Float.infinity, .nan])
  func dataThatAreNotFiniteAreBlamedThemselves(value: Float) throws {
    let data = FirstSymbol(poison: (1, value))
    let trainer = try tinyTrainer("lstm", on: data)
    _ = try trainer.trainStep()
    let (sentence, before, after) = try failure(trainer, within: 1)
    #expect(before == after)
    #expect(
      sentence
        == "The input of step 2 (epoch 1) is not finite: time step 2, sequence 3. "
        + "Repair the data. Parameters were kept from step 1.")
  }

  @Test func aWeightThatIsNaNIsNamed() throws {
    let trainer = try tinyTrainer("lstm", on: LaggedStream())
    _ = try trainer.trainStep()
    let broken = trainer.parameters[2]
    #expect(broken.parameter.name == "weight_hh_l0")
    var values = broken.parameter.value.scalars
    values[5] = .nan
    broken.parameter.assign(Tensor(values, broken.parameter.value.shape))
    let (sentence, _, _) = try failure(trainer, within: 1)
    #expect(
      sentence
        == "Loss became NaN at step 2 (epoch 1): layer 'lstm' has NaN in weight_hh_l0. "
        + "Go back to an earlier checkpoint.")
    #expect(!trainer.isSound)
  }

  @Test func aGradientThatIsTooLargeTakesNoStep() throws {
    let recipe = TrainingRecipe.with { $0.clipNorm = 0 }
    let trainer = try tinyTrainer("gru", on: FirstSymbol(), recipe: recipe)
    let linear = trainer.parameters[trainer.parameters.count - 2].parameter
    linear.assign(linear.value * 1e25)
    let (sentence, before, after) = try failure(trainer, within: 1)
    #expect(before == after)
    #expect(
      sentence
        == "The gradient grew beyond 1e18 at step 1 (epoch 1). The initial parameters were kept. "
        + "Lower the learning rate or set clip_norm.")
  }

  @Test func aBatchThatIsAllPaddingTeachesNothing() throws {
    let trainer = try tinyTrainer("gru", on: AllPadding())
    let before = bits(trainer.network)
    let report = try trainer.trainStep()
    #expect(report.loss == 0 && report.metric == 0 && report.gradientNorm == 0)
    #expect(bits(trainer.network) == before)
  }
}

/// Batches in which nothing counts.
private struct AllPadding: Dataset {
  let whole = FirstSymbol()
  var name: String { whole.name }
  var summary: String { whole.summary }
  var input: Signature { whole.input }
  var target: Target { whole.target }
  var stepsPerEpoch: Int { 1 }
  func trainingBatch(at step: Int) -> Batch {
    let batch = whole.trainingBatch(at: step)
    return Batch(
      input: batch.input, targets: batch.targets,
      weights: Array(repeating: 0, count: batch.targets.count))
  }
  func batchCount(of split: Split) -> Int { 0 }
  func batch(_ index: Int, of split: Split) -> Batch { trainingBatch(at: 0) }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { whole.example(index, of: split) }
  func baselines(on split: Split) -> [Baseline] { [] }
  var longestSequence: Int { whole.time }
}
