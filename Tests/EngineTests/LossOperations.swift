import Foundation

@testable import Engine
@testable import TestSupport

private let logits = drawn([5, 4], seed: 50, in: -4...4)
private let classes: [Int32] = [1, 3, -1, 0, 2]
private let weights: [Float] = [1, 0.5, 0, 2, 1]
private let y = drawn([5, 3], seed: 51, in: -3...3)
private let t = drawn([5, 3], seed: 52, in: -3...3)
private let flags = Tensor((0..<15).map { $0 % 2 == 0 ? 1 : 0 }, [5, 3])
private let shares = drawn([5, 4], seed: 53, in: -2...2).softmax()
private let similar: [Float] = [1, 0, 1, 0, 0]
private let (a, b, c) = (
  drawn([5, 3], seed: 54), drawn([5, 3], seed: 55), drawn([5, 3], seed: 56)
)

/// Row `m` of a matrix in Float64.
private func row(_ x: Tensor, _ m: Int) -> [Double] {
  Array(x.doubles[m * x.shape.last..<(m + 1) * x.shape.last])
}

/// log softmax of a row.
private func logSoftmax(_ z: [Double]) -> [Double] {
  let sum = log(z.reduce(0) { $0 + exp($1) })
  return z.map { $0 - sum }
}

/// The weighted mean of a loss of every row that has weight.
private func mean(_ loss: (Int) -> Double) -> [Double] {
  let rows = weights.indices.filter { weights[$0] > 0 }
  let total = rows.reduce(0.0) { $0 + Double(weights[$1]) }
  return [rows.reduce(0.0) { $0 + Double(weights[$1]) * loss($1) } / total]
}

private func distance(_ a: Tensor, _ b: Tensor, _ m: Int) -> Double {
  zip(row(a, m), row(b, m)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

private func cosine(_ a: [Double], _ b: [Double]) -> Double {
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

/// A mean over rows of the mean over columns.
private func pointwise(
  _ name: String, _ loss: PointwiseLoss, _ targets: Tensor,
  _ formula: @escaping @Sendable (_ y: Double, _ t: Double) -> Double
) -> Operation {
  Operation(name, [y], { [$0[0].mean(loss, of: targets, weights: weights)] }) {
    mean { m in zip(row(y, m), row(targets, m)).reduce(0) { $0 + formula($1.0, $1.1) } / 3 }
  }
}

/// What training makes small, and what losses are made of.
let losses: [Operation] = [
  Operation(
    "label smoothing", [logits],
    { [$0[0].softmaxCrossEntropy(classes, weights: weights, smoothing: 0.2).loss] }
  ) {
    mean { m in
      let p = logSoftmax(row(logits, m))
      return -0.8 * p[Int(classes[m])] - 0.05 * p.reduce(0, +)
    }
  },
  Operation(
    "focal loss", [logits], { [$0[0].focalLoss(classes, weights: weights, gamma: 2).loss] }
  ) {
    mean { m in
      let p = logSoftmax(row(logits, m))[Int(classes[m])]
      return -pow(1 - exp(p), 2) * p
    }
  },
  pointwise("squared error", .squared, t) { ($0 - $1) * ($0 - $1) },
  pointwise("absolute error", .absolute, t) { abs($0 - $1) },
  pointwise("Huber loss", .huber(delta: 0.7), t) { y, t in
    let d = abs(y - t)
    return d <= 0.7 ? d * d / 2 : 0.7 * (d - 0.35)
  },
  pointwise("logistic loss", .logistic, flags) { y, t in
    -t * log(logistic(y)) - (1 - t) * log(1 - logistic(y))
  },
  Operation("log of a sum of exponentials", [logits], { [$0[0].logSumExp()] }) {
    (0..<5).map { m in log(row(logits, m).reduce(0) { $0 + exp($1) }) }
  },
  Operation("log of softmax", [logits], { [$0[0].logSoftmax()] }) {
    (0..<5).flatMap { logSoftmax(row(logits, $0)) }
  },
  Operation(
    "divergence", [logits], { [$0[0].klDivergence(from: shares, weights: weights)] }
  ) {
    mean { m in
      zip(row(shares, m), logSoftmax(row(logits, m))).reduce(0) { $0 + $1.0 * (log($1.0) - $1.1) }
    }
  },
  Operation("rows of length 1", [a], { [$0[0].unitRows()] }) {
    (0..<5).flatMap { m in
      let length = row(a, m).reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row(a, m).map { $0 / length }
    }
  },
  Operation("distances", [a, b], { [$0[0].distances(to: $0[1])] }) {
    (0..<5).map { distance(a, b, $0) }
  },
  Operation("cosines", [a, b], { [$0[0].cosines(to: $0[1])] }) {
    (0..<5).map { cosine(row(a, $0), row(b, $0)) }
  },
  Operation(
    "contrastive loss", [a, b],
    {
      [$0[0].distances(to: $0[1]).contrastiveLoss(similar: similar, margin: 1.3, weights: weights)]
    }
  ) {
    mean { m in
      let (d, y) = (distance(a, b, m), Double(similar[m]))
      return (y * d * d + (1 - y) * pow(max(0, 1.3 - d), 2)) / 2
    }
  },
  Operation(
    "triplet loss", [a, b, c],
    { [$0[0].tripletLoss(positive: $0[1], negative: $0[2], margin: 0.4, weights: weights)] }
  ) {
    mean { max(0, distance(a, b, $0) - distance(a, c, $0) + 0.4) }
  },
  Operation(
    "InfoNCE", [a, b], { [$0[0].infoNCELoss(keys: $0[1], temperature: 0.5, weights: weights)] }
  ) {
    mean { m in -logSoftmax((0..<5).map { cosine(row(a, m), row(b, $0)) / 0.5 })[m] }
  },
]
