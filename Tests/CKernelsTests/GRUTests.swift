import CKernels
import Foundation
import Testing

/// What a GRU's sequence kernels write, by name, each `[B, T, H]`.
private struct Signals<Values> {
  var r, z, n, q, h: Values
}

private struct Gradients<Values> {
  var dzIH, dzHH, dh0, dhSquare: Values  // [B, T, 3H] twice, [B, H], [B, T]
}

extension Cell {
  fileprivate func naiveGRU() -> Signals<[Double]> {
    let hidden = shape.hidden
    let zeros = [Double](repeating: 0, count: shape.batch * shape.time * hidden)
    var s = Signals(r: zeros, z: zeros, n: zeros, q: zeros, h: zeros)
    for b in 0..<shape.batch {
      var h = state(h0, b)
      for t in 0..<shape.time {
        let before = h
        for j in 0..<hidden {
          let sums = (0..<3).map { gate in
            let row = gate * hidden + j
            let (ih, hh) = products(b, t, row: row, before: before)
            return (ih + biasIH[row], hh + biasHH[row])
          }
          let at = (b * shape.time + t) * hidden + j
          s.r[at] = sigmoid(sums[0].0 + sums[0].1)
          s.z[at] = sigmoid(sums[1].0 + sums[1].1)
          s.q[at] = sums[2].1
          s.n[at] = tanh(sums[2].0 + s.r[at] * s.q[at])
          h[j] = (1 - s.z[at]) * s.n[at] + s.z[at] * before[j]
          s.h[at] = h[j]
        }
      }
    }
    return s
  }

  fileprivate func naiveGRUBack(_ s: Signals<[Double]>, given: Bool) -> Gradients<[Double]> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    func zeros(_ count: Int) -> [Double] { .init(repeating: 0, count: count) }
    var out = Gradients(
      dzIH: zeros(batch * time * 3 * hidden), dzHH: zeros(batch * time * 3 * hidden),
      dh0: zeros(batch * hidden), dhSquare: zeros(batch * time))
    for b in 0..<batch {
      var dhAfter = given ? state(dhLast, b) : zeros(hidden)
      for t in (0..<time).reversed() {
        let step = b * time + t
        let total = gradient(b, t, dhAfter, given: given || t == time - 1)
        out.dhSquare[step] = square(total)
        for j in 0..<hidden {
          let at = step * hidden + j
          let before = t > 0 ? s.h[at - hidden] : h0[b * hidden + j]
          let dn = total[j] * (1 - s.z[at]) * (1 - s.n[at] * s.n[at])
          let dz = total[j] * (before - s.n[at]) * s.z[at] * (1 - s.z[at])
          let dr = dn * s.q[at] * s.r[at] * (1 - s.r[at])
          for (gate, ih, hh) in [(0, dr, dr), (1, dz, dz), (2, dn, dn * s.r[at])] {
            out.dzIH[step * 3 * hidden + gate * hidden + j] = ih
            out.dzHH[step * 3 * hidden + gate * hidden + j] = hh
          }
        }
        let recurrent = through(Array(out.dzHH[step * 3 * hidden..<(step + 1) * 3 * hidden]))
        dhAfter = (0..<hidden).map { recurrent[$0] + total[$0] * s.z[step * hidden + $0] }
      }
      for j in 0..<hidden { out.dh0[b * hidden + j] = dhAfter[j] }
    }
    return out
  }

  fileprivate func gru(_ set: InstructionSet, parts: Int = 1) -> Signals<Floats> {
    func new() -> Floats { Floats(count: shape.batch * shape.time * shape.hidden) }
    let s = Signals(r: new(), z: new(), n: new(), q: new(), h: new())
    let weights = packed(set)
    for rows in cut(shape.batch, into: parts) {
      withExtendedLifetime((weights, scratch(set, rows: rows.count))) { weights, scratch in
        ck_gru_forward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, x.pointer, h0.pointer,
          weights.pointer, biasIH.pointer, biasHH.pointer, pointers(s), scratch.pointer)
      }
    }
    return s
  }

  private func pointers(_ s: Signals<Floats>) -> ck_gru_signals {
    ck_gru_signals(
      r: s.r.pointer, z: s.z.pointer, n: s.n.pointer, q: s.q.pointer, h: s.h.pointer)
  }

  /// With `given` false only the gradient of the last output is given, as a pooled loss would.
  fileprivate func gruBack(
    _ set: InstructionSet, _ s: Signals<Floats>, given: Bool, parts: Int = 1
  ) -> Gradients<Floats> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    let out = Gradients(
      dzIH: Floats(count: batch * time * 3 * hidden),
      dzHH: Floats(count: batch * time * 3 * hidden), dh0: Floats(count: batch * hidden),
      dhSquare: Floats(count: batch * time))
    let last = given ? dhLast : Floats((0..<batch * hidden).map { dh.pointer[lastStep($0)] })
    let weights = packedBack(set)
    for rows in cut(batch, into: parts) {
      let scratch = scratch(set, rows: rows.count)
      withExtendedLifetime((weights, scratch, last)) { weights, scratch, last in
        ck_gru_backward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, pointers(s), h0.pointer,
          weights.pointer, given ? dh.pointer : nil, last.pointer, out.dzIH.pointer,
          out.dzHH.pointer, out.dh0.pointer, out.dhSquare.pointer, scratch.pointer)
      }
    }
    return out
  }
}

