import CKernels
import Foundation

/// A counter-based random stream (Philox 4x32-10): the n-th number depends on the key, the stream
/// and n only, so any part of a run can be replayed in any order.
///
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct Random: RandomNumberGenerator, Sendable, Equatable {
  /// The key of the generator, from the session's seed.
  public let seed: UInt64
  /// Which of the generator's streams this is.
  public let stream: UInt64
  private var position: UInt64 = 0

  /// Stream `stream` of the generator with key `seed`, from its beginning.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// A stream of its own for each purpose and step: `use` names what the numbers are for.
  public static func stream(_ use: Use, _ index: Int = 0, step: Int = 0, seed: UInt64) -> Random {
    let packed = use.rawValue << 56 | UInt64(index & 0xFFFF) << 40 | UInt64(step & 0xFF_FFFF_FFFF)
    return Random(seed: seed, stream: packed)
  }

  /// What a stream's numbers are for.
  public enum Use: UInt64, Sendable {
    /// Initial weights of a layer.
    case initialization = 1
    /// Dropout masks of a layer.
    case dropout = 2
    /// Order of the training examples in an epoch.
    case shuffle = 3
    /// Splits of a data set.
    case split = 4
    /// Characters drawn from a language model.
    case sampling = 5
    /// Numbers that a test draws.
    case test = 6
    /// Masks inside recurrent layers; the index says which.
    case cellMask = 7
    /// Sequences of a data set that is made up; the index says of which split.
    case generation = 8
    /// Directions in which the Jacobian of a cell is tried.
    case probe = 9
    /// Words and ids that an embedding drops; the index says which.
    case embeddingMask = 10
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let block = position / 2
    let words = Self.philox(key: key, block: block, stream: stream)
    defer { position += 1 }
    return position % 2 == 0
      ? UInt64(words.0) | UInt64(words.1) << 32 : UInt64(words.2) | UInt64(words.3) << 32
  }

  /// A number uniform in [0, 1).
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number from the standard normal distribution (Box and Muller).
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(uniform())))
  }

  private static func philox(
    key: (UInt32, UInt32), block: UInt64, stream: UInt64
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    let counter = [
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
      UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32),
    ]
    var out: [UInt32] = [0, 0, 0, 0]
    ck_philox([key.0, key.1], counter, &out)
    return (out[0], out[1], out[2], out[3])
  }
}

extension Tensor {
  /// Numbers drawn uniformly from `range`.
  public static func uniform(
    _ range: ClosedRange<Float>, _ shape: Shape, using random: inout Random
  ) -> Tensor {
    let width = range.upperBound - range.lowerBound
    return Tensor((0..<shape.count).map { _ in range.lowerBound + width * random.uniform() }, shape)
  }

  /// Numbers drawn from the normal distribution.
  public static func normal(
    mean: Float = 0, deviation: Float = 1, _ shape: Shape, using random: inout Random
  ) -> Tensor {
    Tensor((0..<shape.count).map { _ in mean + deviation * random.normal() }, shape)
  }
}
