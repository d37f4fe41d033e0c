import Engine

/// The mean of each cell of a grid over images, whatever their size; a grid of 1 is the global mean.
///
/// Shapes: B batch, T time steps, C channels, H height, W width, n cells on a side.
/// Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are pooled alike; output `[B, C, n, n]` or
/// `[B, T, C, n, n]`. Cell i covers rows ⌊i H/n⌋ to ⌈(i + 1) H/n⌉ − 1, as in PyTorch.
public struct AdaptiveAvgPool2d: Layer {
  /// What the user edits of an adaptive pool.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "adaptive_avg_pool2d"
    /// What it does, in one line.
    public static let summary = "the mean of each cell of a grid over an image"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("output_size", \.outputSize, in: 1...4096, "cells on a side, n")
    ]

    /// Cells on a side, n; at least 1.
    public var outputSize = 1

    /// The global mean.
    public init() {}

    /// `outputSize` × `outputSize` cells.
    public init(outputSize: Int) { self.outputSize = outputSize }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      var output = input
      output.features = [try imageSizes(of: input)[0], outputSize, outputSize]
      return output
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] { [] }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int {
      input.features.reduce(1, *) + 2 * outputSize * outputSize * (input.features.first ?? 0)
    }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      AdaptiveAvgPool2d(self)
    }
  }

  private let cells: Int

  /// The pool that `spec` describes.
  public init(_ spec: Spec) { cells = spec.outputSize }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.averaged(rows: cells, columns: cells)
  }
}
