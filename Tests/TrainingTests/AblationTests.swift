import Data
import Engine
import Layers
import Testing

@testable import Training

@Suite struct AblationTests {
  private func entry(_ name: String, _ spec: any LayerSpec, _ inside: LayerEntry...) -> LayerEntry {
    LayerEntry(name: name, spec: spec, children: inside)
  }

  /// Two branches, one of them without weights, before the last layer.
  private func branched(_ data: FirstSymbol) throws -> Network {
    let model = ModelSpec([
      entry(
        "both", Parallel.Spec(), entry("gru", GRU.Spec(hiddenSize: 5)),
        entry("rnn", RNN.Spec(hiddenSize: 3)), entry("around", Identity.Spec())),
      entry("last", LastStep.Spec()), entry("out", Linear.Spec(outFeatures: data.classes)),
    ])
    return try Network(model, input: data.input, seed: 3)
  }

  @Test func withAllLayersItIsWhatAValidationFinds() throws {
    let data = LaggedStream()
    let recipe = TrainingRecipe.with { $0.carriesState = true }
    let trainer = try tinyTrainer(on: data, recipe: recipe)
    for _ in 0..<5 { _ = try trainer.trainStep() }
    let wanted = try #require(trainer.evaluate(.validation))
    var study = AblationStudy(
      trainer.network, data, recipe, without: ["gru"], weightsStep: 5)
    #expect(study.ablation.validation == nil && study.ablation.batches == 0)
    while study.addBatch() {}
    let found = try #require(study.ablation.validation)
    #expect(study.ablation.batches == 3 && study.ablation.wantedBatches == 3)
    #expect(found.whole.loss == wanted.loss && found.whole.metrics[0].value == wanted.metric)
    #expect(found.whole.metrics.map(\.metric) == [.bitsPerCharacter, .accuracy])
    #expect(found.without.loss != found.whole.loss)
  }

  @Test func aSilencedLayerIsOneThatPutsOutZeros() throws {
    let data = FirstSymbol()
    let network = try branched(data)
    let batch = data.batch(0, of: .validation)
    var study = AblationStudy(
      network, data, TrainingRecipe(), without: ["gru", "rnn", "around"], weightsStep: 0)
    study.begin(with: batch)
    // Then only the last layer's bias speaks.
    let bias = network.parameters[network.parameters.count - 1].parameter.value
    let scores = Tensor(
      (0..<batch.targets.count).flatMap { _ in bias.scalars }, [batch.targets.count, data.classes])
    let wanted = scores.softmaxCrossEntropy(batch.targets.classes, weights: nil).loss.scalar
    let found = try #require(study.ablation.example)
    #expect(abs(found.without.loss - Double(wanted)) < 1e-6)
    #expect(found.whole.loss != found.without.loss)
    var out = AblationStudy(network, data, TrainingRecipe(), without: ["out"], weightsStep: 0)
    out.begin(with: batch)
    let even = try #require(out.ablation.example?.without)
    #expect(abs(even.loss - 1.386294) < 1e-5)
  }

  @Test func branchesShareTheGradientOfTheirWeights() throws {
    let data = FirstSymbol()
    let network = try branched(data)
    var study = AblationStudy(network, data, TrainingRecipe(), without: ["rnn"], weightsStep: 0)
    _ = study.addBatch()
    let branches = try #require(study.ablation.branches.first)
    #expect(study.ablation.branches.count == 1 && branches.layer == "both")
    #expect(branches.names == ["gru", "rnn", "around"] && branches.shares[2] == 0)
    let tape = Tape()
    let batch = data.batch(0, of: .validation)
    var pass = Pass()
    let loss = network(tape.constant(batch.input), &pass)
      .softmaxCrossEntropy(batch.targets.classes, weights: nil).loss
    let gradients = tape.gradients(of: loss)
    func squares(_ layer: String) -> Double {
      network.parameters.filter { $0.name.hasPrefix(layer + ".") }
        .reduce(0) { $0 + (gradients[$1.parameter]?.sumOfSquares ?? 0) }
    }
    let (gru, rnn) = (squares("gru"), squares("rnn"))
    #expect(abs(branches.shares[0] - gru / (gru + rnn)) < 1e-9)
    #expect(abs(branches.shares[1] - rnn / (gru + rnn)) < 1e-9)
  }
}
