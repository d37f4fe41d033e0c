import Engine
import Layers
import Testing

@testable import Training

/// Layers that are trained in their own ways.
@Suite struct GroupTests {
  private static let data = LaggedStream()

  /// A trainer whose layers are changed by `change` first.
  private func trainer(_ change: (inout ModelSpec) throws -> Void = { _ in }) throws -> Trainer {
    var model = ModelSpec([
      Embedding.Spec(embeddingDim: 4), GRU.Spec(hiddenSize: 6), Linear.Spec(outFeatures: 5),
    ])
    try change(&model)
    let network = try Network(model, input: Self.data.input, seed: 7)
    return try Trainer(
      network: network, dataset: Self.data, recipe: .with { $0.weightDecay = 0.01 }, seed: 7,
      clock: { 0 })
  }

  private func weights(_ trainer: Trainer, _ layer: String) -> [Float] {
    trainer.network.parameters.filter { $0.name.hasPrefix(layer + ".") }
      .flatMap { $0.parameter.value.scalars }
  }

  @Test func whatIsFrozenStaysAndStillShowsItsGradient() throws {
    let trainer = try trainer { $0.layers[1].training.isFrozen = true }
    let before = ["embedding", "gru", "linear"].map { weights(trainer, $0) }
    var report = try trainer.trainStep(detail: true)
    for _ in 0..<3 { report = try trainer.trainStep(detail: true) }
    #expect(weights(trainer, "gru") == before[1])
    #expect(weights(trainer, "embedding") != before[0] && weights(trainer, "linear") != before[2])
    let parameters = try #require(report.detail).parameters
    let gru = parameters.filter { $0.layer == "gru" }
    #expect(gru.allSatisfy { $0.isFrozen && $0.gradientNorm > 0 && $0.updateRatio == 0 })
    // The norm that is clipped is that of what moves.
    let others = parameters.filter { $0.layer != "gru" }
    let norm = others.reduce(0) { $0 + $1.gradientNorm * $1.gradientNorm }.squareRoot()
    #expect(others.allSatisfy { !$0.isFrozen } && abs(report.gradientNorm - norm) < 1e-9)
  }

  @Test func groupsThatSayNothingChangeNoBit() throws {
    let plain = try trainer()
    let said = try trainer { model in
      for index in model.layers.indices { model.layers[index].training.weightDecay = 0.01 }
    }
    for _ in 0..<4 { #expect(try plain.trainStep().loss == said.trainStep().loss) }
    #expect(bits(plain.network) == bits(said.network))
  }

  @Test func aRateOfNothingMovesNothing() throws {
    let trainer = try trainer { $0.layers[0].training.rateScale = 0 }
    let before = weights(trainer, "embedding")
    for _ in 0..<3 { _ = try trainer.trainStep() }
    #expect(weights(trainer, "embedding") == before)
  }

  @Test func aRestoredRunGoesOnInItsGroups() throws {
    let change = { (model: inout ModelSpec) in
      model.layers[0].training.isFrozen = true
      model.layers[1].training.rateScale = 0.5
    }
    let whole = try trainer(change)
    for _ in 0..<3 { _ = try whole.trainStep() }
    let checkpoint = whole.checkpoint()
    for _ in 0..<3 { _ = try whole.trainStep() }
    let again = try trainer(change)
    try again.restore(checkpoint)
    for _ in 0..<3 { _ = try again.trainStep() }
    #expect(bits(whole.network) == bits(again.network))
  }

  @Test func aMistypedSettingIsFoundAmongThoseOfTraining() {
    var entry = LayerEntry(name: "linear", spec: Linear.Spec(outFeatures: 2))
    let error = #expect(throws: ShapeError.self) { try entry.set("frozn", text: "true") }
    #expect(error?.description == "linear has no setting 'frozn'. Did you mean 'frozen'?")
  }

  @Test func whatGoesForALayerGoesForThoseInside() {
    var inner = LayerEntry(name: "inner", spec: Linear.Spec())
    (inner.training.rateScale, inner.training.weightDecay) = (0.5, 0.2)
    var outer = LayerEntry(
      name: "outer", spec: Sequential.Spec(),
      children: [inner, LayerEntry(name: "plain", spec: Linear.Spec())])
    (outer.training.rateScale, outer.training.weightDecay) = (0.1, 0.3)
    outer.training.isFrozen = true
    let trainings = ModelSpec([outer, LayerEntry(name: "last", spec: Linear.Spec())]).trainings
    #expect(trainings["inner"]?.rateScale == 0.05 && trainings["inner"]?.weightDecay == 0.2)
    #expect(trainings["plain"]?.weightDecay == 0.3 && trainings["plain"]?.isFrozen == true)
    #expect(trainings["last"] == LayerTraining())
  }

  @Test func aModelThatIsAllFrozenIsNotTrained() throws {
    #expect(throws: TrainingError.self) {
      try trainer { model in
        for index in model.layers.indices { model.layers[index].training.isFrozen = true }
      }
    }
  }
}
