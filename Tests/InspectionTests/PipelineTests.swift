import Data
import Engine
import Inspection
import Layers
import Testing

@Suite struct PipelineTests {
  private func entry(
    _ name: String, _ spec: any LayerSpec, _ children: LayerEntry...
  ) -> LayerEntry {
    LayerEntry(name: name, spec: spec, children: children)
  }

  private func recording(_ model: ModelSpec, _ input: Signature) throws -> SequenceRecording {
    let network = try Network(model, input: input, seed: 3)
    let shape = input.shape(batch: 1, time: 6)
    let x = Tensor((0..<shape.count).map { Float($0 % 7) / 7 }, shape)
    return try SequenceRecording(
      network: network,
      example: Example(
        title: "", batch: Batch(input: x, targets: [0]), steps: Array(repeating: "", count: 6)),
      target: Target(labels: ["a", "b"], isPerStep: false, metric: .accuracy), weightsStep: 1)
  }

  @Test func aCascadeGoesFromFramesThroughMapsToTheState() throws {
    let found = try recording(
      ModelSpec([
        entry(
          "every_frame", TimeDistributed.Spec(), entry("conv", Conv2d.Spec(outChannels: 4)),
          entry("pool", MaxPool2d.Spec()), entry("flatten", Flatten.Spec())),
        entry("lstm", LSTM.Spec(hiddenSize: 5)), entry("last_step", LastStep.Spec()),
        entry("linear", Linear.Spec(outFeatures: 2)),
      ]), .images(1, 8, 8))
    let stages = try #require(Pipeline(found)).stages
    #expect(stages.map(\.role) == [.frames, .maps, .state, .output])
    #expect(stages.map(\.output.name) == ["input", "pool", "lstm", "linear"])
    #expect(
      stages.map(\.layers) == [
        [], ["conv", "pool"], ["flatten", "lstm"], ["last_step", "linear"],
      ])
    #expect(stages[1].output.extent.steps == 6 && stages[1].output.units == 4)
  }

  @Test func withoutImagesTheMapsAreThoseOfTheStepsBefore() throws {
    let found = try recording(
      ModelSpec([
        entry("conv", Conv1d.Spec(outChannels: 3)), entry("gru", GRU.Spec(hiddenSize: 2)),
        entry("last_step", LastStep.Spec()), entry("linear", Linear.Spec(outFeatures: 2)),
      ]), .sequence(2))
    let stages = try #require(Pipeline(found)).stages
    #expect(stages.map(\.output.name) == ["input", "conv", "gru", "linear"])
  }

  @Test func withoutMapsItBeginsWithTheStateAndWithoutAStateThereIsNone() throws {
    let model = ModelSpec([
      entry("gru", GRU.Spec(hiddenSize: 2)), entry("last_step", LastStep.Spec()),
      entry("linear", Linear.Spec(outFeatures: 2)),
    ])
    let stages = try #require(Pipeline(try recording(model, .sequence(2)))).stages
    #expect(stages.map(\.role) == [.frames, .state, .output])
    let dense = ModelSpec([
      entry("last_step", LastStep.Spec()), entry("linear", Linear.Spec(outFeatures: 2)),
    ])
    #expect(Pipeline(try recording(dense, .sequence(2))) == nil)
  }

  @Test func pooledBlocksHoldMeans() {
    let block = NumberBlock(name: "x", rows: 2, columns: 4, values: [1, 3, 5, 7, 2, 4, 6, 8])
    #expect(block.pooled(rows: 9, columns: 9) == block)
    #expect(block.pooled(rows: 1, columns: 2).values == [2.5, 6.5])
    #expect(block.pooled(rows: 2, columns: 3).values == [2, 5, 7, 3, 6, 8])
  }
}
