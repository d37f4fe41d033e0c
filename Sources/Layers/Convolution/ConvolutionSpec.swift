import Engine

/// A convolution, over whatever axes.
public protocol ConvolutionLayer: Layer {
  /// How a kernel may treat the ends of its axes.
  associatedtype Ends: KernelEnds

  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// The output channels that a new one has.
  static var usualChannels: Int { get }
  /// What the kernel moves over, for the words of its settings.
  static var ground: KernelGround { get }
  /// The number of axes that the kernel moves over.
  static var axes: Int { get }
  /// Whether it is a transposed one: inputs spread over outputs.
  static var isTransposed: Bool { get }

  /// What the convolution of `spec` makes of `input`, or why it does not fit.
  static func output(
    of spec: ConvolutionSpec<Self>, for input: Signature
  ) throws(ShapeError) -> Signature

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  static func field(
    of outputs: CellSet, _ spec: ConvolutionSpec<Self>, over input: DataExtent
  ) -> CellSet

  /// The layer that `spec` describes with these weights, for an `input` that fits.
  init(_ spec: ConvolutionSpec<Self>, for input: Signature, _ weights: ConvolutionParameters)
}

extension ConvolutionLayer {
  /// Most are not transposed.
  public static var isTransposed: Bool { false }

  /// Whether the first axis is time: images have two axes, sequences and videos one or three.
  static var isOverTime: Bool { axes != 2 }

  /// Draws every parameter from U(−1/√F, 1/√F) for an `input` that fits, unless `spec` says
  /// otherwise.
  public init(
    _ spec: ConvolutionSpec<Self>, for input: Signature, using random: inout Random
  ) {
    self.init(
      spec, for: input,
      ConvolutionParameters(spec.parameterShapes(for: input), using: &random))
    let start = spec.weightInit
    for parameter in parameters {
      if parameter.value.shape.rank == 1 {
        start.apply(toBias: parameter)
      } else {
        start.apply(
          to: parameter, blocks: spec.groups, isTransposed: Self.isTransposed, using: &random)
      }
    }
  }
}

extension Layer {
  /// Whether it is a convolution whose inputs spread over outputs: its weights have input channels first.
  public var isTransposedConvolution: Bool {
    (self as? any ConvolutionLayer).map { type(of: $0).isTransposed } ?? false
  }
}

/// What a kernel moves over, in the words of its settings.
public struct KernelGround: Sendable {
  /// What it counts in: `pixels`.
  let unit: String
  /// What the size of a kernel means.
  let kernel: String
  /// What padding stands around.
  let around: String
  /// The largest size, stride and dilation.
  let longest: Int

  /// Time steps.
  static let time = KernelGround(
    unit: "time steps", kernel: "time steps that an output sees, k",
    around: "before and after the sequence", longest: 4096)
  /// Pixels.
  static let image = KernelGround(
    unit: "pixels", kernel: "pixels on a side of the kernel, k", around: "around the image",
    longest: 255)
}

