import Engine

/// How a kernel may treat the ends of the axes that it moves over.
public protocol KernelEnds: CaseIterable, Equatable, RawRepresentable, Sendable
where RawValue == String {
  /// Zeros around, so that stride 1 keeps the size: d (k − 1) in all, the smaller half in front.
  static var same: Self { get }
  /// The same over time.
  var overTime: TimePadding { get }
}

/// How a kernel treats the borders of an image.
public enum Padding: String, KernelEnds {
  /// Zeros around, so that stride 1 keeps the size: d (k − 1) in all, the smaller half in front.
  case same
  /// None: the kernel stays inside.
  case valid

  /// The same over time.
  public var overTime: TimePadding { self == .same ? .same : .valid }
}

/// How a kernel treats the two ends of a sequence.
public enum TimePadding: String, KernelEnds {
  /// Zeros around, so that stride 1 keeps the steps: d (k − 1) in all, the smaller half in front.
  case same
  /// None: the kernel stays inside.
  case valid
  /// Zeros in front only, so that no output sees a later step.
  case causal

  /// Itself.
  public var overTime: TimePadding { self }
}

/// A kernel along one axis: k taps, stride s, dilation d.
///
/// Over a size S, with e = d (k − 1) + 1 inputs between the ends of the kernel, there are
/// ⌊(S + padding − e) / s⌋ + 1 outputs.
struct Sliding: Hashable, Sendable {
  let kernel, stride, dilation: Int
  /// Padding in front, and in all.
  let front, padding: Int

  /// Inputs from the first tap to the last.
  var extent: Int { dilation * (kernel - 1) + 1 }

  /// Whether an output sees inputs behind the one that it stands at.
  var seesLaterSteps: Bool { extent - 1 > front }

  init(_ kernel: Int, stride: Int, dilation: Int, _ padding: TimePadding) {
    (self.kernel, self.stride, self.dilation) = (kernel, stride, dilation)
    let around = dilation * (kernel - 1)
    self.padding = padding == .valid ? 0 : around
    front = padding == .valid ? 0 : padding == .same ? around / 2 : around
  }

  init(_ kernel: Int, stride: Int, dilation: Int = 1, bothSides padding: Int) {
    (self.kernel, self.stride, self.dilation) = (kernel, stride, dilation)
    front = padding
    self.padding = 2 * padding
  }

  /// Outputs over `size` inputs; 0 or less when the kernel does not fit.
  func outputs(over size: Int) -> Int {
    let free = size + padding - extent
    return free < 0 ? 0 : free / stride + 1
  }

  /// The same for time steps, of which at least one comes out: a sequence that is too short for
  /// the kernel counts as padded to it.
  func steps(_ before: TimeSteps) -> TimeSteps {
    before.then(adding: padding - extent + stride, dividingBy: stride)
  }

  /// This kernel over a time axis with `time` steps.
  func window(over time: Int) -> Window {
    Window(
      over: [time], to: [steps(TimeSteps())(time)], kernel: [kernel], stride: [stride],
      padding: [front], dilation: [dilation])
  }

}

extension [Sliding] {
  /// These kernels over as many axes.
  func window(over sizes: [Int]) -> Window {
    Window(
      over: sizes, to: zip(self, sizes).map { $0.outputs(over: $1) }, kernel: map(\.kernel),
      stride: map(\.stride), padding: map(\.front), dilation: map(\.dilation))
  }
}

extension LayerSpec {
  /// The features `[C, H, W]` of an image or a sequence of images, or why there are none.
  func imageSizes(of input: Signature) throws(ShapeError) -> [Int] {
    guard input.isImage else {
      throw ShapeError(
        "\(Self.kind) needs images [batch, channels, height, width] or sequences of them, "
          + "got \(input).")
    }
    return input.features
  }

  /// Throws unless these are sequences of images.
  func requireVideo(_ input: Signature) throws(ShapeError) {
    guard input.isSequence, input.isImage else {
      let flat = Self.kind.dropLast(2)
      throw ShapeError(
        "\(Self.kind) needs sequences of images [batch, time, channels, height, width], got \(input). "
          + "Use \(flat)2d for images and \(flat)1d for sequences of vectors.")
    }
  }

  /// What `kernels` over height and width make of images, with `channels` channels, or why they do not
  /// fit into them.
  func slide(
    _ kernels: [Sliding], over input: Signature, channels: Int, cure: String
  ) throws(ShapeError) -> Signature {
    let sizes = zip(kernels, input.features.dropFirst()).map { $0.outputs(over: $1) }
    guard sizes.allSatisfy({ $0 > 0 }) else {
      let least = kernels.map { String($0.extent - $0.padding) }.joined(separator: "×")
      throw ShapeError(
        "\(Self.kind) needs images of \(least) or more for its kernel, got \(input). " + cure)
    }
    var output = input
    output.features = [channels] + sizes
    return output
  }
}

extension Signature {
  /// Whether these are images `[C, H, W]`, or sequences of them.
  var isImage: Bool { vocabulary == nil && features.count == 3 }
}
