import Engine

/// What the user edits of a recurrent layer: the cell's own settings and those that all share.
///
/// A cell says its parameters and makes itself for one direction; the second direction and
/// regularisers follow from that.
public protocol RecurrentSpec: LayerSpec {
  /// What every recurrent layer offers.
  var options: RecurrentOptions { get set }

  /// What one direction puts out, or why the input does not fit.
  func cellOutput(for input: Signature) throws(ShapeError) -> Signature

  /// The names and shapes of one cell's parameters, in the order they are saved.
  func cellShapes(for input: Signature) -> [ParameterShape]

  /// Floats that one time step of one example keeps while training in one direction, roughly.
  func cellActivations(for input: Signature) -> Int

  /// A cell with freshly drawn parameters, named for `lane`.
  func makeCell(
    for input: Signature, lane: Lane, using random: inout Random
  ) -> any RecurrentLayer
}

extension RecurrentSpec {
  /// Every matrix at every time step.
  public static var weightUse: WeightUse { .everyOutput }

  /// The second cell comes from the end.
  public var seesLaterSteps: Bool { options.bidirectional != .off }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    var output = try cellOutput(for: input)
    if options.bidirectional == .concat { output.features[0] *= 2 }
    return output
  }

  /// The parameters' names and shapes, in the order they are saved.
  public func parameterShapes(for input: Signature) -> [ParameterShape] {
    let shapes = cellShapes(for: input)
    guard options.bidirectional != .off else { return shapes }
    return shapes + shapes.map { ParameterShape($0.name + Lane.backward.suffix, $0.shape) }
  }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int {
    let inputs = input.features.reduce(1, *)
    let outputs = (try? cellOutput(for: input))?.features.reduce(1, *) ?? 0
    let masks = options.dropout > 0 ? 2 * inputs : 0
    let zones = options.zoneout + options.zoneoutCell > 0 ? 8 * outputs : 0
    // Going back, [x, h'] and its packing stand beside what is kept.
    let lane = cellActivations(for: input) + 2 * inputs + outputs + masks + zones
    return options.bidirectional == .off ? lane : 2 * (lane + inputs + 2 * outputs)
  }

  /// The layer with freshly drawn parameters.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    let forward = startedCell(for: input, lane: .forward, using: &random)
    guard options.bidirectional != .off else { return forward }
    let backward = startedCell(for: input, lane: .backward, using: &random)
    return Bidirectional(forward, backward, merge: options.bidirectional)
  }

  /// A cell whose input weights start as `options` says, every gate by itself, and whose recurrent
  /// weights are multiplied by its gain. Biases are the cell's own matter: its forget bias comes after.
  private func startedCell(
    for input: Signature, lane: Lane, using random: inout Random
  ) -> any RecurrentLayer {
    let cell = makeCell(for: input, lane: lane, using: &random)
    for weight in cell.parameters where weight.name.hasPrefix("weight_ih") {
      let (gates, rest) = weight.value.shape[0].quotientAndRemainder(dividingBy: cell.gateRows)
      options.weightInit.apply(to: weight, blocks: rest == 0 ? gates : 1, using: &random)
    }
    if options.recurrentGain != 1, let weight = cell.recurrentWeight {
      weight.assign(weight.value * Float(options.recurrentGain))
    }
    return cell
  }
}

/// What the user edits of a recurrent layer over vectors: what it takes depends on its input's size
/// only.
public protocol VectorCellSpec: RecurrentSpec {
  /// The width of a state and of one direction's output, H; at least 1.
  var outputSize: Int { get }

  /// The names and shapes of one cell's parameters, in the order they are saved.
  func cellShapes(inputSize: Int) -> [ParameterShape]

  /// Floats that one time step of one example keeps while training in one direction, roughly.
  var cellActivations: Int { get }

  /// A cell with freshly drawn parameters, named for `lane`.
  func makeCell(inputSize: Int, lane: Lane, using random: inout Random) -> any RecurrentLayer
}

extension VectorCellSpec {
  /// What one direction puts out, or why the input does not fit.
  public func cellOutput(for input: Signature) throws(ShapeError) -> Signature {
    _ = try featureSize(of: input, sequence: true)
    return input.withSize(outputSize)
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    let (there, back) = (0..<outputSize, outputs.extent.width - outputSize..<outputs.extent.width)
    var seen = outputs.past(of: there, over: input)
    if options.bidirectional != .off { seen.formUnion(outputs.future(of: back, over: input)) }
    return seen
  }

  /// The names and shapes of one cell's parameters, in the order they are saved.
  public func cellShapes(for input: Signature) -> [ParameterShape] {
    cellShapes(inputSize: input.size ?? 0)
  }

  /// Floats that one time step of one example keeps while training in one direction, roughly.
  public func cellActivations(for input: Signature) -> Int { cellActivations }

  /// A cell with freshly drawn parameters, named for `lane`.
  public func makeCell(
    for input: Signature, lane: Lane, using random: inout Random
  ) -> any RecurrentLayer {
    makeCell(inputSize: input.size ?? 0, lane: lane, using: &random)
  }
}
