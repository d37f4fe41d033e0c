import Synchronization

/// Where a recurrent layer's backward pass leaves ‖∂L/∂h_t‖², squared norms `[B, T]`.
public final class GradientProbe: Sendable {
  private let found = Mutex<Tensor?>(nil)
  private let isReversed: Bool
  private let lengths: [Int]?

  /// A probe that nothing has written yet.
  public init() { (isReversed, lengths) = (false, nil) }

  /// A probe of a layer that reads every sequence backwards inside its length; it shows the norms
  /// in the order of time.
  public init(reversing lengths: [Int]?) { (isReversed, self.lengths) = (true, lengths) }

  /// ‖∂L/∂h_t‖² of every sequence and time step, `[B, T]`, with all that reaches h_t; nil before
  /// the backward pass.
  public var squares: Tensor? { found.withLock { $0 } }

  /// Leaves the squared norms `[B, T]`, in the order in which the layer read.
  public func record(_ squares: Tensor) {
    let inTime = isReversed ? squares.reversedInTime(lengths: lengths) : squares
    found.withLock { $0 = inTime }
  }
}

/// Weights of a recurrent cell as tensors beside an input; gates stacked in rows.
public struct CellWeights: Sendable {
  /// Input weights `[G·H, D]`.
  public let ih: Tensor
  /// Recurrent weights `[G·H, H]`.
  public let hh: Tensor
  /// Input biases `[G·H]`.
  public let biasIH: Tensor
  /// Recurrent biases `[G·H]`.
  public let biasHH: Tensor

  /// The four parameters as operands beside `input`; `droppedHH` stands in for `hh`.
  public init(
    ih: Parameter, hh: Parameter, biasIH: Parameter, biasHH: Parameter,
    droppedHH: Tensor? = nil, beside input: Tensor
  ) {
    self.ih = ih.beside(input)
    self.hh = droppedHH ?? hh.beside(input)
    self.biasIH = biasIH.beside(input)
    self.biasHH = biasHH.beside(input)
  }

  /// The operands of a fused operation, in the order of its gradients.
  var operands: [Tensor] { [ih, hh, biasIH, biasHH] }
}
