import Engine
import Formats
import Layers
import Testing

/// One layer, as the last one of a network, with what is inside it and an input to try it on.
///
/// B, T, D and H are different and above 1, so that no axis passes for another.
struct LayerCheck {
  let model: ModelSpec
  let input: Signature
  let output: Signature
  let network: Network
  let x: Tensor
  let sourceLocation: SourceLocation

  let batch = 3
  let time = 7

  init(
    _ model: ModelSpec, _ input: Signature, _ output: Signature,
    _ sourceLocation: SourceLocation
  ) throws {
    self.model = model
    self.input = input
    self.output = output
    self.sourceLocation = sourceLocation
    network = try Network(model, input: input, seed: 7)
    x = Self.draw(input.shape(batch: batch, time: time), input, seed: 1)
  }

  var layer: any Layer { network.elements[model.layers.count - 1].layer }
  var name: String { network.elements[model.layers.count - 1].name }
  var parameters: [Parameter] { network.parameters.map(\.parameter) }
  /// What is checked, in messages.
  var subject: String {
    "\(name) \(model.layers[model.layers.count - 1].spec.settings.map { "\($0.name) \($0.value)" }) of \(input):"
  }

  func everything() throws {
    shapesAreTheRealOnes()
    gradientsAreRight()
    thePassIsReproducible()
    signalsAreNamedAndInRange()
    paddingChangesNothing()
    oneStepAtATimeEqualsTheWhole()
    try fieldsAreWhereGradientsAre()
    try theSeedIsReproducible()
    try parametersSurviveAFile()
    if let recurrent = layer as? any RecurrentLayer { RecurrentCheck(self, recurrent).everything() }
  }

  /// What one pass makes of `x`.
  func run(
    _ x: Tensor? = nil, from states: [Tensor]? = nil, network: Network? = nil,
    _ configure: (inout Pass) -> Void = { _ in }
  ) -> (output: Tensor, pass: Pass) {
    var pass = Pass()
    pass.seed = 11
    configure(&pass)
    if let states { pass.states[name] = states }
    let output = (network ?? self.network)(x ?? self.x, &pass)
    return (output, pass)
  }

  func expect(_ condition: Bool, _ what: String) {
    #expect(condition, "\(subject) \(what)", sourceLocation: sourceLocation)
  }

  static func draw(_ shape: Shape, _ input: Signature, seed: UInt64) -> Tensor {
    input.vocabulary.map { drawnIDs(shape, below: $0, seed: seed) }
      ?? drawn(shape, seed: seed, in: -1.5...1.5)
  }
}

extension LayerCheck {
  private func shapesAreTheRealOnes() {
    let expected = output.shape(batch: batch, time: time)
    expect(run().output.shape == expected, "the output is not \(output)")
    let real = network.parameters.map { ParameterShape($0.name, $0.parameter.value.shape) }
    let rows = model.rows(for: input)
    let told = rows.flatMap { row in
      row.parameters.map { ParameterShape(row.name + "." + $0.name, $0.shape) }
    }
    expect(told == real, "the parameters are \(real)")
    expect(Set(real.map(\.name)).count == real.count, "parameters share a name")
    let features = output.features.reduce(1, *)
    let passesOn = layer is Identity || layer is Sequential
    expect(
      passesOn || rows.reduce(0) { $0 + $1.activations } >= features, "keeps less than its output")
  }

