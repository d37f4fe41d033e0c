/// The sizes of a matrix product: C `[M, N]` = A `[M, K]` B `[K, N]`, whatever is read transposed.
public struct ProductShape: Sendable, Hashable {
  /// The rows of C.
  public let rows: Int
  /// The numbers that each sum is over.
  public let depth: Int
  /// The columns of C.
  public let columns: Int

  init(_ rows: Int, _ depth: Int, _ columns: Int) {
    (self.rows, self.depth, self.columns) = (rows, depth, columns)
  }

  /// What users type: `MxKxN`, or `N` for a square; nil where a size is not in 1…65536.
  public init?(_ text: String) {
    let sizes = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard sizes.allSatisfy((1...65_536).contains) else { return nil }
    switch sizes.count {
    case 1: self.init(sizes[0], sizes[0], sizes[0])
    case 3: self.init(sizes[0], sizes[1], sizes[2])
    default: return nil
    }
  }

  /// The sizes as users type them.
  public var name: String {
    rows == depth && depth == columns ? "\(rows)" : "\(rows)x\(depth)x\(columns)"
  }

  /// The bytes of all three matrices, and of another one that is as large as the second, packed.
  public var bytes: Int { 4 * (rows * depth + 2 * depth * columns + rows * columns) }

  /// The floating-point operations of the product: a multiplication and an addition for each of M K N.
  public var operations: Double { 2 * Double(rows) * Double(depth) * Double(columns) }

  /// Squares of powers of two and between them, and what recurrent layers multiply: a step of an LSTM for
  /// one example and for a batch, all steps of a layer at once, gradients of its weights (deep and
  /// small), scores, and a dense layer over a long sequence.
  public static let standard: [ProductShape] =
    [64, 100, 128, 200, 256, 384, 512, 777, 1024, 1500, 2048].map { ProductShape($0, $0, $0) } + [
      ProductShape(1, 128, 512), ProductShape(16, 64, 256), ProductShape(32, 128, 512),
      ProductShape(64, 512, 2048), ProductShape(2048, 128, 512), ProductShape(2048, 128, 96),
      ProductShape(512, 2048, 128), ProductShape(96, 2048, 128), ProductShape(4096, 512, 2048),
      ProductShape(2048, 4096, 512), ProductShape(4, 48_000, 925), ProductShape(925, 4, 48_000),
    ]
}