/// What the user edits of a convolution.
public struct ConvolutionSpec<Kind: ConvolutionLayer>: LayerSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind }
  /// What it does, in one line.
  public static var summary: String { Kind.summary }
  /// What can be set.
  public static var fields: [Field<ConvolutionSpec>] {
    let (ground, sizes) = (Kind.ground, 1...Kind.ground.longest)
    let start: [Field<ConvolutionSpec>] = [
      .integer("out_channels", \.outChannels, in: 1...65_536, "output channels, O"),
      .sizes("kernel_size", \.kernelSize, axes: Kind.axes, in: sizes, ground.kernel),
      .sizes("stride", \.stride, axes: Kind.axes, in: sizes, "\(ground.unit) between outputs, s"),
      .choice(
        "padding", \.padding, orSizes: \.sides, axes: Kind.axes, in: 0...ground.longest,
        "what stands \(ground.around), or how much"),
      .sizes("dilation", \.dilation, axes: Kind.axes, in: sizes, "\(ground.unit) between taps, d"),
      .integer("groups", \.groups, in: 1...65_536, "groups of channels that see each other, G"),
      .flag("bias", \.bias, "whether to add b"),
      .choice("weight_init", \.weightInit, "how weights start").optional,
    ]
    guard Kind.isTransposed else { return start }
    return start + [
      .sizes(
        "output_padding", \.outputPadding, axes: Kind.axes, in: 0...ground.longest,
        "\(ground.unit) more at the end"
      ).optional
    ]
  }

  /// What is more at the end says nothing where as much is cut off as there is to be.
  public func heeds(_ name: String) -> Bool {
    name != "output_padding" || sides != nil || padding.overTime == .valid
  }

  /// A kernel sees inputs for every output, or spreads every input.
  public static var weightUse: WeightUse { Kind.isTransposed ? .everyInput : .everyOutput }

  /// Output channels, O; at least 1.
  public var outChannels = Kind.usualChannels
  /// Taps along the sides of the kernel, k; at least 1.
  public var kernelSize: AxisSizes = 3
  /// Inputs between outputs, s; at least 1.
  public var stride: AxisSizes = 1
  /// What stands around the input, unless `sides` says so.
  public var padding = Kind.Ends.same
  /// Zeros at both ends of every axis, p, of transposed ones what is cut off, as in PyTorch; nil: as
  /// `padding` says.
  public var sides: AxisSizes?
  /// Outputs at the end of what a transposed one would put out, with `sides` or padding valid.
  public var outputPadding: AxisSizes = 0
  /// Inputs between taps, d; at least 1.
  public var dilation: AxisSizes = 1
  /// Groups of channels that see each other, G; at least 1.
  public var groups = 1
  /// Whether to add b.
  public var bias = true
  /// How weights start.
  public var weightInit = WeightInitializer.standard

  /// A kernel of 3 taps on a side.
  public init() {}

  /// `outChannels` channels with kernels of `kernelSize` taps along their sides.
  public init(outChannels: Int, kernelSize: AxisSizes = 3) {
    self.outChannels = outChannels
    self.kernelSize = kernelSize
  }

  /// The kernel along every axis.
  var slidings: [Sliding] {
    (0..<Kind.axes).map { axis in
      if let sides {
        return Sliding(
          kernelSize[axis], stride: stride[axis], dilation: dilation[axis], bothSides: sides[axis])
      }
      return Sliding(
        kernelSize[axis], stride: stride[axis], dilation: dilation[axis], padding(along: axis))
    }
  }

  /// What stands around axis `axis`: the axes of images know no causes.
  func padding(along axis: Int) -> TimePadding {
    let padding = padding.overTime
    return Kind.isOverTime && axis == 0 || padding == .valid ? padding : .same
  }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    if Kind.isTransposed { try checkSpreadings() }
    return try Kind.output(of: self, for: input)
  }

  /// Throws unless something is left of every input of a transposed convolution.
  private func checkSpreadings() throws(ShapeError) {
    for (axis, spreading) in spreadings.enumerated() {
      let most = max(spreading.stride, spreading.dilation) - 1
      guard spreading.behind <= most else {
        throw ShapeError(
          "\(Self.kind) needs output_padding of at most \(most), less than its stride or dilation, got "
            + "'\(outputPadding[axis])'. Lower it.")
      }
      guard spreading.outputs(over: 1) >= 1 else {
        let most = (spreading.extent - 1 + spreading.behind) / 2
        throw ShapeError(
          "\(Self.kind) needs padding of at most \(most) for its kernel, got '\(spreading.front)'. Use a "
            + "smaller one, or a larger kernel_size.")
      }
    }
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    Kind.field(of: outputs, self, over: input)
  }

  /// A kernel that reaches beyond the step it stands at does, and one whose outputs begin late.
  public var seesLaterSteps: Bool {
    guard Kind.isOverTime else { return false }
    return Kind.isTransposed ? spreadings[0].front > 0 : slidings[0].seesLaterSteps
  }

  /// The parameters' names and shapes, in the order they are saved.
  public func parameterShapes(for input: Signature) -> [ParameterShape] {
    let taps = kernelSize.each(Kind.axes)
    let channels = input.features.first ?? 0
    let weight = Shape(
      (Kind.isTransposed ? [channels, outChannels / groups] : [outChannels, channels / groups])
        + taps)
    return [ParameterShape("weight", weight)]
      + (bias ? [ParameterShape("bias", [outChannels])] : [])
  }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int {
    let outputs = (try? output(for: input))?.features.reduce(1, *) ?? 0
    // One step over time becomes several.
    let steps = Kind.isTransposed && Kind.isOverTime ? stride[0] : 1
    return 2 * outputs * steps + 2 * input.features.reduce(1, *)
  }

  /// The layer with freshly drawn parameters.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    Kind(self, for: input, using: &random)
  }

  /// Throws unless both sides have channels in equal groups.
  func checkGroups(channels: Int, _ input: Signature) throws(ShapeError) {
    guard channels % groups == 0 && outChannels % groups == 0 else {
      throw ShapeError(
        "\(Self.kind) needs \(groups) equal groups of \(channels) channels in and \(outChannels) "
          + "out, got \(input). Choose groups so that it divides both.")
    }
  }
}

/// Weights and biases of a convolution under PyTorch's names, from U(−1/√F, 1/√F) with F the numbers
/// that one output sees.
public struct ConvolutionParameters: Sendable {
  let weight: Parameter
  let bias: Parameter?

  init(_ shapes: [ParameterShape], using random: inout Random) {
    let seen = shapes[0].shape.count / shapes[0].shape[0]
    let bound = 1 / Float(seen).squareRoot()
    let drawn = shapes.map {
      Parameter($0.name, .uniform(-bound...bound, $0.shape, using: &random))
    }
    weight = drawn[0]
    bias = drawn.count > 1 ? drawn[1] : nil
  }

  var all: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
}
