import Engine
import Layers
import TestSupport
import Testing

/// What a number deep in a tree sees of the data; of single layers, `checkLayer` knows.
@Suite struct ReceptiveFieldTests {
  private func entry(_ name: String, _ spec: any LayerSpec, _ inside: LayerEntry...) -> LayerEntry {
    LayerEntry(name: name, spec: spec, children: inside)
  }

  private var cascade: ModelSpec {
    ModelSpec([
      entry(
        "frames", TimeDistributed.Spec(), entry("conv", Conv2d.Spec(outChannels: 2)),
        entry("relu", Activation.Spec()), entry("pool", AvgPool2d.Spec()),
        entry("flatten", Flatten.Spec())),
      entry("lstm", LSTM.Spec(hiddenSize: 3)),
    ])
  }

  /// The numbers of the input called `source` whose change changes what the layer at `path` puts out,
  /// for one of some examples.
  private func changes(
    _ model: ModelSpec, _ path: LayerPath, _ place: Int, of source: String, _ input: Signature,
    _ named: [String: Signature], time: Int
  ) throws -> CellSet {
    let network = try Network(model, input: input, named: named, seed: 5)
    let name = model[path]?.name
    let signature = named[source] ?? input
    var found = CellSet(DataExtent(signature, time: time))
    for seed in 0..<UInt64(6) {
      let examples = named.mapValues { drawn($0.shape(batch: 1, time: time), seed: 30 + seed) }
      let x = drawn(input.shape(batch: 1, time: time), seed: 60 + seed)
      func output(_ changed: Tensor?) throws -> Float {
        var pass = Pass()
        pass.recordsOutputs = true
        pass.namedInputs = examples
        if let changed, named[source] != nil { pass.namedInputs[source] = changed }
        _ = network(named[source] == nil ? changed ?? x : x, &pass)
        return try #require(pass.outputs.first { $0.layer == name }).output[flat: place]
      }
      let before = try output(nil)
      let start = examples[source] ?? x
      var changing: [Int] = []
      for index in 0..<start.count {
        var other = start.scalars
        other[index] += 1.5
        if try output(Tensor(other, start.shape)) != before { changing.append(index) }
      }
      found.formUnion(CellSet(found.extent, changing))
    }
    return found
  }