@Suite struct GRUTests {
  @Test(arguments: InstructionSet.all)
  func everySignalAgreesWithTheNaiveGRU(_ set: InstructionSet) {
    for shape in awkwardShapes(set) {
      let cell = Cell(shape, gates: 3)
      let (actual, expected) = (cell.gru(set), cell.naiveGRU())
      expectClose(actual.r, expected.r, "r of \(shape)")
      expectClose(actual.z, expected.z, "z of \(shape)")
      expectClose(actual.n, expected.n, "n of \(shape)")
      expectClose(actual.q, expected.q, "q of \(shape)")
      expectClose(actual.h, expected.h, "h of \(shape)")
    }
  }

  @Test(arguments: InstructionSet.all, [true, false])
  func everyGradientAgreesWithTheNaiveGRU(_ set: InstructionSet, given: Bool) {
    for shape in awkwardShapes(set) {
      let cell = Cell(shape, gates: 3)
      let actual = cell.gruBack(set, cell.gru(set), given: given)
      let expected = cell.naiveGRUBack(cell.naiveGRU(), given: given)
      expectClose(actual.dzIH, expected.dzIH, "dz ih of \(shape)")
      expectClose(actual.dzHH, expected.dzHH, "dz hh of \(shape)")
      expectClose(actual.dh0, expected.dh0, "dh0 of \(shape)")
      expectClose(actual.dhSquare, expected.dhSquare, "dh square of \(shape)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func anyPartitionOfTheBatchGivesTheSameBits(_ set: InstructionSet) {
    for shape in [
      Shape(batch: 19, time: 3, input: 5, hidden: 41),
      Shape(batch: 14, time: 2, input: 5, hidden: 300),  // weights beyond the cache
    ] {
      let cell = Cell(shape, gates: 3)
      let whole = cell.gru(set)
      let wholeBack = cell.gruBack(set, whole, given: true)
      for parts in [2, 3, 8] {
        let cutUp = cell.gru(set, parts: parts)
        #expect(cutUp.h.bits == whole.h.bits && cutUp.q.bits == whole.q.bits)
        let back = cell.gruBack(set, whole, given: true, parts: parts)
        #expect(back.dzIH.bits == wholeBack.dzIH.bits && back.dzHH.bits == wholeBack.dzHH.bits)
        #expect(back.dh0.bits == wholeBack.dh0.bits)
        #expect(back.dhSquare.bits == wholeBack.dhSquare.bits)
      }
    }
  }
}
