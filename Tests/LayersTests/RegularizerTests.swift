import Engine
import Layers
import TestSupport
import Testing

/// The identities of regularisers inside recurrent layers.
@Suite struct RegularizerTests {
  private let x = drawn([3, 7, 5], seed: 1)

  private func spec(_ kind: String, _ settings: [(String, String)]) throws -> any LayerSpec {
    var spec = try LayerRegistry.spec(of: kind)
    let width = spec is ConvLSTM.Spec ? "hidden_channels" : "hidden_size"
    try spec.set(width, text: "4")
    for (name, value) in settings { try spec.set(name, text: value) }
    return spec
  }

  private func run(
    _ spec: any LayerSpec, _ x: Tensor? = nil, step: Int = 1, _ configure: (inout Pass) -> Void
  ) throws -> (output: Tensor, pass: Pass) {
    let isOfImages = spec is ConvLSTM.Spec
    let x = x ?? (isOfImages ? self.x.reshaped([3, 7, 1, 1, 5]) : self.x)
    let network = try Network(
      ModelSpec([spec]), input: isOfImages ? .images(1, 1, 5) : .sequence(x.shape.last), seed: 5)
    var pass = Pass()
    pass.seed = 11
    pass.step = step
    pass.recordsSignals = true
    configure(&pass)
    return (network(x, &pass), pass)
  }

  private func signal(_ name: String, of pass: Pass) throws -> Tensor {
    try #require(pass.recorded.first { $0.signal.name == name }).values
  }

  /// Every kind with every probability that it offers.
  private static let probabilities: [(kind: String, name: String)] = LayerRegistry.all.flatMap {
    kind -> [(kind: String, name: String)] in
    guard kind.init() is any RecurrentSpec else { return [] }
    let names = ["dropout", "recurrent_dropout", "candidate_dropout", "zoneout", "zoneout_cell"]
    return kind.init().settingInfo.map(\.name)
      .filter { (names + ["weight_drop"]).contains($0) }.map { (kind.kind, $0) }
  }

  @Test(arguments: probabilities.map { "\($0.kind) \($0.name)" })
  func aProbabilityOfZeroIsTheLayerWithoutIt(which: String) throws {
    let words = which.split(separator: " ").map(String.init)
    let plain = try spec(words[0], [])
    let zero = try spec(words[0], [(words[1], "0")])
    for isTraining in [false, true] {
      expectSameBits(
        try run(zero) { $0.isTraining = isTraining }.output,
        try run(plain) { $0.isTraining = isTraining }.output)
    }
  }

  @Test(arguments: probabilities.map { "\($0.kind) \($0.name)" })
  func masksActWhileTrainingFollowTheStepAndReplay(which: String) throws {
    let words = which.split(separator: " ").map(String.init)
    let noisy = try spec(words[0], [(words[1], "0.5")])
    let plain = try spec(words[0], [])
    let evaluated = try run(noisy) { _ in }.output
    if !words[1].hasPrefix("zoneout") {
      expectSameBits(evaluated, try run(plain) { _ in }.output, "evaluation")
    }
    let first = try run(noisy) { $0.isTraining = true }.output.scalars
    #expect(first == (try run(noisy) { $0.isTraining = true }.output.scalars))
    #expect(first != (try run(noisy, step: 2) { $0.isTraining = true }.output.scalars))
    #expect(first != evaluated.scalars)
    let other = try run(noisy) {
      $0.isTraining = true
      $0.seed = 12
    }
    #expect(first != other.output.scalars)
  }

  @Test(arguments: ["rnn", "lstm", "gru"], [false, true])
  func zoneoutOfOneFreezesTheState(kind: String, isTraining: Bool) throws {
    var settings = [("zoneout", "1")]
    if kind == "lstm" { settings.append(("zoneout_cell", "1")) }
    let start = drawn([3, 4], seed: 2)
    let found = try run(try spec(kind, settings)) {
      $0.isTraining = isTraining
      $0.states[kind] = Array(repeating: start, count: kind == "lstm" ? 2 : 1)
    }
    for t in 0..<7 { expectSameBits(found.output.steps(t..<t + 1).reshaped([3, 4]), start) }
    for part in found.pass.states[kind] ?? [] { expectSameBits(part, start) }
    expectSameBits(try signal("h", of: found.pass), found.output, "the signal h")
  }

  @Test func aUnitThatIsZonedOutKeepsItsValueExactlyAndAnotherDoesNot() throws {
    let found = try run(try spec("lstm", [("zoneout_cell", "0.5")])) { $0.isTraining = true }
    let cells = try signal("c", of: found.pass)
    let held = (1..<7).flatMap { t in
      zip(cells.steps(t..<t + 1).scalars, cells.steps(t - 1..<t).scalars).map { $0 == $1 }
    }
    #expect((20...52).contains(held.count { $0 }))  // of 72, expected 36, deviation 4.2
  }

