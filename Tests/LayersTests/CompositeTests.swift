import Engine
import Layers
import TestSupport
import Testing

@Suite struct CompositeTests {
  private func reason(_ model: ModelSpec, _ input: Signature) -> String {
    do {
      return "\(try model.output(for: input))"
    } catch { return error.description }
  }

  private func parallel(_ merge: Parallel.Merge, _ branches: LayerEntry...) -> ModelSpec {
    ModelSpec([LayerEntry(name: "p", spec: Parallel.Spec(merge), children: branches)])
  }

  // MARK: Against PyTorch: see Fixtures/layers/make_composites.py

  private func compare(
    _ name: String, _ model: ModelSpec, _ input: Signature, lengths: [Int]? = nil
  ) throws {
    let fixture = try Fixture("layers/composite_" + name)
    let network = try Network(model, input: input, seed: 0)
    for (name, parameter) in network.parameters { parameter.assign(try fixture(name)) }
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    pass.isTraining = true
    pass.lengths = lengths
    let output = network(x, &pass)
    #expect(output.shape == network.output.shape(batch: output.shape[0], time: x.shape[1]))
    #expect(pass.lengths == lengths)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-6, name)
    expectClose(gradients[x], try fixture("grad.x"), within: 4e-6, name + " x")
    for (key, parameter) in network.parameters {
      // The bias before a normalisation has a gradient of 0, give or take rounding.
      if key == "linear.bias" { continue }
      expectClose(gradients[parameter], try fixture("grad." + key), within: 4e-6, name + " " + key)
    }
  }

  @Test func branchesAndWaysAroundComputeWhatPyTorchDoes() throws {
    func gate(_ branches: LayerEntry...) -> ModelSpec {
      ModelSpec([LayerEntry(name: "parallel", spec: Parallel.Spec(.gate), children: branches)])
    }
    let deep = entry(
      "b", Sequential.Spec(), linear("b1", 3), entry("tanh", Activation.Spec(.tanh)),
      linear("b2", 4))
    try compare("gate", gate(linear("a", 4), deep), .sequence(5))
    try compare("gate_of_three", gate(linear("a", 4), linear("b", 4), linear("c", 4)), .vector(5))
    try compare(
      "concat",
      parallel(
        .concat, entry("a", Conv2d.Spec(outChannels: 3)),
        entry("b", Conv2d.Spec(outChannels: 4, kernelSize: 1)), entry("c", Identity.Spec())),
      .images(2, 5, 4))
    var residual = Residual.Spec()
    residual.projection = .linear
    try compare(
      "residual",
      ModelSpec([entry("residual", residual, entry("body", Conv2d.Spec(outChannels: 3)))]),
      .image(2, 5, 4))
    try compare(
      "time_distributed",
      ModelSpec([
        entry("td", TimeDistributed.Spec(), linear("linear", 4), entry("norm", BatchNorm.Spec()))
      ]), .sequence(5), lengths: [4, 7, 1])
  }

  // MARK: Shapes

