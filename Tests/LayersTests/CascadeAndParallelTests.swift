import Engine
import Layers
import TestSupport
import Testing

/// A convolution before a recurrent layer and beside one: what goes wrong when they are put together,
/// and what the program says then.
@Suite struct CascadeAndParallelTests {
  private func reason(
    _ model: ModelSpec, _ input: Signature, _ named: [String: Signature] = [:]
  ) -> String {
    do {
      return "\(try model.output(for: input, named: named))"
    } catch { return error.description }
  }

  @Test func anLSTMBehindAFlattenedImageSaysHowToKeepTime() throws {
    let layers = [
      entry("conv", Conv2d.Spec(outChannels: 4)), entry("flatten", Flatten.Spec()),
      entry("lstm", LSTM.Spec(hiddenSize: 5)), entry("last", LastStep.Spec()),
    ]
    #expect(
      reason(ModelSpec(layers), .image(1, 16, 16))
        == "Layer 'lstm': lstm needs input [batch, time, features], got [B, 1024]. Keep the time "
        + "axis: take out what removes it, such as last_step. An image has none: put "
        + "columns_as_steps in place of flatten.")
    var mended = layers
    mended[1] = entry("columns", ColumnsAsSteps.Spec())
    #expect(reason(ModelSpec(Array(mended[0...2])), .image(1, 16, 16)) == "[B, 16, 5]")
    #expect(
      reason(ModelSpec([layers[0], layers[2]]), .images(1, 16, 16))
        == "Layer 'lstm': lstm needs input [batch, time, features], got [B, T, 4, 16, 16]. "
        + "Put flatten before it.")
    let cascade = ModelSpec([
      LayerEntry(name: "td", spec: TimeDistributed.Spec(), children: Array(layers[0...1])),
      layers[2], layers[3], linear("out", 4),
    ])
    let network = try Network(cascade, input: .images(1, 16, 16), seed: 1)
    var pass = Pass()
    pass.lengths = [3, 1]
    #expect(network(drawn([2, 3, 1, 16, 16], seed: 1), &pass).shape == [2, 4])
  }

  /// A convolution beside an LSTM: one branch keeps its axes, the other its steps. How wide the head
  /// has to be, nobody types.
  @Test func branchesOfACNNAndAnRNNAreExplainedUntilTheyFit() throws {
    let frame = ["frame": Signature.image(1, 8, 8)]
    func series(_ name: String, _ layers: LayerEntry...) -> LayerEntry {
      LayerEntry(name: name, spec: Sequential.Spec(), children: layers)
    }
    func cnn(_ more: LayerEntry...) -> LayerEntry {
      var branch = series("cnn", entry("picture", NamedInput.Spec(source: "frame")))
      branch.children += [
        entry("conv", Conv2d.Spec(outChannels: 2)), entry("pool", MaxPool2d.Spec()),
      ]
      branch.children += more
      return branch
    }
    func both(_ branches: LayerEntry...) -> ModelSpec {
      ModelSpec([
        LayerEntry(name: "both", spec: Parallel.Spec(), children: branches), linear("head", 10),
      ])
    }
    let (flat, last) = (entry("flat", Flatten.Spec()), entry("last", LastStep.Spec()))
    let rnn = entry("rnn", LSTM.Spec(hiddenSize: 100))
    #expect(
      reason(both(cnn(), rnn), .sequence(4), frame)
        == "Layer 'both': parallel needs branches that all put out sequences, or none, got 'cnn' "
        + "[B, 2, 4, 4] and 'rnn' [B, T, 100]. Wrap 'rnn' in sequential, and add last_step or "
        + "mean_over_time there.")
    #expect(
      reason(both(cnn(), series("rnn", rnn.renamed("lstm"))), .sequence(4), frame)
        == "Layer 'both': parallel needs branches that all put out sequences, or none, got 'cnn' "
        + "[B, 2, 4, 4] and 'rnn' [B, T, 100]. Put last_step or mean_over_time at the end of 'rnn'."
    )
    #expect(
      reason(both(cnn(), series("rnn", rnn.renamed("lstm"), last)), .sequence(4), frame)
        == "Layer 'both': parallel needs branches that differ in channels only to concat, got 'cnn' "
        + "[B, 2, 4, 4] and 'rnn' [B, 100]. Put flatten at the end of 'cnn'.")
    let whole = both(cnn(flat), series("rnn", rnn.renamed("lstm"), last))
    #expect(reason(whole, .sequence(4), frame) == "[B, 10]")
    let rows = whole.rows(for: .sequence(4), named: frame)
    #expect(rows[0].output == .vector(32 + 100))
    #expect(rows.last?.parameters.first?.shape == [10, 132])
  }

  @Test func theLayerAfterBranchesIsAsWideAsTheyAreTogether() throws {
    let model = ModelSpec([
      entry("p", Parallel.Spec(), linear("cnn", 128), linear("rnn", 100)), linear("fc2", 10),
    ])
    let network = try Network(model, input: .vector(7), seed: 1)
    #expect(network.parameters.last?.parameter.value.shape == [10])
    var weights = network.snapshot()
    let index = try #require(weights.firstIndex { $0.name == "fc2.weight" })
    #expect(weights[index].value.shape == [10, 228])
    weights[index].value = .zeros([10, 100])
    #expect(
      throws: ShapeError(
        "Weights need 'fc2.weight' of shape [10, 228], got [10, 100]. Use the session that they "
          + "were trained with.")
    ) { try network.load(weights) }
  }
}

extension LayerEntry {
  /// The same layer called `name`.
  fileprivate func renamed(_ name: String) -> LayerEntry {
    LayerEntry(name: name, spec: spec, children: children)
  }
}
