import CKernels
import Foundation
import Testing

private struct Gradients<Values> {
  var dz, dh0, dhSquare: Values  // [B, T, H], [B, H], [B, T]
}

extension ck_activation: @retroactive CustomTestStringConvertible {
  /// The function's name.
  public var testDescription: String { self == CK_TANH ? "tanh" : "relu" }
}

extension Cell {
  fileprivate func naiveRNN(_ activation: ck_activation) -> [Double] {
    let hidden = shape.hidden
    var out = [Double](repeating: 0, count: shape.batch * shape.time * hidden)
    for b in 0..<shape.batch {
      var h = state(h0, b)
      for t in 0..<shape.time {
        let before = h
        for j in 0..<hidden {
          let (ih, hh) = products(b, t, row: j, before: before)
          let sum = ih + hh + biasIH[j]
          h[j] = activation == CK_TANH ? tanh(sum) : max(0, sum)
          out[(b * shape.time + t) * hidden + j] = h[j]
        }
      }
    }
    return out
  }

  fileprivate func naiveRNNBack(
    _ activation: ck_activation, _ h: [Double], given: Bool
  ) -> Gradients<[Double]> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    func zeros(_ count: Int) -> [Double] { .init(repeating: 0, count: count) }
    var out = Gradients(
      dz: zeros(batch * time * hidden), dh0: zeros(batch * hidden), dhSquare: zeros(batch * time))
    for b in 0..<batch {
      var dhAfter = given ? state(dhLast, b) : zeros(hidden)
      for t in (0..<time).reversed() {
        let step = b * time + t
        let total = gradient(b, t, dhAfter, given: given || t == time - 1)
        out.dhSquare[step] = square(total)
        let dz = (0..<hidden).map { j in
          let y = h[step * hidden + j]
          return total[j] * (activation == CK_TANH ? 1 - y * y : (y > 0 ? 1 : 0))
        }
        for j in 0..<hidden { out.dz[step * hidden + j] = dz[j] }
        dhAfter = through(dz)
      }
      for j in 0..<hidden { out.dh0[b * hidden + j] = dhAfter[j] }
    }
    return out
  }

  fileprivate func rnn(
    _ set: InstructionSet, _ activation: ck_activation, parts: Int = 1
  ) -> Floats {
    let h = Floats(count: shape.batch * shape.time * shape.hidden)
    let weights = packed(set)
    for rows in cut(shape.batch, into: parts) {
      withExtendedLifetime((weights, scratch(set, rows: rows.count))) { weights, scratch in
        ck_rnn_forward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, activation, x.pointer,
          h0.pointer, weights.pointer, biasIH.pointer, h.pointer, scratch.pointer)
      }
    }
    return h
  }

  fileprivate func rnnBack(
    _ set: InstructionSet, _ activation: ck_activation, _ h: Floats, given: Bool, parts: Int = 1
  ) -> Gradients<Floats> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    let out = Gradients(
      dz: Floats(count: batch * time * hidden), dh0: Floats(count: batch * hidden),
      dhSquare: Floats(count: batch * time))
    let last = given ? dhLast : Floats((0..<batch * hidden).map { dh.pointer[lastStep($0)] })
    let weights = packedBack(set)
    for rows in cut(batch, into: parts) {
      let scratch = scratch(set, rows: rows.count)
      withExtendedLifetime((weights, scratch, last)) { weights, scratch, last in
        ck_rnn_backward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, activation, h.pointer,
          weights.pointer, given ? dh.pointer : nil, last.pointer, out.dz.pointer,
          out.dh0.pointer, out.dhSquare.pointer, scratch.pointer)
      }
    }
    return out
  }
}

@Suite struct RNNTests {
  @Test(arguments: InstructionSet.all, [CK_TANH, CK_RELU])
  func outputsAgreeWithTheNaiveRNN(_ set: InstructionSet, _ activation: ck_activation) {
    for shape in awkwardShapes(set) {
      let cell = Cell(shape, gates: 1)
      expectClose(cell.rnn(set, activation), cell.naiveRNN(activation), "h of \(shape)")
    }
  }

  @Test(arguments: InstructionSet.all, [CK_TANH, CK_RELU])
  func everyGradientAgreesWithTheNaiveRNN(_ set: InstructionSet, _ activation: ck_activation) {
    for shape in awkwardShapes(set) {
      for given in [true, false] {
        let cell = Cell(shape, gates: 1)
        let h = cell.rnn(set, activation)
        let actual = cell.rnnBack(set, activation, h, given: given)
        let expected = cell.naiveRNNBack(
          activation, h.values.map(Double.init), given: given)
        expectClose(actual.dz, expected.dz, "dz of \(shape)")
        expectClose(actual.dh0, expected.dh0, "dh0 of \(shape)")
        expectClose(actual.dhSquare, expected.dhSquare, "dh square of \(shape)")
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func anyPartitionOfTheBatchGivesTheSameBits(_ set: InstructionSet) {
    for shape in [
      Shape(batch: 25, time: 3, input: 5, hidden: 5 * set.lanes + 1),
      Shape(batch: 14, time: 2, input: 5, hidden: 520),  // weights beyond the cache
    ] {
      let cell = Cell(shape, gates: 1)
      let whole = cell.rnn(set, CK_TANH)
      let wholeBack = cell.rnnBack(set, CK_TANH, whole, given: true)
      for parts in [2, 3, 8] {
        #expect(cell.rnn(set, CK_TANH, parts: parts).bits == whole.bits)
        let back = cell.rnnBack(set, CK_TANH, whole, given: true, parts: parts)
        #expect(back.dz.bits == wholeBack.dz.bits && back.dh0.bits == wholeBack.dh0.bits)
        #expect(back.dhSquare.bits == wholeBack.dhSquare.bits)
      }
    }
  }
}
