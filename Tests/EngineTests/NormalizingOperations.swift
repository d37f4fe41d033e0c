import Foundation

@testable import Engine
@testable import TestSupport

private let rows = drawn([3, 2, 5], seed: 40)
private let image = drawn([3, 4, 2, 3], seed: 41)
private let gain = drawn([4], seed: 42)
private let offset = drawn([4], seed: 43)
private let wide = drawn([3, 5, 4], seed: 44)

/// Rows of `width` numbers, normalised in Float64.
private func normalized(_ x: Tensor, _ width: Int, centered: Bool = true) -> [Double] {
  stride(from: 0, to: x.count, by: width).flatMap { at in
    let row = x.doubles[at..<at + width]
    let mean = centered ? row.reduce(0, +) / Double(width) : 0
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
    return row.map { ($0 - mean) / (variance + 0.01).squareRoot() }
  }
}

/// What normalising layers are made of.
let normalizing: [Operation] = [
  Operation("normalised rows", [rows], { [$0[0].normalizedRows(of: 5, epsilon: 0.01).output] }) {
    normalized(rows, 5)
  },
  Operation(
    "rows of mean square 1", [rows],
    { [$0[0].normalizedRows(of: 10, epsilon: 0.01, centered: false).output] }
  ) { normalized(rows, 10, centered: false) },
  Operation("near-constant rows", [rows], { [($0[0] * 0.01 + 3).rows()] }) {
    normalized(rows * 0.01 + 3, 5)
  },
  Operation(
    "channels of features", [wide, gain, offset],
    { [$0[0].scaledByChannel($0[1], $0[2], inner: 1)] }
  ) {
    wide.doubles.enumerated().map { gain.doubles[$0 % 4] * $1 + offset.doubles[$0 % 4] }
  },
  Operation(
    "channels of images", [image, gain, offset], { [$0[0].scaledByChannel($0[1], $0[2], inner: 6)] }
  ) {
    image.doubles.enumerated().map {
      gain.doubles[$0 / 6 % 4] * $1 + offset.doubles[$0 / 6 % 4]
    }
  },
  .moving("channels together", [3, 2, 2], { [$0.channelsTogether(2, inner: 2, rows: [2, 0])] }) {
    [8, 9, 0, 1, 10, 11, 2, 3]
  },
  .moving("channels apart", [2, 4], { [$0.channelsApart([2, 2, 2], inner: 2, rows: [1, 0])] }) {
    [2, 3, 6, 7, 0, 1, 4, 5]
  },
]

extension Tensor {
  fileprivate func rows() -> Tensor { normalizedRows(of: 5, epsilon: 0.01).output }
}