  private func check(
    _ model: ModelSpec, _ path: LayerPath, step: Int, _ feature: Int, width: Int,
    _ input: Signature, named: [String: Signature] = [:], time: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: CellSet] {
    let field = model.receptiveField(
      of: feature, at: step, of: path, input: input, named: named, time: time)
    for source in ["input"] + named.keys {
      let wanted = try changes(
        model, path, step * width + feature, of: source, input, named, time: time)
      #expect(
        (field[source] ?? CellSet(wanted.extent)) == wanted, "\(source) of \(path)",
        sourceLocation: sourceLocation)
    }
    return field
  }

  @Test func insideOfStepsOneStepIsSeenAndOfItAKernel() throws {
    let input = Signature.images(1, 6, 4)
    // Row 1, column 0 of channel 1 at step 2, of 6 × 4 numbers a channel.
    let conv = try check(
      cascade, try #require(LayerPath("0.0")), step: 2, 24 + 4, width: 48, input, time: 3)
    #expect(conv["input"]?.steps == 2...2 && conv["input"]?.count == 6)
    let pool = try check(
      cascade, try #require(LayerPath("0.2")), step: 1, 3, width: 12, input, time: 3)
    #expect(pool["input"]?.steps == 1...1 && pool["input"]?.count == 12)
    let lstm = try check(cascade, 1, step: 1, 2, width: 3, input, time: 3)
    #expect(lstm["input"]?.steps == 0...1 && lstm["input"]?.count == 48)
  }

  @Test func branchesSeeTheInputsThatTheyRead() throws {
    let named = ["frame": Signature.image(1, 4, 4)]
    let model = ModelSpec([
      entry(
        "both", Parallel.Spec(),
        entry(
          "cnn", Sequential.Spec(), entry("picture", NamedInput.Spec(source: "frame")),
          entry("conv", Conv2d.Spec(outChannels: 1)),
          entry("pool", AdaptiveAvgPool2d.Spec(outputSize: 2)), entry("flatten", Flatten.Spec())),
        entry(
          "rnn", Sequential.Spec(), entry("signs", NamedInput.Spec()),
          entry("gru", GRU.Spec(hiddenSize: 2)), entry("last", LastStep.Spec()))),
      entry("out", Linear.Spec(outFeatures: 2)),
    ])
    let input = Signature.sequence(2)
    let corner = try check(model, 0, step: 0, 0, width: 6, input, named: named, time: 3)
    #expect(corner.keys.sorted() == ["frame"] && corner["frame"]?.count == 9)
    let unit = try check(model, 0, step: 0, 5, width: 6, input, named: named, time: 3)
    #expect(unit.keys.sorted() == ["input"] && unit["input"]?.isAll == true)
    let end = try check(model, 1, step: 0, 1, width: 2, input, named: named, time: 3)
    #expect(end.keys.sorted() == ["frame", "input"])
    let picture = try check(
      model, try #require(LayerPath("0.0.0")), step: 0, 3, width: 16, input, named: named, time: 3)
    #expect(picture["frame"]?.count == 1)
  }

  @Test func aWayAroundAddsTheNumberItselfToDilatedTaps() throws {
    var dilated = Conv1d.Spec(outChannels: 3)
    (dilated.dilation, dilated.padding, dilated.kernelSize) = (3, .causal, 2)
    let model = ModelSpec([
      entry(
        "around", Residual.Spec(), entry("conv", dilated), entry("tanh", Activation.Spec(.tanh)))
    ])
    let field = try check(model, 0, step: 5, 1, width: 3, .sequence(3), time: 7)
    let cells = try #require(field["input"])
    #expect(cells.count == 6 && cells.hasStep(2) && cells.hasStep(5) && !cells.hasStep(4))
  }

  @Test func stridesAndPoolsShiftStepsAndBothDirectionsSeeTheirSide() throws {
    var conv = Conv1d.Spec(outChannels: 2)
    (conv.stride, conv.padding) = (2, .valid)
    var both = RNN.Spec(hiddenSize: 2)
    both.options.bidirectional = .concat
    let model = ModelSpec([
      entry("conv", conv), entry("pool", AvgPool1d.Spec()), entry("rnn", both),
    ])
    #expect(model.rows(for: .sequence(1)).last?.output?.time(11) == 2)
    let conv1 = try check(model, 0, step: 1, 1, width: 2, .sequence(1), time: 11)
    #expect(conv1["input"]?.steps == 2...4)
    let there = try check(model, 2, step: 0, 0, width: 4, .sequence(1), time: 11)
    #expect(there["input"]?.steps == 0...4)
    let back = try check(model, 2, step: 1, 3, width: 4, .sequence(1), time: 11)
    #expect(back["input"]?.steps == 4...8)
  }

  @Test func groupsOfChannelsStayApart() throws {
    var grouped = Conv1d.Spec(outChannels: 4)
    grouped.groups = 2
    let field = try check(
      ModelSpec([entry("conv", grouped)]), 0, step: 1, 3, width: 4, .sequence(4), time: 3)
    let cells = try #require(field["input"])
    #expect(cells.count == 6 && !cells.contains(1, 1) && cells.contains(1, 2))
  }

  @Test func whereThereIsNothingNothingIsSeen() throws {
    let input = Signature.images(1, 6, 4)
    func field(_ feature: Int, _ path: LayerPath, _ model: ModelSpec) -> [String: CellSet] {
      model.receptiveField(of: feature, at: 0, of: path, input: input, time: 3)
    }
    #expect(field(99, 1, cascade).isEmpty && field(0, 7, cascade).isEmpty)
    var broken = cascade
    broken.layers.append(entry("out", Embedding.Spec()))
    #expect(field(0, 1, broken).isEmpty)
  }

  @Test func stepsOneByOneCannotBecomeSequences() {
    let model = ModelSpec([
      entry("frames", TimeDistributed.Spec(), entry("columns", ColumnsAsSteps.Spec()))
    ])
    #expect(
      model.rows(for: .images(1, 6, 4))[0].error?.description
        == "time_distributed needs layers inside that put out no sequences, "
        + "got 'columns' [B, 4, 6]. Put last_step or mean_over_time behind it.")
  }
}
