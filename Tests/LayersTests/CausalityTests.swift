import Engine
import Layers
import Testing

@Suite struct CausalityTests {
  private static let time = 12

  /// Whether some output at a step before one that is changed, in steps of the input, changes with it.
  private func seesLater(_ spec: any LayerSpec, _ input: Signature) throws -> Bool {
    var random = Random.stream(.test, seed: 3)
    let layer = spec.makeLayer(for: input, using: &random)
    func output(_ x: Tensor) -> Tensor {
      var pass = Pass()
      return layer(x, &pass)
    }
    let x = Tensor.uniform(-1...1, input.shape(batch: 1, time: Self.time), using: &random)
    let width = x.count / Self.time
    let before = output(x)
    let made = before.shape[1]
    for cut in 1..<Self.time {
      var other = x.scalars
      for index in cut * width..<other.count { other[index] += 0.5 }
      let after = output(Tensor(other, x.shape))
      let size = before.count / made
      let early = (0..<made).filter { $0 * Self.time / made < cut }.count * size
      if before.scalars[..<early] != after.scalars[..<early] { return true }
    }
    return false
  }

  /// Every kind that maps a sequence to a sequence says what it does.
  @Test func everyKindOfTheRegistryIsWhatItSays() throws {
    let inputs: [Signature] = [
      .sequence(4), Signature(isSequence: true, features: [2, 5, 5]),
    ]
    var seen = 0
    for type in LayerRegistry.all where !(type is any CompositeSpec.Type) {
      let spec = type.init()
      for input in inputs {
        guard let output = try? spec.output(for: input), output.isSequence,
          type != NamedInput.Spec.self
        else { continue }
        #expect(try seesLater(spec, input) == spec.seesLaterSteps, "\(type.kind) of \(input)")
        seen += 1
      }
    }
    #expect(seen > 25)
  }

  @Test func settingsDecide() throws {
    func check(_ spec: any LayerSpec, _ isSo: Bool, _ input: Signature = .sequence(4)) throws {
      #expect(spec.seesLaterSteps == isSo)
      #expect(try seesLater(spec, input) == isSo)
    }
    for padding in TimePadding.allCases {
      var conv = Conv1d.Spec(outChannels: 3, kernelSize: 3)
      conv.padding = padding
      conv.dilation = 2
      try check(conv, padding != .causal)
      conv.kernelSize = 1
      try check(conv, false)
    }
    var pool = AvgPool1d.Spec(kernelSize: 1)
    try check(pool, false)
    pool.kernelSize = 3
    pool.stride = 1
    pool.padding = 1
    try check(pool, true)
    var spread = ConvTranspose1d.Spec(outChannels: 3, kernelSize: 4)
    spread.stride = 2
    spread.padding = .same
    try check(spread, true)
    for (factor, isSo) in [(1, false), (3, true)] {
      try check(Upsample1d.Spec(scaleFactor: factor, mode: .linear), isSo)
    }
    for merge in RecurrentOptions.Bidirectional.allCases {
      var gru = GRU.Spec(hiddenSize: 3)
      gru.options.bidirectional = merge
      try check(gru, merge != .off)
    }
  }

  @Test func rowsOfAModelSayIt() {
    var both = LSTM.Spec(hiddenSize: 3)
    both.options.bidirectional = .concat
    let model = ModelSpec([
      Conv1d.Spec(outChannels: 4), LSTM.Spec(hiddenSize: 3), both, LastStep.Spec(),
    ])
    #expect(model.rows(for: .sequence(2)).map(\.seesLaterSteps) == [true, false, true, false])
    // What works on single steps sees no other.
    var inside = LayerEntry(name: "steps", spec: TimeDistributed.Spec())
    inside.children = [LayerEntry(name: "conv", spec: Conv2d.Spec(outChannels: 2))]
    let video = Signature(isSequence: true, features: [1, 4, 4])
    #expect(ModelSpec([inside]).rows(for: video).map(\.seesLaterSteps) == [false, false])
  }
}
