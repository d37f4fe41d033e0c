import Engine
import Layers
import TestSupport
import Testing

/// Signals that are held at a value, in every recurrent layer there is.
@Suite struct ClampTests {
  private static let kinds = LayerRegistry.all.filter { $0.init() is any RecurrentSpec }.map {
    $0.kind
  }

  /// A network of one small layer of `kind`, and what it reads.
  private func small(_ kind: String, bothWays: Bool = false) throws -> (Network, Tensor) {
    var spec = try LayerRegistry.spec(of: kind)
    let isOfImages = spec is ConvLSTM.Spec
    try spec.set(isOfImages ? "hidden_channels" : "hidden_size", text: "3")
    if kind == Jordan.Spec.kind { try spec.set("output_size", text: "3") }
    if bothWays { try spec.set("bidirectional", text: "concat") }
    let x = drawn(isOfImages ? [2, 6, 1, 2, 2] : [2, 6, 4], seed: 1)
    let input: Signature = isOfImages ? .images(1, 2, 2) : .sequence(4)
    return (try Network(ModelSpec([spec]), input: input, seed: 5), x)
  }

  private func run(
    _ network: Network, _ x: Tensor, _ clamps: [Clamp] = [], lengths: [Int]? = nil
  ) -> (output: Tensor, pass: Pass) {
    var pass = Pass()
    (pass.recordsSignals, pass.goesStepByStep) = (true, true)
    (pass.clamps, pass.lengths) = (clamps, lengths)
    return (network(x, &pass), pass)
  }

  @Test(arguments: kinds)
  func everySignalOfEveryCellCanBeHeldAndIsHeldInTimeAlone(kind: String) throws {
    let (network, x) = try small(kind)
    let free = run(network, x)
    for (index, signal) in free.pass.recorded.enumerated() {
      let clamp = Clamp(
        layer: kind, signal: signal.signal.name, unit: 1, value: 0.75, steps: 2...3)
      let held = run(network, x, [clamp])
      let values = held.pass.recorded[index].values
      for row in 0..<2 {
        for t in 0..<6 {
          let now = values.rows(row..<row + 1).steps(t..<t + 1).scalars
          let before = signal.values.rows(row..<row + 1).steps(t..<t + 1).scalars
          if 2...3 ~= t { #expect(now[1] == 0.75, "\(kind).\(signal.signal.name) at \(t)") }
          if t < 3 { #expect(now[0] == before[0] && now[2] == before[2]) }
          if t < 2 { #expect(now == before) }
        }
      }
      // The output is the last signal or made of it, so that whatever is held can be seen there.
      expectSameBits(held.output.steps(0..<2), free.output.steps(0..<2))
      #expect(
        held.output.steps(2..<6).scalars != free.output.steps(2..<6).scalars,
        "\(kind).\(signal.signal.name) is good for nothing")
    }
  }

  @Test(arguments: kinds)
  func whatIsHeldAtItsOwnValuesChangesNoBit(kind: String) throws {
    let (network, x) = try small(kind)
    let one = x.rows(0..<1)
    let free = run(network, one)
    for signal in free.pass.recorded {
      let width = signal.values.shape[2]
      let clamps = (0..<6).flatMap { t in
        (0..<width).map { unit in
          Clamp(
            layer: kind, signal: signal.signal.name, unit: unit,
            value: signal.values.scalars[t * width + unit], steps: t...t)
        }
      }
      let held = run(network, one, clamps)
      #expect(held.output.scalars == free.output.scalars)
      for (a, b) in zip(held.pass.recorded, free.pass.recorded) {
        #expect(a.values.scalars == b.values.scalars)
      }
    }
  }

  @Test func aCellThatReadsBackIsHeldAtTheStepsOfTheData() throws {
    let (network, x) = try small("lstm", bothWays: true)
    let clamp = Clamp(layer: "lstm", signal: "h_reverse", unit: nil, value: 0.5, steps: 1...1)
    let held = run(network, x, [clamp], lengths: [6, 4])
    let free = run(network, x, lengths: [6, 4])
    func h(_ pass: Pass, _ name: String) throws -> Tensor {
      try #require(pass.recorded.first { $0.signal.name == name }).values
    }
    let (now, before) = (try h(held.pass, "h_reverse"), try h(free.pass, "h_reverse"))
    #expect(now.steps(1..<2).scalars.allSatisfy { $0 == 0.5 })
    #expect(now.steps(2..<4).scalars == before.steps(2..<4).scalars)
    #expect(now.steps(0..<1).scalars != before.steps(0..<1).scalars)
    #expect(try h(held.pass, "h").scalars == h(free.pass, "h").scalars)
  }

  @Test func stepsOfALayerAfterAStrideAreThoseOfTheirTime() throws {
    let network = try Network(
      ModelSpec([AvgPool1d.Spec(kernelSize: 2), RNN.Spec(hiddenSize: 2)]), input: .sequence(4),
      seed: 5)
    let clamp = Clamp(layer: "rnn", signal: "h", unit: 0, value: 0.25, steps: 3...4)
    let (_, pass) = run(network, drawn([1, 6, 4], seed: 1), [clamp])
    let h = try #require(pass.recorded.first).values.scalars
    #expect([0, 2, 4].map { h[$0] == 0.25 } == [false, true, true])
  }

  @Test func withZoneoutTheStateIsHeldAllTheSame() throws {
    var spec = GRU.Spec(hiddenSize: 2)
    spec.options.zoneout = 0.5
    let network = try Network(ModelSpec([spec]), input: .sequence(4), seed: 5)
    let clamp = Clamp(layer: "gru", signal: "h", unit: 1, value: 0.5)
    let output = run(network, drawn([1, 6, 4], seed: 1), [clamp]).output.scalars
    #expect((0..<6).allSatisfy { output[2 * $0 + 1] == 0.5 })
  }

  @Test func theLaterOfTwoClampsHoldsAndThoseOfOthersDoNot() throws {
    let (network, x) = try small("gru")
    func gate(_ clamps: [Clamp]) throws -> [Float] {
      try #require(run(network, x, clamps).pass.recorded.first { $0.signal.name == "z" })
        .values.scalars
    }
    let all = Clamp(layer: "gru", signal: "z", unit: nil, value: 1)
    let one = Clamp(layer: "gru", signal: "z", unit: 2, value: 0)
    #expect(try Set(gate([all])) == [1] && Set(gate([one, all])) == [1])
    #expect(try Array(gate([all, one]).prefix(6)) == [1, 1, 0, 1, 1, 0])
    #expect(all.holdsTheSame(as: Clamp(layer: "gru", signal: "z", unit: nil, value: 0)))
    #expect(!all.holdsTheSame(as: one))
    let elsewhere = Clamp(layer: "lstm", signal: "z", unit: nil, value: 1)
    let tooFar = Clamp(layer: "gru", signal: "z", unit: 3, value: 1)
    #expect(try gate([elsewhere, tooFar]) == gate([]))
  }
}