  /// One step's mean over many masks is what evaluation computes.
  @Test func evaluationIsTheExpectationOfZoneout() throws {
    let rows = 10_000
    let x = drawn([1, 5], seed: 3).repeatedOverTime(rows).reshaped([rows, 1, 5])
    let start = drawn([1, 4], seed: 4).repeatedOverTime(rows).reshaped([rows, 4])
    for kind in ["lstm", "gru"] {
      let noisy = try spec(kind, [("zoneout", "0.3")])
      let outputs = try [true, false].map { isTraining in
        try run(noisy, x) {
          $0.isTraining = isTraining
          $0.states[kind] = Array(repeating: start, count: kind == "lstm" ? 2 : 1)
        }.output
      }
      for unit in 0..<4 {
        let mean = (0..<rows).reduce(0.0) { $0 + Double(outputs[0][$1, 0, unit]) } / Double(rows)
        // Of values in [−1, 1], three deviations of the mean are at most 0.03 · √(0.3 · 0.7).
        #expect(abs(mean - Double(outputs[1][0, 0, unit])) < 0.014)
      }
    }
  }

  /// The same of the cell, before the output gate's tanh bends it.
  @Test(arguments: ["lstm", "peephole_lstm"])
  func evaluationIsTheExpectationOfZoneoutOfTheCell(kind: String) throws {
    let rows = 10_000
    let x = drawn([1, 5], seed: 3).repeatedOverTime(rows).reshaped([rows, 1, 5])
    let start = drawn([1, 4], seed: 4).repeatedOverTime(rows).reshaped([rows, 4])
    let noisy = try spec(kind, [("zoneout_cell", "0.5")])
    let cells = try [true, false].map { isTraining in
      let found = try run(noisy, x) {
        $0.isTraining = isTraining
        $0.states[kind] = [start, start]
      }
      return try signal("c", of: found.pass)
    }
    for unit in 0..<4 {
      let drawn = (0..<rows).map { Double(cells[0][$0, 0, unit]) }
      let mean = drawn.reduce(0, +) / Double(rows)
      // Half of the cells are held: four deviations of the mean are .04 of half the distance.
      let distance = (drawn.max() ?? 0) - (drawn.min() ?? 0)
      #expect(distance > 0 && abs(mean - Double(cells[1][0, 0, unit])) < 0.02 * distance)
    }
  }

  /// With weights that copy the input into h, what dropout does shows directly.
  @Test func theMaskOfTheInputIsConstantInTimeAndDiffersBetweenSequences() throws {
    var copy = RNN.Spec(hiddenSize: 16, nonlinearity: .relu)
    copy.options.dropout = 0.5
    let network = try Network(ModelSpec([copy]), input: .sequence(16), seed: 1)
    let identity = Tensor.identity(16)
    let numbers = [identity, .zeros([16, 16]), .zeros([16]), .zeros([16])]
    for (owned, value) in zip(network.parameters, numbers) { owned.parameter.assign(value) }
    var pass = Pass()
    pass.isTraining = true
    let output = network(.ones([3, 5, 16]), &pass)
    for t in 1..<5 {
      expectSameBits(output.steps(t..<t + 1), output.steps(0..<1))
    }
    #expect(Set(output.scalars) == [0, 2])
    let masks = (0..<3).map { output.gathering(rows: [$0]).scalars }
    #expect(masks[0] != masks[1] && masks[1] != masks[2])
  }

  /// With a state that is carried on unchanged, h before the product is a power of the mask.
  @Test func theMaskOfTheStateIsConstantInTime() throws {
    var carry = RNN.Spec(hiddenSize: 16, nonlinearity: .relu)
    carry.options.recurrentDropout = 0.5
    let network = try Network(ModelSpec([carry]), input: .sequence(1), seed: 1)
    let identity = Tensor.identity(16)
    let numbers = [.zeros([16, 1]), identity, .zeros([16]), .zeros([16])]
    for (owned, value) in zip(network.parameters, numbers) { owned.parameter.assign(value) }
    var pass = Pass()
    pass.isTraining = true
    pass.states["rnn"] = [.ones([3, 16])]
    let output = network(.zeros([3, 4, 1]), &pass)
    // A unit that is kept doubles every step; one mask a step would stop it sooner or later.
    for (first, last) in zip(output.steps(0..<1).scalars, output.steps(3..<4).scalars) {
      #expect((first, last) == (2, 16) || (first, last) == (0, 0))
    }
    #expect(Set(output.steps(3..<4).scalars) == [0, 16])
  }

  @Test func weightDropZeroesConnectionsForTheWholeBatch() throws {
    var dropped = RNN.Spec(hiddenSize: 16, nonlinearity: .relu)
    dropped.options.weightDrop = 0.5
    let network = try Network(ModelSpec([dropped]), input: .sequence(1), seed: 1)
    let numbers = [.zeros([16, 1]), Tensor.identity(16), .zeros([16]), .zeros([16])]
    for (owned, value) in zip(network.parameters, numbers) { owned.parameter.assign(value) }
    for stepByStep in [false, true] {
      var pass = Pass()
      pass.isTraining = true
      pass.goesStepByStep = stepByStep
      pass.states["rnn"] = [.ones([3, 16])]
      let output = network(.zeros([3, 2, 1]), &pass)
      #expect(Set(output.steps(1..<2).scalars) == [0, 4])
      let rows = (0..<3).map { output.gathering(rows: [$0]).scalars }
      #expect(rows[0] == rows[1] && rows[1] == rows[2])
    }
  }
}