  /// Against central differences in Float32: of the input, the initial state and every parameter.
  private func gradientsAreRight() {
    var inputs = input.vocabulary == nil ? [x] : []
    let recurrent = layer.needsWholeSequences ? nil : layer as? any RecurrentLayer
    let (states, width) = (recurrent?.stateNames.count ?? 0, recurrent?.hiddenSize ?? 0)
    for part in 0..<states { inputs.append(drawn([batch, width], seed: 20 + UInt64(part))) }
    // Away from a start such as the identity with biases 0, where relu stands on its kink.
    let start = parameters.map { $0.value.copy() }
    defer { for (parameter, value) in zip(parameters, start) { parameter.assign(value) } }
    for (index, parameter) in parameters.enumerated() {
      let moved = drawn(parameter.value.shape, seed: 40 + UInt64(index), in: -0.25...0.25)
      parameter.assign(parameter.value + moved)
    }
    let outputs = [false, true].map { isTraining in
      run { $0.isTraining = isTraining }.output.scalars
    }
    for isTraining in outputs[0] == outputs[1] ? [false] : [false, true] {
      // Ids have no gradient, so something that has one must bring the tape.
      let worst = GradientCheck.worstError(
        inputs: inputs + [.ones([1])], parameters: parameters, most: 106
      ) { variables in
        let tape = variables.last?.tape
        let x = input.vocabulary == nil ? variables[0] : tape?.constant(x) ?? x
        let from = states > 0 ? Array(variables.dropLast().suffix(states)) : nil
        return [run(x, from: from) { $0.isTraining = isTraining }.output]
      }
      expect(worst < 1e-3, "gradients are wrong by \(worst)")
    }
  }

  private func thePassIsReproducible() {
    for isTraining in [false, true] {
      let outputs = (0..<2).map { _ in run { $0.isTraining = isTraining }.output }
      expectSameBits(outputs[0], outputs[1], subject, sourceLocation: sourceLocation)
    }
  }

  private func signalsAreNamedAndInRange() {
    let recorded = run { $0.recordsSignals = true }.pass.recorded
    let signals = network.elements.flatMap(\.layer.signals)
    expect(recorded.map(\.signal) == signals, "records \(recorded.map(\.fullName))")
    expect(Set(recorded.map(\.fullName)).count == recorded.count, "signals share a name")
    for record in recorded {
      let (signal, values) = (record.signal, record.values)
      expect(!signal.name.isEmpty && !signal.meaning.isEmpty, "a signal has no name or meaning")
      expect(record.layer == name, "\(signal.name) names layer '\(record.layer)'")
      expect(values.shape.dimensions.prefix(2) == [batch, time], "\(signal.name) is not [B, T, …]")
      expect(values.tape == nil, "\(signal.name) stands on a tape")
      let inRange = values.scalars.allSatisfy { value in
        switch signal.range {
        case .gate: (0...1).contains(value)
        case .mask: value == 0 || value == 1
        case .signed: (-1...1).contains(value)
        case .positive: value >= 0
        case .unbounded: value.isFinite
        }
      }
      expect(inRange, "\(signal.name) leaves its range")
      let isNegative = values.scalars.contains { $0 < 0 }
      expect(signal.range != .signed || isNegative, "\(signal.name) needs no signed range")
    }
    expect(run().pass.recorded.isEmpty, "records without being asked")
  }

  /// What stands past a sequence's length changes no result and gets no gradient.
  private func paddingChangesNothing() {
    guard input.isSequence else { return }
    for isTraining in [false, true] { paddingChangesNothing(isTraining: isTraining) }
    longerPaddingChangesNothing()
  }

  /// What padding is filled with: numbers that would be heard, and ids as they are.
  private var loud: Float { input.vocabulary == nil ? 1000 : 1 }

  /// Valid steps do not depend on how far sequences are padded.
  private func longerPaddingChangesNothing() {
    let (lengths, longer) = ([4, 7, 1], time + 3)
    let width = x.count / (batch * time)
    let padding = [Float](repeating: loud, count: (longer - time) * width)
    let rows = slices(of: x.scalars, time * width).flatMap { $0 + padding }
    let features = Array(x.shape.dimensions.dropFirst(2))
    let padded = Tensor(rows, Shape([batch, longer] + features))
    let short = run(x) { $0.lengths = lengths }.output
    let long = run(padded) { $0.lengths = lengths }.output
    let found = [valid(short, lengths, of: time), valid(long, lengths, of: longer)]
    expectClose(
      found[1], found[0], within: 1e-6, "\(subject) with longer padding",
      sourceLocation: sourceLocation)
  }

  private func slices(of numbers: [Float], _ size: Int) -> [ArraySlice<Float>] {
    stride(from: 0, to: numbers.count, by: size).map { numbers[$0..<$0 + size] }
  }

