import Engine
import Foundation
import Layers

/// How large the numbers of a gradient are: the share of them in each power of ten.
public struct GradientSizes: Sendable, Equatable {
  /// The share of numbers with |g| in 10⁻¹⁰ … 10⁻⁹, then each further power of ten, up to 1 … 10; what
  /// is smaller is in the first and what is larger in the last. What is exactly 0 is in none.
  public var shares: [Double]

  /// The powers of ten that bins begin at.
  public static let decades = -10...0

  /// The distribution `shares`.
  public init(shares: [Double]) { self.shares = shares }

  /// The distribution of some of the numbers of `gradient`, evenly spread.
  init(_ gradient: Tensor) {
    let stride = max(1, gradient.count / MomentRatio.sampleSize)
    var counts = [Double](repeating: 0, count: Self.decades.count)
    var seen = 0.0
    for place in Swift.stride(from: 0, to: gradient.count, by: stride) {
      let size = Double(gradient[flat: place].magnitude)
      seen += 1
      guard size > 0 else { continue }
      let decade = size.isFinite ? Int(log10(size).rounded(.down)) : Self.decades.upperBound
      counts[min(max(decade, Self.decades.lowerBound), 0) - Self.decades.lowerBound] += 1
    }
    shares = counts.map { $0 / max(1, seen) }
  }
}

extension RecurrentLayer {
  /// An estimate of ρ of the matrix that takes the state to a gate, the largest over the gates; nil for
  /// cells without such a matrix.
  var recurrentRadius: Double? {
    guard let weight = recurrentWeight?.value, !(self is Jordan) else { return nil }
    if weight.shape == [hiddenSize] { return weight.scalars.reduce(0) { max($0, Double(abs($1))) } }
    guard weight.shape.rank == 2, weight.shape[1] == hiddenSize,
      weight.shape[0] % hiddenSize == 0
    else { return nil }
    let gates = (0..<weight.shape[0] / hiddenSize).map { gate in
      weight.rows(gate * hiddenSize..<(gate + 1) * hiddenSize).estimatedSpectralRadius()
    }
    return gates.max()
  }
}
