import Data
import Engine

/// Points and the classes that they belong to.
struct PointTally {
  private var numbers: [Float] = []
  private var classes: [Int32] = []
  /// The most points that came at once.
  private var batch = 1

  /// Adds the points `output` `[M, D]`; those of negative classes do not count.
  mutating func add(_ output: Tensor, _ classes: [Int32]) {
    let (width, scalars) = (output.shape.last, output.scalars)
    batch = max(batch, classes.count)
    for (row, label) in classes.enumerated() where label >= 0 {
      numbers += scalars[row * width..<(row + 1) * width]
      self.classes.append(label)
    }
  }

  /// The share of points whose nearest other point is of their class; 0 without points.
  var nearestShare: Double {
    guard !classes.isEmpty else { return 0 }
    let nearest = points(Array(classes.indices)).nearestOtherRows()
    let hits = zip(classes, nearest).count { label, other in
      other.map { classes[$0] == label } ?? false
    }
    return Double(hits) / Double(classes.count)
  }

  /// The mean of `loss` over batches of the size that came, drawn from all points in an order that is
  /// the same every time.
  func meanLoss(_ loss: (Tensor, [Int32]) -> Double) -> Double {
    guard !classes.isEmpty else { return 0 }
    var random = Random.stream(.split, seed: 0)
    let order = classes.indices.shuffled(using: &random)
    var sum = 0.0
    for start in stride(from: 0, to: order.count, by: batch) {
      let rows = Array(order[start..<min(start + batch, order.count)])
      sum += loss(points(rows), rows.map { classes[$0] }) * Double(rows.count)
    }
    return sum / Double(order.count)
  }

  private func points(_ rows: [Int]) -> Tensor {
    let width = numbers.count / classes.count
    return Tensor(
      rows.flatMap { numbers[$0 * width..<($0 + 1) * width] }, [rows.count, width])
  }
}