  /// The numbers of `found` that belong to valid steps, of inputs that have `time` steps.
  private func valid(_ found: Tensor, _ lengths: [Int], of time: Int) -> Tensor {
    guard output.isSequence else { return found }
    let size = found.count / (batch * output.time(time))
    let rows = slices(of: found.scalars, output.time(time) * size)
    let kept = zip(rows, lengths).flatMap { row, length in row.prefix(output.time(length) * size) }
    return Tensor(kept, [kept.count])
  }

  private func paddingChangesNothing(isTraining: Bool) {
    let lengths = [4, 7, 1]
    func run(_ x: Tensor) -> Tensor {
      self.run(x) { ($0.lengths, $0.isTraining) = (lengths, isTraining) }.output
    }
    var other = Self.draw(x.shape, input, seed: 2).scalars
    let width = x.count / (batch * time)
    var isPadding = [Bool](repeating: false, count: x.count)
    for (index, value) in x.scalars.enumerated() {
      isPadding[index] = index / width % time >= lengths[index / width / time]
      other[index] = isPadding[index] ? loud * other[index] : value
    }

    let tape = Tape()
    let variable = tape.variable(x)
    let found = run(variable)
    let weights = validWeights(found.shape, lengths)
    let padded = run(Tensor(other, x.shape))
    expectClose(  // not the same bits: a weight of 0 leaves the sign
      padded * weights, found.detached * weights, within: 0,
      "\(subject) with other padding, the output", sourceLocation: sourceLocation)
    guard let gradient = tape.gradients(of: (found * weights).sum())[variable] else { return }
    let leaks = zip(gradient.scalars, isPadding).contains { $1 && $0 != 0 }
    expect(!leaks, "padding has a gradient")
  }

  /// Weights of a loss that looks at valid steps only.
  private func validWeights(_ shape: Shape, _ lengths: [Int]) -> Tensor {
    guard output.isSequence else { return lossWeights(shape) }
    let time = output.time(time)
    let width = shape.count / (batch * time)
    let weights = lossWeights(shape).scalars.enumerated().map { index, weight in
      index / width % time < output.time(lengths[index / width / time]) ? weight : 0
    }
    return Tensor(weights, shape)
  }

  /// A layer that needs no whole sequences gives a step's output once the steps before it are in.
  private func oneStepAtATimeEqualsTheWhole() {
    let isStreamed = network.elements.allSatisfy { !$0.layer.needsWholeSequences }
    guard input.isSequence, output.isSequence, isStreamed else { return }
    let whole = run().output
    var states: [String: [Tensor]] = [:]
    for t in 0..<time {
      let one = run(x.steps(t..<t + 1)) { $0.states = states }
      states = one.pass.states
      expectSameBits(
        one.output, whole.steps(t..<t + 1), "\(subject) step \(t) alone",
        sourceLocation: sourceLocation)
    }
  }

  private func theSeedIsReproducible() throws {
    let again = try Network(model, input: input, seed: 7)
    let other = try Network(model, input: input, seed: 8)
    for (index, parameter) in parameters.enumerated() {
      expectSameBits(
        again.parameters[index].parameter.value, parameter.value, "\(subject) \(parameter.name)",
        sourceLocation: sourceLocation)
    }
    let drawsTheSame = zip(parameters, other.parameters).allSatisfy {
      $0.value.scalars == $1.parameter.value.scalars
    }
    let areFixed = parameters.allSatisfy { Set($0.value.scalars).count == 1 }  // as of a gain
    expect(areFixed || !drawsTheSame, "another seed draws the same numbers")
  }

  private func parametersSurviveAFile() throws {
    run { $0.isTraining = true }.pass.keepStatistics()
    let arrays = network.snapshot().map {
      NumericArray($0.name, $0.value.scalars, shape: $0.value.shape.dimensions)
    }
    let file = try SafeTensors.decode(SafeTensors.encode(TensorFile(arrays)), name: "layer")
    let opened = try Network(model, input: input, seed: 8)
    for (name, parameter) in opened.saved {
      let array = try file.tensor(name, shape: parameter.value.shape.dimensions, for: "The test")
      parameter.assign(Tensor(array.floats(), parameter.value.shape))
    }
    expectSameBits(
      run(network: opened).output, run().output, "\(subject) after save and open, the output",
      sourceLocation: sourceLocation)
  }
}
