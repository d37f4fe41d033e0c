import Engine
import Layers
import Testing

/// Works that were counted by hand: 2 operations for each weight and place, the products of the
/// backward pass twice as much, or once where the input depends on no weight.
@Suite struct WorkTests {
  private func expect(
    _ model: ModelSpec, _ input: Signature, batch: Int = 1, time: Int = 1,
    forward: Double, backward: Double, _ location: SourceLocation = #_sourceLocation
  ) {
    let work = model.work(for: input, batch: batch, time: time)
    #expect(work.forward == forward, sourceLocation: location)
    #expect(work.backward == backward, sourceLocation: location)
    #expect(work.total == forward + backward, sourceLocation: location)
  }

  @Test func ofDenseLayersTheFirstNeedsNoGradientOfItsInput() {
    let model = ModelSpec([Linear.Spec(outFeatures: 3), Linear.Spec(outFeatures: 2)])
    // Weights 3 x 5 and 2 x 3, for 4 examples.
    expect(model, .vector(5), batch: 4, forward: 8 * (15 + 6), backward: 8 * (15 + 2 * 6))
  }

  @Test func anEmbeddingMultipliesNothingButLearns() {
    let model = ModelSpec([Embedding.Spec(embeddingDim: 3), Linear.Spec(outFeatures: 5)])
    expect(model, .ids(below: 7), batch: 2, time: 4, forward: 16 * 15, backward: 32 * 15)
  }

  @Test func aCellGoesBackThroughItsStateWhateverItReads() {
    // LSTM: 4 x 3 rows of 5 input and 3 state columns, 2 sequences of 4 steps.
    expect(
      ModelSpec([LSTM.Spec(hiddenSize: 3)]), .sequence(5), batch: 2, time: 4,
      forward: 16 * 12 * 8, backward: 16 * 12 * (5 + 2 * 3))
    var both = GRU.Spec(hiddenSize: 3)
    both.options.bidirectional = .concat
    expect(
      ModelSpec([both]), .sequence(5), batch: 2, time: 4,
      forward: 2 * 16 * 9 * 8, backward: 2 * 16 * 9 * (5 + 2 * 3))
  }

  @Test func convolutionsWorkAtEveryPlaceOfTheirOutput() {
    var valid = Conv1d.Spec(outChannels: 3, kernelSize: 4)
    valid.padding = .valid
    // 3 x 2 x 4 weights at 10 - 3 steps.
    expect(ModelSpec([valid]), .sequence(2), time: 10, forward: 2 * 24 * 7, backward: 2 * 24 * 7)
    var grouped = Conv2d.Spec(outChannels: 4)
    grouped.groups = 2
    // 4 x 1 x 3 x 3 weights at 5 x 6 pixels.
    expect(
      ModelSpec([grouped]), .image(2, 5, 6), batch: 3, forward: 6 * 36 * 30,
      backward: 6 * 36 * 30)
  }

  @Test func transposedOnesWorkAtEveryPlaceOfTheirInput() {
    var spec = ConvTranspose1d.Spec(outChannels: 3, kernelSize: 4)
    spec.stride = 2
    expect(ModelSpec([spec]), .sequence(2), time: 10, forward: 2 * 24 * 10, backward: 2 * 24 * 10)
  }

  @Test func framesInsideTimeDistributedCountOneByOne() {
    let frames = LayerEntry(
      name: "frames", spec: TimeDistributed.Spec(),
      children: ModelSpec([
        Conv2d.Spec(outChannels: 2), MaxPool2d.Spec(), Flatten.Spec(),
      ]).layers)
    let model = ModelSpec([frames, LayerEntry(name: "rnn", spec: RNN.Spec(hiddenSize: 3))])
    // 2 x 1 x 3 x 3 weights at 4 x 4 pixels of 2 x 5 frames, then 3 rows of 8 and 3 columns.
    let (convolution, cell) = (2.0 * 18 * 16 * 10, 2.0 * 33 * 10)
    expect(
      model, .images(1, 4, 4), batch: 2, time: 5, forward: convolution + cell,
      backward: convolution + 2 * cell)
  }

  @Test func aWayAroundReadsWhatTheLayersInsideDo() {
    var residual = Residual.Spec()
    residual.projection = .linear
    let model = ModelSpec([
      LayerEntry(
        name: "r", spec: residual,
        children: ModelSpec([Linear.Spec(outFeatures: 3), Linear.Spec(outFeatures: 3)]).layers)
    ])
    // Inside 3 x 2 and 3 x 3, around it 3 x 2.
    expect(model, .vector(2), forward: 2 * 21, backward: 2 * (6 + 2 * 9 + 6))
  }

  @Test func everyBranchReadsTheInputAndTheGateReadsTheBranches() {
    let model = ModelSpec([
      LayerEntry(
        name: "p", spec: Parallel.Spec(.gate),
        children: ModelSpec([Linear.Spec(outFeatures: 3), Linear.Spec(outFeatures: 3)]).layers)
    ])
    // Twice 3 x 2, and a gate of 3 x 6.
    expect(model, .vector(2), forward: 2 * 30, backward: 2 * (12 + 2 * 18))
  }

  @Test func normsOverImagesAreNoProducts() {
    expect(ModelSpec([LayerNorm.Spec()]), .image(2, 3, 4), forward: 0, backward: 0)
  }

  @Test func everyLayerWithAMatrixSaysHowOftenItIsUsed() {
    let inputs: [Signature] = [.sequence(4), .image(4, 8, 8), .images(4, 8, 8)]
    for spec in LayerRegistry.all where spec.weightUse == .never && spec != Embedding.Spec.self {
      for input in inputs where (try? spec.init().output(for: input)) != nil {
        let isNorm = spec.kind.contains("norm")
        let ranks = spec.init().parameterShapes(for: input).map(\.shape.rank)
        #expect(isNorm || ranks.allSatisfy { $0 < 2 }, "\(spec.kind)")
      }
    }
  }
}
