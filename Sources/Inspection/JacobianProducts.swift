import Engine
import Foundation
import Layers

/// Products of the Jacobians of a cell's steps, pulled back from the end of a sequence.
struct JacobianProducts {
  /// The largest state whose products are exact.
  static let largestExactState = 256
  /// Rows that stand for all of a larger state.
  private static let sampledRows = 32
  /// Directions whose growth is followed, one a Lyapunov exponent.
  private let directions: Int

  /// ln ‖∂s_T/∂s_T−k‖ for k = 1 ….
  private(set) var logNorms: [Double] = []
  /// Whether the rows are those of the identity.
  let isExact: Bool

  private let cell: any RecurrentLayer
  /// The input of the steps looked at, `[1, K, D]`.
  private let input: Tensor
  /// The number of the first of them, from the beginning of the sequence.
  private let first: Int
  /// The state before each of these steps.
  private let states: [[Tensor]]
  /// Rows of the product over its norm, and below them the directions that are followed, `[R, N]`.
  private var rows: Tensor
  private var growth: [[Double]] = []

  /// The products of the last `steps` steps of the first sequence of `reading`, and as many of its
  /// Lyapunov exponents as `exponents` says, or as there are numbers of state.
  init(_ reading: CellReading, steps: Int, exponents: Int, seed: UInt64) {
    let length = reading.lengths?.first ?? reading.input.shape[1]
    cell = reading.cell
    first = max(0, length - steps)
    let sequence = reading.input.rows(0..<1)
    input = sequence.steps(first..<length)
    var state = reading.start.map { $0.rows(0..<1) }
    if first > 0 { state = cell.sequence(sequence.steps(0..<first), from: state, probe: nil).state }
    var visited: [[Tensor]] = []
    for t in first..<length {
      visited.append(state)
      state =
        cell.stepByStep(sequence.steps(t..<t + 1), from: state, firstStep: t, probe: nil).state
    }
    states = visited
    let size = state.count * cell.hiddenSize
    isExact = size <= Self.largestExactState
    var random = Random.stream(.probe, seed: seed)
    func drawn(_ rows: Int) -> Tensor {
      Self.orthonormal(Tensor.normal([rows, size], using: &random)).rows
    }
    directions = min(max(1, exponents), size)
    let followed = drawn(directions)
    rows = .stacked([isExact ? .identity(size) : drawn(Self.sampledRows), followed])
  }

  /// The mean of ln R_kk over the steps after the first quarter, largest first.
  var exponents: [Double] {
    let settled = growth.dropFirst(growth.count / 4)
    guard growth.count == states.count, let width = settled.first?.count else { return [] }
    return (0..<width).map { k in
      settled.reduce(0) { $0 + $1[k] } / Double(settled.count)
    }.sorted(by: >)
  }

  /// Takes the product over all steps, last step first.
  mutating func run() {
    let count = rows.shape[0] - directions
    let share = isExact ? 0 : log(Double(rows.shape[1]) / Double(count)) / 2
    var total = share
    for t in states.indices.reversed() {
      let pulled = pullBack(through: t)
      let product = pulled.rows(0..<count)
      let norm = product.spectralNorm(tolerance: 1e-5)
      total += log(norm)
      logNorms.append(total)
      guard norm > 0, norm.isFinite else { break }
      let (directions, stretch) = Self.orthonormal(pulled.rows(count..<rows.shape[0]))
      growth.append(stretch.map { log($0) })
      rows = .stacked([product * Float(1 / norm), directions])
    }
    logNorms += Array(repeating: logNorms.last ?? 0, count: states.count - logNorms.count)
  }

  /// Every row w times the Jacobian of step `t`: w J = ∂(w s_t)/∂s_t−1, for all rows in one batch.
  private func pullBack(through t: Int) -> Tensor {
    let tape = Tape()
    let copies = [Int](repeating: 0, count: rows.shape[0])
    let before = states[t].map { tape.variable($0.gathering(rows: copies)) }
    let x = tape.constant(input.steps(t..<t + 1).gathering(rows: copies))
    let after = cell.stepByStep(x, from: before, firstStep: first + t, probe: nil).state
    let weighted = zip(after, rows.split(after.count)).map { ($0 * $1).sum() }
    let gradients = tape.gradients(of: weighted.dropFirst().reduce(weighted[0], +))
    return .concatenated(before.map { gradients[$0] ?? .zeros($0.shape) })
  }

  /// Rows made orthonormal one after another (Gram and Schmidt, in Float64), and how long each was
  /// when its turn came.
  private static func orthonormal(_ matrix: Tensor) -> (rows: Tensor, lengths: [Double]) {
    let width = matrix.shape[1]
    let scalars = matrix.scalars
    var (done, lengths): ([[Double]], [Double]) = ([], [])
    for at in stride(from: 0, to: scalars.count, by: width) {
      var row = scalars[at..<at + width].map(Double.init)
      for _ in 0..<2 {
        for earlier in done {
          let along = zip(row, earlier).reduce(0) { $0 + $1.0 * $1.1 }
          for i in row.indices { row[i] -= along * earlier[i] }
        }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      done.append(length > 0 ? row.map { $0 / length } : row)
      lengths.append(length)
    }
    return (Tensor(done.flatMap { $0.map(Float.init) }, matrix.shape), lengths)
  }
}

extension Tensor {
  /// The rows of some matrices of equal width, one below the other.
  fileprivate static func stacked(_ matrices: [Tensor]) -> Tensor {
    let rows = matrices.reduce(0) { $0 + $1.shape[0] }
    return Tensor(matrices.flatMap(\.scalars), [rows, matrices.first?.shape.last ?? 0])
  }
}
