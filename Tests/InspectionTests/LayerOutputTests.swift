import Data
import Engine
import Layers
import Testing

@testable import Inspection

@Suite struct LayerOutputTests {
  /// A convolution of one tap a channel, so that every number is known: y = w x + b, then relu.
  private func images() throws -> SequenceRecording {
    var conv = Conv2d.Spec(outChannels: 2, kernelSize: 1)
    conv.bias = false
    let model = ModelSpec([
      LayerEntry(
        name: "frames", spec: TimeDistributed.Spec(),
        children: [
          LayerEntry(name: "conv", spec: conv), LayerEntry(name: "relu", spec: Activation.Spec()),
          LayerEntry(name: "flatten", spec: Flatten.Spec()),
        ]),
      LayerEntry(name: "mean", spec: MeanOverTime.Spec()),
    ])
    let network = try Network(model, input: .images(1, 2, 3), seed: 1)
    network.parameters[0].parameter.assign(Tensor([2, -1], [2, 1, 1, 1]))
    let labels = (0..<12).map { "\($0)" }
    return try SequenceRecording(
      network: network,
      example: Example(
        title: "numbers",
        batch: Batch(
          input: Tensor((0..<18).map(Float.init), [1, 3, 1, 2, 3]), targets: [0], lengths: [2]),
        steps: ["", "", ""]),
      target: Target(labels: labels, isPerStep: false, metric: .accuracy), weightsStep: nil)
  }

  @Test func everyLayerIsThereInItsPlaceAndWhatIsPastTheLengthIsNot() throws {
    let recording = try images()
    #expect(recording.length == 2 && recording.inputs.map(\.name) == ["input"])
    #expect(recording.inputs[0].axes == "T2 C1 H2 W3")
    #expect(recording.outputs.map(\.name) == ["frames", "conv", "relu", "flatten", "mean"])
    #expect(recording.outputs.map { $0.path?.description } == ["0", "0.0", "0.1", "0.2", "1"])
    #expect(
      recording.outputs.map(\.axes) == [
        "T2 F12", "T2 C2 H2 W3", "T2 C2 H2 W3", "T2 F12", "F12",
      ])
    let conv = recording.outputs[1]
    #expect(conv.value(1, 0) == 12 && conv.value(1, 6) == -6 && conv.units == 2)
    #expect(
      conv.blocks(at: 1).map(\.values) == [[12, 14, 16, 18, 20, 22], [-6, -7, -8, -9, -10, -11]])
    #expect(conv.blocks(at: 0)[1].name == "1" && conv.blocks(at: 0)[1].columns == 3)
    let mean = recording.outputs[4]
    #expect(!mean.isSequence && mean.blocks(at: 0)[0].values == mean.numbers)
    #expect(mean.value(0, 0) == 6)
    #expect(recording.outputs[3].byFeature.prefix(4) == [0, 12, 2, 14])
  }

  @Test func unitsThatAreAlwaysZeroAreDead() throws {
    let recording = try images()
    #expect(recording.outputs[1].deadUnits.isEmpty)
    #expect(recording.outputs[2].deadUnits == [1])
    #expect(recording.outputs[2].summary.zeros == 13.0 / 24)
    #expect(recording.outputs[3].deadUnits == Array(6..<12))
    #expect(recording.outputs[2].histogram.counts.reduce(0, +) == 24)
  }

  @Test func idsAreNoUnits() throws {
    let network = try Network(
      ModelSpec([Embedding.Spec(embeddingDim: 2), Linear.Spec(outFeatures: 2)]),
      input: .ids(below: 3), seed: 1)
    let recording = try SequenceRecording(
      network: network,
      example: Example(
        title: "ids", batch: Batch(input: Tensor([0, 0], [1, 2]), targets: [0, 1]),
        steps: ["a", "a"]),
      target: upOrDown(), weightsStep: nil)
    #expect(recording.inputs[0].isIDs && recording.inputs[0].deadUnits.isEmpty)
    #expect(recording.inputs[0].axes == "T2" && recording.outputs[0].axes == "T2 F2")
    let field = recording.receptiveField(of: 1, at: 1, of: 0)
    #expect(field["input"]?.count == 1 && field["input"]?.contains(1, 0) == true)
    #expect(recording.receptiveField(of: 0, at: 1, of: nil)["input"]?.steps == 1...1)
  }

  @Test func dataWithoutTimeHaveOneStep() throws {
    let network = try Network(
      ModelSpec([Linear.Spec(outFeatures: 2)]), input: .vector(5), seed: 1)
    let recording = try SequenceRecording(
      network: network,
      example: Example(
        title: "vector", batch: Batch(input: .ones([1, 5]), targets: [1]), steps: [""]),
      target: upOrDown(perStep: false), weightsStep: nil)
    #expect(recording.length == 1 && recording.outputs[0].axes == "F2")
    #expect(recording.receptiveField(of: 1, at: 0, of: 0)["input"]?.isAll == true)
  }
}
