import Engine

/// A convolutional LSTM: an LSTM whose input, state and gates are images, and whose products are
/// convolutions.
///
///     iₜ = σ(W_i ∗ xₜ + U_i ∗ hₜ₋₁ + p_i ⊙ cₜ₋₁ + b_i)    input gate
///     fₜ = σ(W_f ∗ xₜ + U_f ∗ hₜ₋₁ + p_f ⊙ cₜ₋₁ + b_f)    forget gate
///     gₜ = tanh(W_g ∗ xₜ + U_g ∗ hₜ₋₁ + b_g)              cell candidate
///     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ                            cell state
///     oₜ = σ(W_o ∗ xₜ + U_o ∗ hₜ₋₁ + p_o ⊙ cₜ + b_o)      output gate: sees the new cell
///     hₜ = oₜ ⊙ tanh(cₜ)                                  hidden state
///
/// Shapes: B batch, T time steps, D input channels, C hidden channels, H height, W width, k kernel
/// size. Input `[B, T, D, H, W]`, output `[B, T, C, H, W]`; both convolutions keep the size of the
/// image, with ⌊(k − 1)/2⌋ zeros in front. State h and c `[B, C·H·W]` (zeros by default).
///
/// Kernels `[4C, D, k, k]` and `[4C, C, k, k]`, gates stacked i, f, g, o, from U(−1/√F, 1/√F) with F
/// the numbers that one output of each sees; one bias `[4C]`, as in Keras, whose kernels are the same
/// with the axes in another order. Peepholes are off by default, as in most libraries; `channel` has
/// one weight a channel, `place` one a channel and place as in the paper, which ties the layer to the
/// size of its images.
///
/// Source: Shi et al. 2015, arXiv:1506.04214.
public struct ConvLSTM: RecurrentLayer {
  /// Where the gates' weights for the cell state are.
  public enum Peepholes: String, CaseIterable, Sendable {
    /// Nowhere.
    case off
    /// One for every channel.
    case channel
    /// One for every channel and place.
    case place
  }

  /// What the user edits of a convolutional LSTM.
  public struct Spec: RecurrentSpec {
    /// The name in session files and in the palette.
    public static let kind = "conv_lstm"
    /// What it does, in one line.
    public static let summary = "LSTM over images, with kernels for matrices"
    /// What can be set.
    public static var fields: [Field<Spec>] {
      [
        .integer("hidden_channels", \.hiddenChannels, in: 1...4096, "hidden channels, C"),
        .integer("kernel_size", \.kernelSize, in: 1...255, KernelGround.image.kernel),
      ]
        + Field.optional([
          .choice("peepholes", \.peepholes, "weights with which gates see the cell"),
          .decimal(
            "forget_bias", \.forgetBias, in: -10...10,
            "added to the forget gate's bias at the start"),
        ]) + biasFields + sharedFields + cellStateFields
    }

    /// Hidden channels, C; at least 1.
    public var hiddenChannels = 16
    /// Taps along a side of both kernels, k; at least 1.
    public var kernelSize = 3
    /// How gates see the cell state.
    public var peepholes = Peepholes.off
    /// What is added to the forget gate's bias at the start.
    public var forgetBias = 0.0
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 16 channels with kernels of 3 taps on a side.
    public init() {}

    /// `hiddenChannels` channels with kernels of `kernelSize` taps on a side.
    public init(hiddenChannels: Int, kernelSize: Int = 3) {
      self.hiddenChannels = hiddenChannels
      self.kernelSize = kernelSize
    }

    /// What one direction puts out, or why the input does not fit.
    public func cellOutput(for input: Signature) throws(ShapeError) -> Signature {
      guard input.isImage && input.isSequence else {
        throw ShapeError(
          "\(Self.kind) needs sequences of images [batch, time, channels, height, width], "
            + "got \(input).\(input.isImage ? " Use data with a time axis." : "")")
      }
      var output = input
      output.features[0] = hiddenChannels
      return output
    }

