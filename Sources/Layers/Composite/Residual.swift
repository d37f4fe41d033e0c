import Engine

/// Layers with a way around them.
///
///     y = x + f(x)        f the layers inside, one after another
///     y = W x + b + f(x)  with `projection` linear: W and b act on the channels of every step and
///                         pixel alike, which is a 1×1 convolution
///
/// Shapes: D channels in, N out. Input `[B, D]`, `[B, T, D]`, `[B, C, H, W]` or `[B, T, C, H, W]`;
/// the layers inside keep it, or with a projection change the channels only. W is `[N, D]` and b is
/// `[N]`, from U(−1/√D, 1/√D).
///
/// With `branch_init` depth_scaled the last weights and biases inside start 1/√N as large, N the
/// residual layers of the model: the variance of a sum over all of them then does not grow with
/// their number. Those of a Transformer of L blocks are N = 2 L. With zero every residual layer
/// starts as its way around.
///
/// Sources: He et al. 2016, arXiv:1512.03385. There the projection is used where widths differ and
/// left out elsewhere; here it is a setting, so that a model's parameters do not change kind with its
/// sizes. Radford et al. 2019 (GPT-2, section 2.3) for 1/√N; Goyal et al. 2017, arXiv:1706.02677, and
/// Zhang et al. 2019, arXiv:1901.09321 (Fixup), for zero.
public struct Residual: Layer {
  /// How what the layers inside put out starts.
  public enum BranchStart: String, CaseIterable, Sendable {
    /// As those layers start.
    case standard = "default"
    /// 1/√N as large, N the number of residual layers.
    case depthScaled = "depth_scaled"
    /// As nothing.
    case zero
  }

  /// What the way around the layers does.
  public enum Projection: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// A linear map of the channels.
    case linear
  }

  /// What the user edits of a residual layer besides the layers inside.
  public struct Spec: CompositeSpec {
    /// The name in session files and in the palette.
    public static let kind = "residual"
    /// What it does, in one line.
    public static let summary = "skip connection: adds its input to what its layers put out"
    /// A projection acts on every vector.
    public static let weightUse = WeightUse.everyOutput
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .choice("projection", \.projection, "what the way around the layers does"),
      .choice("branch_init", \.branchInit, "how what is inside starts").optional,
    ]

    /// What the way around the layers does.
    public var projection = Projection.none
    /// How what the layers inside put out starts.
    public var branchInit = BranchStart.standard
    /// N, the number of residual layers of the model.
    var total = 1

    /// A way around that does nothing.
    public init() {}

    /// What the layers inside get.
    public func innerInput(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input)
    }

    /// The sum's kind of data, or why there is none.
    public func output(for input: Signature, from parts: [Part]) throws(ShapeError) -> Signature {
      let fitting = try featuresOnly(input)
      guard let end = parts.last?.output else {
        throw ShapeError("residual needs layers inside, got \(input). Add one inside it.")
      }
      var reached = fitting
      reached.features[0] = end.features.first ?? 0
      guard end == reached else {
        throw ShapeError(
          "residual needs layers that change nothing of \(input) but its channels, got \(end). "
            + "Use padding same and stride 1, and pool or flatten after it.")
      }
      guard projection == .linear || end == input else {
        throw ShapeError(
          "residual needs layers that put out \(input) as they got it, got \(end). "
            + "Set projection to linear, or end with \(input.features[0]) channels.")
      }
      guard branchInit == .standard || parts.last?.isScaledByItsWeights == true else {
        throw ShapeError(
          "residual needs the last weights inside to be those of a linear layer, a convolution or a "
            + "norm for branch_init \(branchInit.rawValue), got '\(parts.last?.name ?? "")'. "
            + "Put a linear layer after it, or set branch_init to default.")
      }
      return end
    }

    /// What the way around sees.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      projection == .linear ? outputs.allChannels(over: input) : outputs.same(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(
      for input: Signature, from parts: [Part]
    ) -> [ParameterShape] {
      guard projection == .linear else { return [] }
      let channels = [input, parts.last?.output ?? input].map { $0.features.first ?? 0 }
      return [
        ParameterShape("weight", [channels[1], channels[0]]), ParameterShape("bias", [channels[1]]),
      ]
    }

    /// Floats that it keeps itself of one time step of one example while training, roughly.
    public func activations(for input: Signature, from parts: [Part]) -> Int {
      let size = parts.last?.output.features.reduce(1, *) ?? 0
      return projection == .linear ? 4 * size : 2 * size
    }

    /// The layer around `children` with freshly drawn parameters.
    public func makeLayer(
      for input: Signature, from parts: [Part], around children: [Network.Element],
      using random: inout Random
    ) -> any Layer {
      scaleStart(of: children)
      let bound = 1 / Float(input.features[0]).squareRoot()
      let drawn = parameterShapes(for: input, from: parts).map {
        Parameter($0.name, .uniform(-bound...bound, $0.shape, using: &random))
      }
      return Residual(
        children: children, parameters: drawn, image: Array(input.features.dropFirst()))
    }

    private func scaleStart(of children: [Network.Element]) {
      let factor: Float =
        switch branchInit {
        case .standard: 1
        case .depthScaled: 1 / Float(total).squareRoot()
        case .zero: 0
        }
      let last = children.flatMap(\.tree).last { !$0.layer.parameters.isEmpty }
      guard let last, factor != 1 else { return }
      for parameter in last.layer.parameters { parameter.assign(parameter.value * factor) }
    }
  }

  /// The layers inside, in the order data flow.
  public let children: [Network.Element]
  /// Weights and biases of the projection, `[N, D]` and `[N]`, if there is one.
  public let parameters: [Parameter]
  /// Height and width of images; empty for vectors.
  private let image: [Int]

  init(children: [Network.Element], parameters: [Parameter], image: [Int]) {
    self.children = children
    self.parameters = parameters
    self.image = image
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    around(input) + children.run(input, &pass)
  }

  private func around(_ x: Tensor) -> Tensor {
    guard let weight = parameters.first, let bias = parameters.last else { return x }
    if image.isEmpty { return x.linear(weight, bias) }
    let ones = image.map { _ in 1 }
    let window = Window(
      over: image, to: image, kernel: ones, stride: ones, padding: ones.map { _ in 0 },
      dilation: ones)
    let kernel = weight.beside(x).reshaped(Shape(weight.value.shape.dimensions + ones))
    return x.convolved(kernel, bias.beside(x), window)
  }
}
