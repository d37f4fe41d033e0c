import CKernels
import Foundation
import Testing

/// What an LSTM's sequence kernels write, by name; `[B, T, H]` unless a comment says otherwise.
private struct Signals<Values> {
  var i, f, g, o, c, tanhC, h: Values
}

private struct Gradients<Values> {
  var dz, dh0, dc0, dhSquare: Values  // [B, T, 4H], [B, H], [B, H], [B, T]
}

extension Cell {
  fileprivate func naiveLSTM() -> Signals<[Double]> {
    let count = shape.batch * shape.time * shape.hidden
    let zeros = [Double](repeating: 0, count: count)
    var s = Signals(i: zeros, f: zeros, g: zeros, o: zeros, c: zeros, tanhC: zeros, h: zeros)
    let hidden = shape.hidden
    for b in 0..<shape.batch {
      var (h, c) = (state(h0, b), state(c0, b))
      for t in 0..<shape.time {
        let before = h
        for j in 0..<hidden {
          let z = (0..<4).map { gate in
            let row = gate * hidden + j
            let (ih, hh) = products(b, t, row: row, before: before)
            return ih + hh + biasIH[row]
          }
          let at = (b * shape.time + t) * hidden + j
          (s.i[at], s.f[at]) = (sigmoid(z[0]), sigmoid(z[1]))
          (s.g[at], s.o[at]) = (tanh(z[2]), sigmoid(z[3]))
          c[j] = s.f[at] * c[j] + s.i[at] * s.g[at]
          h[j] = s.o[at] * tanh(c[j])
          (s.c[at], s.tanhC[at], s.h[at]) = (c[j], tanh(c[j]), h[j])
        }
      }
    }
    return s
  }

  fileprivate func naiveLSTMBack(_ s: Signals<[Double]>, given: Bool) -> Gradients<[Double]> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    func zeros(_ count: Int) -> [Double] { .init(repeating: 0, count: count) }
    var out = Gradients(
      dz: zeros(batch * time * 4 * hidden), dh0: zeros(batch * hidden),
      dc0: zeros(batch * hidden), dhSquare: zeros(batch * time))
    for b in 0..<batch {
      var dhAfter = given ? state(dhLast, b) : zeros(hidden)
      var dc = given ? state(dcLast, b) : zeros(hidden)
      for t in (0..<time).reversed() {
        let step = b * time + t
        let total = gradient(b, t, dhAfter, given: given || t == time - 1)
        out.dhSquare[step] = square(total)
        for j in 0..<hidden {
          let at = step * hidden + j
          let cBefore = t > 0 ? s.c[at - hidden] : c0[b * hidden + j]
          dc[j] += total[j] * s.o[at] * (1 - s.tanhC[at] * s.tanhC[at])
          let z = step * 4 * hidden + j
          out.dz[z] = dc[j] * s.g[at] * s.i[at] * (1 - s.i[at])
          out.dz[z + hidden] = dc[j] * cBefore * s.f[at] * (1 - s.f[at])
          out.dz[z + 2 * hidden] = dc[j] * s.i[at] * (1 - s.g[at] * s.g[at])
          out.dz[z + 3 * hidden] = total[j] * s.tanhC[at] * s.o[at] * (1 - s.o[at])
          dc[j] *= s.f[at]
        }
        dhAfter = through(Array(out.dz[step * 4 * hidden..<(step + 1) * 4 * hidden]))
      }
      for j in 0..<hidden {
        (out.dh0[b * hidden + j], out.dc0[b * hidden + j]) = (dhAfter[j], dc[j])
      }
    }
    return out
  }

  fileprivate func lstm(_ set: InstructionSet, parts: Int = 1) -> Signals<Floats> {
    func new() -> Floats { Floats(count: shape.batch * shape.time * shape.hidden) }
    let s = Signals(i: new(), f: new(), g: new(), o: new(), c: new(), tanhC: new(), h: new())
    let weights = packed(set)
    for rows in cut(shape.batch, into: parts) {
      withExtendedLifetime((weights, scratch(set, rows: rows.count))) { weights, scratch in
        ck_lstm_forward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, x.pointer, h0.pointer,
          c0.pointer, weights.pointer, biasIH.pointer, pointers(s), scratch.pointer)
      }
    }
    return s
  }

  private func pointers(_ s: Signals<Floats>) -> ck_lstm_signals {
    ck_lstm_signals(
      i: s.i.pointer, f: s.f.pointer, g: s.g.pointer, o: s.o.pointer, c: s.c.pointer,
      tanh_c: s.tanhC.pointer, h: s.h.pointer)
  }

  /// With `given` false only the gradient of the last output is given, as a pooled loss would.
  fileprivate func lstmBack(
    _ set: InstructionSet, _ s: Signals<Floats>, given: Bool, parts: Int = 1
  ) -> Gradients<Floats> {
    let (batch, time, hidden) = (shape.batch, shape.time, shape.hidden)
    let out = Gradients(
      dz: Floats(count: batch * time * 4 * hidden), dh0: Floats(count: batch * hidden),
      dc0: Floats(count: batch * hidden), dhSquare: Floats(count: batch * time))
    let weights = packedBack(set)
    let lastOutput = Floats((0..<batch * hidden).map { dh.pointer[lastStep($0)] })
    for rows in cut(batch, into: parts) {
      withExtendedLifetime((weights, scratch(set, rows: rows.count))) { weights, scratch in
        ck_lstm_backward(
          set.pointer, sequence, rows.lowerBound, rows.upperBound, pointers(s), c0.pointer,
          weights.pointer, given ? dh.pointer : nil, given ? dhLast.pointer : lastOutput.pointer,
          given ? dcLast.pointer : nil, out.dz.pointer, out.dh0.pointer, out.dc0.pointer,
          out.dhSquare.pointer, scratch.pointer)
      }
    }
    return out
  }
}