    /// What the numbers `outputs` see of an example of `input`: with every step that it lies back, a
    /// kernel more to each side.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      let state = DataExtent(
        steps: outputs.extent.steps,
        features: [hiddenChannels] + outputs.extent.features.dropFirst())
      let backward = outputs.extent.width - state.width..<outputs.extent.width
      var seen = seen(by: outputs.features(0..<state.width, as: state), .forward, over: input)
      if options.bidirectional != .off {
        seen.formUnion(
          self.seen(by: outputs.features(backward, as: state), .backward, over: input))
      }
      return seen
    }

    private func seen(by states: CellSet, _ lane: Lane, over input: DataExtent) -> CellSet {
      let sliding = Sliding(kernelSize, stride: 1, dilation: 1, .same)
      let sight = KernelSight(image: sliding.sight)
      let step = DataExtent(steps: 1, features: states.extent.features)
      var (seen, wanted) = (CellSet(input), CellSet(step))
      let steps = lane == .forward ? Array((0..<input.steps).reversed()) : Array(0..<input.steps)
      for t in steps {
        wanted.formUnion(states.step(t))
        let frame = DataExtent(steps: 1, features: input.features)
        seen.formUnion(wanted.sliding(sight, groups: 1, over: frame), at: t)
        wanted = wanted.sliding(sight, groups: 1, over: step)
      }
      return seen
    }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(for input: Signature) -> [ParameterShape] {
      let (channels, image) = (input.features.first ?? 0, Array(input.features.dropFirst()))
      let (gates, kernel) = (4 * hiddenChannels, [kernelSize, kernelSize])
      let peephole: Shape? =
        switch peepholes {
        case .off: nil
        case .channel: [hiddenChannels]
        case .place: Shape([hiddenChannels] + image)
        }
      return [
        ParameterShape("weight_ih_l0", Shape([gates, channels] + kernel)),
        ParameterShape("weight_hh_l0", Shape([gates, hiddenChannels] + kernel)),
        ParameterShape("bias_l0", [gates]),
      ]
        + (peephole.map { shape in
          ["weight_ci_l0", "weight_cf_l0", "weight_co_l0"].map { ParameterShape($0, shape) }
        } ?? [])
    }

    /// Floats that one time step of one example keeps while training in one direction, roughly.
    public func cellActivations(for input: Signature) -> Int {
      13 * hiddenChannels * input.features.dropFirst().reduce(1, *)
    }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      for input: Signature, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      ConvLSTM(self, for: input, lane: lane, using: &random)
    }
  }

  /// The parts of the state.
  public let stateNames = ["h", "c"]
  /// What is shown over time.
  public let signals = Signal.ofLSTM
  /// What is dropped and kept at random.
  public let options: RecurrentOptions
  /// The features of one step of the output, `[C, H, W]`.
  public let outputFeatures: [Int]
  /// Every trainable parameter, in the order they are saved.
  public let parameters: [Parameter]

  private let inputFeatures: [Int]
  private let window: Window

  private var weightIH: Parameter { parameters[0] }
  private var weightHH: Parameter { parameters[1] }
  private var bias: Parameter { parameters[2] }
  private var peepholes: ArraySlice<Parameter> { parameters.dropFirst(3) }

  /// The width of each part of the state, C·H·W.
  public var hiddenSize: Int { outputFeatures.reduce(1, *) }
  /// A gate has a row for every channel.
  public var gateRows: Int { outputFeatures[0] }
  /// The forget gate keeps the cell.
  public var keeper: CellMemory.Keeper { .gate("f") }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weightHH }

  /// Draws every parameter as `spec` says, for an `input` that fits.
  public init(
    _ spec: Spec, for input: Signature, lane: Lane = .forward, using random: inout Random
  ) {
    let channels = spec.hiddenChannels
    options = spec.options
    inputFeatures = input.features
    outputFeatures = [channels] + input.features.dropFirst()
    let sliding = Sliding(spec.kernelSize, stride: 1, dilation: 1, .same)
    window = [sliding, sliding].window(over: Array(input.features.dropFirst()))
    let shapes = spec.cellShapes(for: input)
    let seen = shapes.prefix(2).map { $0.shape.count / $0.shape[0] }  // by a place of x, of h
    parameters = shapes.enumerated().map { index, shape in
      let bound = 1 / Float(seen[index == 1 ? 1 : 0]).squareRoot()
      return Parameter(
        shape.name + lane.suffix, .uniform(-bound...bound, shape.shape, using: &random))
    }
    options.biasInit.apply(to: [bias])
    if spec.forgetBias != 0 { bias.addToGate(1, of: channels, Float(spec.forgetBias)) }
  }

  /// One time step: `x` `[B, D·H·W]`, every part of the state `[B, C·H·W]`.
  public func step(_ x: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let (h, c) = (state[0], state[1])
    let ofInput = convolution(x, inputFeatures, weightIH.beside(x), bias.beside(x))
    let ofState = convolution(
      noise.hidden(h), outputFeatures, noise.weight(weightHH, beside: h), nil)
    let gates = (ofInput + ofState).split(4)  // 4 × [B, C·H·W]
    let p = peepholes.map { $0.beside(h) }  // 3 × [C] or [C, H, W], or none
    let input = noise.held("i", sigmoid(seen(c, through: p.first, by: gates[0])))
    let forget = noise.held("f", sigmoid(seen(c, through: p.dropFirst().first, by: gates[1])))
    let candidate = noise.held("g", tanh(gates[2]))
    let cell = noise.held("c", forget * c + input * noise.candidate(candidate))
    let output = noise.held("o", sigmoid(seen(cell, through: p.last, by: gates[3])))
    let hidden = noise.held("h", output * tanh(cell))
    return RecurrentStep(
      state: [hidden, cell], signals: [input, forget, candidate, output, cell, hidden])
  }

  /// gate + p ⊙ cell, with one p a channel or one a place; the gate itself without a peephole.
  private func seen(_ cell: Tensor, through peephole: Tensor?, by gate: Tensor) -> Tensor {
    guard let p = peephole else { return gate }
    return gate + cell.scaledByChannel(p.reshaped([p.count]), inner: hiddenSize / p.count)
  }

  /// The convolution of images `[B, …]` that are `features`, with every gate's channels: `[B, 4C·H·W]`.
  private func convolution(
    _ x: Tensor, _ features: [Int], _ weight: Tensor, _ bias: Tensor?
  ) -> Tensor {
    x.reshaped(Shape([x.shape[0]] + features)).convolved(weight, bias, window)
      .reshaped([x.shape[0], 4 * hiddenSize])
  }

  /// All time steps of `x` `[B, T, D·H·W]` at once.
  public func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    guard noise.fitsFusedKernel else {
      return stepByStep(x, from: state, noise: noise, probe: probe)
    }
    let fused = ConvLSTMSequence(
      x, h0: state[0], c0: state[1],
      weights: ConvLSTMWeights(
        ih: weightIH.beside(x), hh: noise.weight ?? weightHH.beside(x), bias: bias.beside(x),
        peepholes: peepholes.map { $0.beside(x) }),
      window: window, probe: probe)
    return RecurrentSequence(
      output: fused.output, state: [fused.h, fused.c], signals: fused.signals)
  }
}