  @Test func rowsSayWhatFlowsInEveryBranch() {
    let model = ModelSpec([
      entry(
        "p", Parallel.Spec(),
        entry("s", Sequential.Spec(), linear("a", 4), entry("last", LastStep.Spec())),
        entry("mean", MeanOverTime.Spec())),
      linear("out", 2),
    ])
    let rows = model.rows(for: .sequence(3))
    #expect(rows.map { "\($0.path)" } == ["0", "0.0", "0.0.0", "0.0.1", "0.1", "1"])
    #expect(
      rows.map { $0.output.map { "\($0)" } ?? "?" } == [
        "[B, 7]", "[B, 4]", "[B, T, 4]", "[B, 4]", "[B, 3]", "[B, 2]",
      ])
    #expect(rows.map(\.parameterCount) == [0, 0, 16, 0, 0, 16])
    #expect(reason(model, .sequence(3)) == "[B, 2]")
  }

  @Test func whatFailsInsideIsNamedAndWhatIsBesideIsStillKnown() {
    let model = ModelSpec([
      entry(
        "p", Parallel.Spec(), entry("conv", Conv2d.Spec()), linear("a", 4), linear("b", 4)),
      linear("out", 2),
    ])
    let rows = model.rows(for: .sequence(3))
    #expect(rows.map { $0.error != nil } == [false, true, false, false, false])
    #expect(rows.map { $0.output != nil } == [false, false, true, true, false])
    #expect(reason(model, .sequence(3)).hasPrefix("Layer 'conv': conv2d needs images "))
  }

  @Test func branchesThatDoNotFitAreNamedWithTheirShapes() {
    let sum = "Layer 'p': parallel needs branches of one shape to sum, got 'cnn' [B, 128] and "
    #expect(
      reason(parallel(.sum, linear("cnn", 128), linear("rnn", 100)), .vector(3))
        == sum + "'rnn' [B, 100]. Give both the same size, or set merge to concat.")
    #expect(
      reason(
        parallel(.concat, entry("last", LastStep.Spec()), entry("rnn", GRU.Spec())), .sequence(3))
        == "Layer 'p': parallel needs branches that all put out sequences, or none, got 'last' "
        + "[B, 3] and 'rnn' [B, T, 64]. Wrap 'rnn' in sequential, and add last_step or "
        + "mean_over_time there.")
    #expect(
      reason(
        parallel(.concat, entry("pool", MaxPool1d.Spec()), entry("rnn", GRU.Spec())), .sequence(3))
        == "Layer 'p': parallel needs branches with the same time steps, got 'pool' [B, T/2, 3] "
        + "and 'rnn' [B, T, 64]. Use the same strides and padding in both.")
    #expect(
      reason(
        parallel(.concat, entry("pool", MaxPool2d.Spec()), entry("flat", Flatten.Spec())),
        .image(1, 4, 4))
        == "Layer 'p': parallel needs branches that differ in channels only to concat, got 'pool' "
        + "[B, 1, 2, 2] and 'flat' [B, 16]. Wrap 'pool' in sequential, and add flatten there.")
    #expect(
      reason(parallel(.concat), .vector(3))
        == "Layer 'p': parallel needs branches, got [B, 3]. Add a layer inside it for each.")
    #expect(
      reason(parallel(.gate, linear("a", 3)), .vector(3))
        == "Layer 'p': parallel needs two branches or more to gate, got one. Add a branch.")
    #expect(
      reason(parallel(.concat, entry("same", Identity.Spec())), .ids(below: 5))
        == "Layer 'p': parallel needs branches that put out features, got 'same' "
        + "[B, T] ids < 5. Put an embedding into it.")
  }

  @Test func aWayAroundNeedsItsOwnShapeBack() {
    func residual(_ body: LayerEntry...) -> ModelSpec {
      ModelSpec([LayerEntry(name: "r", spec: Residual.Spec(), children: body)])
    }
    #expect(
      reason(residual(linear("a", 4)), .sequence(3))
        == "Layer 'r': residual needs layers that put out [B, T, 3] as they got it, got "
        + "[B, T, 4]. Set projection to linear, or end with 3 channels.")
    #expect(
      reason(residual(entry("last", LastStep.Spec())), .sequence(3))
        == "Layer 'r': residual needs layers that change nothing of [B, T, 3] but its channels, "
        + "got [B, 3]. Use padding same and stride 1, and pool or flatten after it.")
    #expect(
      reason(residual(), .sequence(3))
        == "Layer 'r': residual needs layers inside, got [B, T, 3]. Add one inside it.")
    #expect(reason(residual(linear("a", 3)), .sequence(3)) == "[B, T, 3]")
  }

  // MARK: Values

  @Test func sumsAndProductsAreThoseOfTheBranches() throws {
    let x = drawn([2, 3], seed: 3)
    for merge in [Parallel.Merge.sum, .product] {
      let branches = [linear("a", 3), linear("b", 3), entry("c", Identity.Spec())]
      let model = ModelSpec([LayerEntry(name: "p", spec: Parallel.Spec(merge), children: branches)])
      let network = try Network(model, input: .vector(3), seed: 1)
      var pass = Pass()
      pass.recordsOutputs = true
      let output = network(x, &pass)
      #expect(pass.outputs.map(\.layer) == ["a", "b", "c", "p"])
      let parts = pass.outputs.map(\.output)
      let expected =
        merge == .sum ? parts[0] + parts[1] + parts[2] : parts[0] * parts[1] * parts[2]
      expectSameBits(output, expected)
    }
  }

  @Test func aGateShowsTheShareOfEveryBranchButTheLast() throws {
    let model = parallel(.gate, entry("same", Identity.Spec()), linear("b", 3))
    let network = try Network(model, input: .sequence(3), seed: 1)
    var pass = Pass()
    pass.recordsSignals = true
    pass.recordsOutputs = true
    let x = drawn([2, 4, 3], seed: 3)
    let output = network(x, &pass)
    #expect(pass.recorded.map(\.fullName) == ["p.g1"])
    let (share, other) = (pass.recorded[0].values, pass.outputs[1].output)
    expectClose(output, share * x + (1 - share) * other, within: 1e-6)
  }

  @Test func paddingIsZeroBehindTimeDistributedAndNeverSeen() throws {
    let model = ModelSpec([
      entry("td", TimeDistributed.Spec(), entry("norm", BatchNorm.Spec()), linear("a", 2))
    ])
    let network = try Network(model, input: .sequence(3), seed: 1)
    let valid = drawn([3, 3], seed: 3)
    let rows = valid.scalars
    let padding: [Float] = [1e3, .nan, .infinity]
    let x = Tensor(
      Array(rows[0..<6]) + padding + Array(rows[6..<9]) + padding + padding, [2, 3, 3])
    var pass = Pass()
    pass.isTraining = true
    pass.lengths = [2, 1]
    pass.recordsOutputs = true
    let output = network(x, &pass)
    #expect(
      output.isFinite && (0..<2).allSatisfy { output[0, 2, $0] == 0 && output[1, 1, $0] == 0 })
    #expect(pass.outputs.map(\.output.shape) == [[2, 3, 3], [2, 3, 2], [2, 3, 2]])
    #expect(pass.outputs.map(\.isSequence) == [true, true, true])
    // The same numbers as one batch of three examples.
    let alone = ModelSpec([entry("norm", BatchNorm.Spec()), linear("a", 2)])
    let flat = try Network(alone, input: .vector(3), seed: 1)
    try flat.load(network.snapshot())
    var other = Pass()
    other.isTraining = true
    let expected = flat(valid, &other).scalars
    #expect(output.scalars.filter { $0 != 0 } == expected)
  }

  /// f(x) of a residual layer is y − x.
  @Test func theLastWeightsOfABranchStartSmallerTheMoreResidualLayersThereAre() throws {
    func model(_ start: String, count: Int) throws -> ModelSpec {
      var residual = Residual.Spec()
      try residual.set("branch_init", text: start)
      return ModelSpec(
        (0..<count).map { number in
          entry(
            "r\(number)", residual, entry("in\(number)", Linear.Spec(outFeatures: 6)),
            entry("tanh\(number)", Activation.Spec(.tanh)), linear("out\(number)", 5))
        })
    }
    let x = drawn([3, 5], seed: 1)
    for (start, factor) in [("depth_scaled", Float(0.5)), ("zero", 0)] {
      let plain = try Network(try model("default", count: 4), input: .vector(5), seed: 2)
      let scaled = try Network(try model(start, count: 4), input: .vector(5), seed: 2)
      var passes = (Pass(), Pass())
      let branches = (
        plain.elements[0].layer(x, &passes.0) - x, scaled.elements[0].layer(x, &passes.1) - x
      )
      expectClose(branches.1, branches.0 * factor, within: 1e-6, start)
      for (old, new) in zip(plain.parameters, scaled.parameters) {
        let isLast = new.name.hasPrefix("out")
        expectSameBits(new.parameter.value, old.parameter.value * (isLast ? factor : 1), new.name)
      }
    }
  }

  @Test func aBranchWhoseWeightsAreNoFactorIsNotScaled() throws {
    var residual = Residual.Spec()
    residual.branchInit = .depthScaled
    let gru = ModelSpec([entry("r", residual, entry("gru", GRU.Spec(hiddenSize: 5)))])
    #expect(
      reason(gru, .sequence(5))
        == "Layer 'r': residual needs the last weights inside to be those of a linear layer, a "
        + "convolution or a norm for branch_init depth_scaled, got 'gru'. Put a linear layer after "
        + "it, or set branch_init to default.")
    let after = ModelSpec([
      entry("r", residual, entry("gru", GRU.Spec(hiddenSize: 8)), linear("out", 5))
    ])
    #expect(reason(after, .sequence(5)) == "[B, T, 5]")
    let branched = ModelSpec([
      entry(
        "r", residual,
        entry("sum", Parallel.Spec(.sum), linear("a", 5), linear("b", 5)))
    ])
    #expect(reason(branched, .sequence(5)).contains("needs the last weights inside"))
  }
}