@Suite struct LSTMTests {
  @Test(arguments: InstructionSet.all)
  func everySignalAgreesWithTheNaiveLSTM(_ set: InstructionSet) {
    for shape in awkwardShapes(set) {
      let cell = Cell(shape, gates: 4)
      let (actual, expected) = (cell.lstm(set), cell.naiveLSTM())
      expectClose(actual.i, expected.i, "i of \(shape)")
      expectClose(actual.f, expected.f, "f of \(shape)")
      expectClose(actual.g, expected.g, "g of \(shape)")
      expectClose(actual.o, expected.o, "o of \(shape)")
      expectClose(actual.c, expected.c, "c of \(shape)")
      expectClose(actual.tanhC, expected.tanhC, "tanh c of \(shape)")
      expectClose(actual.h, expected.h, "h of \(shape)")
    }
  }

  @Test(arguments: InstructionSet.all, [true, false])
  func everyGradientAgreesWithTheNaiveLSTM(_ set: InstructionSet, given: Bool) {
    for shape in awkwardShapes(set) {
      let cell = Cell(shape, gates: 4)
      let actual = cell.lstmBack(set, cell.lstm(set), given: given)
      let expected = cell.naiveLSTMBack(cell.naiveLSTM(), given: given)
      expectClose(actual.dz, expected.dz, "dz of \(shape)")
      expectClose(actual.dh0, expected.dh0, "dh0 of \(shape)")
      expectClose(actual.dc0, expected.dc0, "dc0 of \(shape)")
      expectClose(actual.dhSquare, expected.dhSquare, "dh square of \(shape)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func anyPartitionOfTheBatchGivesTheSameBits(_ set: InstructionSet) {
    for shape in [
      Shape(batch: 16, time: 3, input: 5, hidden: 40),
      Shape(batch: 11, time: 2, input: 9, hidden: 7),
      Shape(batch: 14, time: 2, input: 5, hidden: 300),  // weights beyond the cache
    ] {
      let cell = Cell(shape, gates: 4)
      let whole = cell.lstm(set)
      let wholeBack = cell.lstmBack(set, whole, given: true)
      for parts in [2, 3, 8] {
        let cutUp = cell.lstm(set, parts: parts)
        #expect(cutUp.h.bits == whole.h.bits && cutUp.c.bits == whole.c.bits)
        let back = cell.lstmBack(set, whole, given: true, parts: parts)
        #expect(back.dz.bits == wholeBack.dz.bits && back.dh0.bits == wholeBack.dh0.bits)
        #expect(back.dc0.bits == wholeBack.dc0.bits)
        #expect(back.dhSquare.bits == wholeBack.dhSquare.bits)
      }
    }
  }
}
