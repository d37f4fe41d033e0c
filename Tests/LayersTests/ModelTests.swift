import Engine
import Layers
import TestSupport
import Testing

@Suite struct ModelTests {
  private let model = ModelSpec([
    Embedding.Spec(embeddingDim: 5), LSTM.Spec(hiddenSize: 6), GRU.Spec(hiddenSize: 4),
    Dropout.Spec(p: 0.25), LSTM.Spec(hiddenSize: 3), Linear.Spec(outFeatures: 7),
  ])

  private func reason(_ model: ModelSpec, _ input: Signature) -> String {
    do {
      return "\(try model.output(for: input))"
    } catch {
      return error.description
    }
  }

  @Test func layersAreNamedAfterTheirKindsAndTheSecondGetsANumber() {
    #expect(model.layers.map(\.name) == ["embedding", "lstm", "gru", "dropout", "lstm2", "linear"])
    #expect(model.freeName(for: LSTM.Spec()) == "lstm3")
  }

  @Test func shapesFlowThroughTheModel() {
    let rows = model.rows(for: .ids(below: 7))
    #expect(
      rows.map { $0.output.map { "\($0)" } ?? "?" } == [
        "[B, T, 5]", "[B, T, 6]", "[B, T, 4]", "[B, T, 4]", "[B, T, 3]", "[B, T, 7]",
      ])
    #expect(rows.map(\.parameterCount) == [35, 4 * 6 * 13, 3 * 4 * 12, 0, 4 * 3 * 9, 28])
    #expect(reason(model, .ids(below: 7)) == "[B, T, 7]")
  }

  @Test func theFirstLayerThatDoesNotFitIsNamedAndTheRestIsUnknown() {
    let model = ModelSpec([LastStep.Spec(), LSTM.Spec(), Linear.Spec()] as [any LayerSpec])
    let rows = model.rows(for: .sequence(3))
    #expect(rows[0].output == .vector(3) && rows[1].input == .vector(3))
    let sentence =
      "lstm needs input [batch, time, features], got [B, 3]. Keep the time axis: take out what "
      + "removes it, such as last_step. An image has none: put columns_as_steps in place of flatten."
    #expect(rows[1].error?.description == sentence)
    #expect(rows[2].input == nil && rows[2].error == nil)
    #expect(
      reason(model, .sequence(3)) == "Layer 'lstm': " + sentence)
    #expect(
      reason(ModelSpec(), .sequence(3)) == "The model needs at least one layer, got none. Add one.")
  }

  @Test func twoLayersCannotHaveOneName() {
    let entry = LayerEntry(name: "cell", spec: GRU.Spec())
    #expect(
      reason(ModelSpec([entry, entry]), .sequence(3))
        == "Two layers are called 'cell'. Give one of them another name.")
  }

  @Test func theGradientOfTheWholeNetworkIsRight() throws {
    let network = try Network(model, input: .ids(below: 7), seed: 1)
    let ids = drawnIDs([3, 4], below: 7, seed: 2)
    let targets = drawnIDs([12], below: 7, seed: 3).scalars.map { Int32($0) }
    let parameters = network.parameters.map(\.parameter)
    let worst = GradientCheck.worstError(inputs: [.ones([1])], parameters: parameters) { inputs in
      var pass = Pass()
      pass.isTraining = true
      let logits = network(inputs[0].tape?.constant(ids) ?? ids, &pass)
      return [logits.softmaxCrossEntropy(targets).loss * 12]
    }
    #expect(worst < 1e-3)
  }

  @Test func everyRecurrentLayerCarriesItsOwnState() throws {
    let network = try Network(model, input: .ids(below: 7), seed: 1)
    let ids = drawnIDs([3, 8], below: 7, seed: 2)
    var whole = Pass()
    let expected = network(ids, &whole)
    #expect(whole.states.keys.sorted() == ["gru", "lstm", "lstm2"])

    var pass = Pass()
    _ = network(ids.steps(0..<5), &pass)
    expectSameBits(network(ids.steps(5..<8), &pass), expected.steps(5..<8))
    for name in whole.states.keys.sorted() {
      for (found, expected) in zip(pass.states[name] ?? [], whole.states[name] ?? []) {
        expectSameBits(found, expected, name)
      }
    }
  }

  @Test func signalsAndProbesCarryTheirLayersNameInTheOrderOfTheLayers() throws {
    let network = try Network(model, input: .ids(below: 7), seed: 1)
    let tape = Tape()
    var pass = Pass()
    pass.recordsSignals = true
    pass.probesGradients = true
    let output = network(tape.constant(drawnIDs([3, 4], below: 7, seed: 2)), &pass)
    #expect(pass.probes.map(\.layer) == ["lstm", "gru", "lstm2"])
    #expect(pass.probes.allSatisfy { $0.probe.squares == nil })
    _ = tape.gradients(of: weightedLoss([output]))
    #expect(pass.probes.allSatisfy { $0.probe.squares?.shape == [3, 4] })
    #expect(
      pass.recorded.map(\.fullName) == [
        "lstm.i", "lstm.f", "lstm.g", "lstm.o", "lstm.c", "lstm.h", "gru.r", "gru.z", "gru.n",
        "gru.h", "lstm2.i", "lstm2.f", "lstm2.g", "lstm2.o", "lstm2.c", "lstm2.h",
      ])
  }

  @Test func aDropoutThatRoundsToOneStillLeavesFiniteNumbers() throws {
    var spec = Dropout.Spec()
    try spec.set("p", text: "0.9999999999")
    var pass = Pass()
    pass.isTraining = true
    let output = Dropout(spec)(.ones([64, 64]), &pass)
    #expect(output.isFinite && output.sumOfSquares == 0)
  }

  @Test func dropoutDropsOnlyWhileTrainingAndDifferentlyEveryStepAndPlace() throws {
    let model = ModelSpec([Dropout.Spec(p: 0.5), Dropout.Spec(p: 0.5)] as [any LayerSpec])
    let network = try Network(model, input: .sequence(16), seed: 1)
    func masks(_ step: Int, training: Bool = true, seed: UInt64 = 1) -> [Float] {
      var pass = Pass()
      pass.isTraining = training
      pass.step = step
      pass.seed = seed
      return network(.ones([3, 7, 16]), &pass).scalars
    }
    #expect(masks(1, training: false).allSatisfy { $0 == 1 })
    #expect(masks(1) == masks(1) && masks(1) != masks(2) && masks(1) != masks(1, seed: 2))
    #expect(Set(masks(1)) == [0, 4])
    // Two layers with one mask between them would keep half.
    #expect((40...130).contains(masks(1).count { $0 != 0 }))
  }

  @Test func editingOneLayerLeavesTheOthersWeightsAlone() throws {
    var edited = model
    edited.layers[2].spec = GRU.Spec(hiddenSize: 9)
    let before = try Network(model, input: .ids(below: 7), seed: 1).snapshot()
    let after = try Network(edited, input: .ids(below: 7), seed: 1).snapshot()
    for (old, new) in zip(before, after)
    where old.name.hasPrefix("embedding") || old.name.hasPrefix("lstm.") {
      expectSameBits(new.value, old.value, old.name)
    }
  }
}
