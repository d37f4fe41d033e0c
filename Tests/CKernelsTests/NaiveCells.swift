import Foundation

/// Naive twins of the recurrent kernels, in Double: one sequence, one unit, one product at a time.
struct Shape {
  let batch: Int
  let time: Int
  let input: Int
  let hidden: Int
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Sum over k of weight[row, k] · vector(k).
func dot(_ weight: Floats, row: Int, count: Int, _ vector: (Int) -> Double) -> Double {
  (0..<count).reduce(0) { $0 + weight[row * count + $1] * vector($1) }
}

/// Sum over the rows k of weight[k, column] · vector(k).
func dotColumn(
  _ weight: Floats, column: Int, of columns: Int, rows: Int, _ vector: (Int) -> Double
) -> Double {
  (0..<rows).reduce(0) { $0 + weight[$1 * columns + column] * vector($1) }
}

/// Weights, inputs and states for a cell with `gates` gates.
struct Cell {
  let shape: Shape
  let gates: Int
  let weightIH: Floats
  let weightHH: Floats
  let biasIH: Floats
  let biasHH: Floats
  let x: Floats
  let h0: Floats
  let c0: Floats
  let dh: Floats
  let dhLast: Floats
  let dcLast: Floats

  init(_ shape: Shape, gates: Int) {
    let (b, t, i, h) = (shape.batch, shape.time, shape.input, shape.hidden)
    var numbers = Numbers(b + 10 * t + 100 * i + 1000 * h + gates)
    let size = 1 / Float(h).squareRoot()
    (self.shape, self.gates) = (shape, gates)
    weightIH = Floats(random: gates * h * i, size: size, from: &numbers)
    weightHH = Floats(random: gates * h * h, size: size, from: &numbers)
    biasIH = Floats(random: gates * h, from: &numbers)
    biasHH = Floats(random: gates * h, from: &numbers)
    x = Floats(random: b * t * i, size: 2, from: &numbers)
    h0 = Floats(random: b * h, from: &numbers)
    c0 = Floats(random: b * h, from: &numbers)
    dh = Floats(random: b * t * h, from: &numbers)
    dhLast = Floats(random: b * h, from: &numbers)
    dcLast = Floats(random: b * h, from: &numbers)
  }

  /// Input and recurrent products of gate row `row` for sequence b at time t.
  func products(_ b: Int, _ t: Int, row: Int, before: [Double]) -> (Double, Double) {
    let (time, input) = (shape.time, shape.input)
    return (
      dot(weightIH, row: row, count: input) { x[(b * time + t) * input + $0] },
      dot(weightHH, row: row, count: shape.hidden) { before[$0] }
    )
  }

  /// Row b of a state [B, H].
  func state(_ values: Floats, _ b: Int) -> [Double] {
    (0..<shape.hidden).map { values[b * shape.hidden + $0] }
  }

  /// dz · W_hh for one row.
  func through(_ dz: [Double]) -> [Double] {
    (0..<shape.hidden).map { unit in
      dotColumn(weightHH, column: unit, of: shape.hidden, rows: dz.count) { dz[$0] }
    }
  }

  /// Whether the gradient of the outputs, and that of the final state, are given.
  func gradient(_ b: Int, _ t: Int, _ after: [Double], given: Bool) -> [Double] {
    let h = shape.hidden
    return (0..<h).map { after[$0] + (given ? dh[(b * shape.time + t) * h + $0] : 0) }
  }
}

func square(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
