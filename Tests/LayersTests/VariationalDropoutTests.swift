import Engine
import Layers
import TestSupport
import Testing

@Suite struct VariationalDropoutTests {
  private func pass(step: Int = 3, training: Bool = true) -> Pass {
    var pass = Pass()
    (pass.isTraining, pass.seed, pass.step) = (training, 11, step)
    return pass
  }

  private func network(
    _ p: Double, _ input: Signature = .sequence(50), seed: UInt64 = 1
  ) throws -> Network {
    try Network(ModelSpec([VariationalDropout.Spec(p: p)]), input: input, seed: seed)
  }

  @Test func aSequenceHasOneMaskWhichIsItsOwn() throws {
    var pass = pass()
    let output = try network(0.5)(.ones([8, 6, 50]), &pass)
    #expect(Set(output.scalars) == [0, 2])
    let rows = (0..<8).map { b in
      (0..<6).map { t in (0..<50).map { output[b, t, $0] } }
    }
    for row in rows { #expect(row.allSatisfy { $0 == row[0] }) }
    #expect(Set(rows.map { $0[0] }).count == 8)
    var later = self.pass(step: 4)
    #expect(try network(0.5)(.ones([8, 6, 50]), &later).scalars != output.scalars)
  }

  @Test func evaluationChangesNothingAndTheMeanStays() throws {
    var evaluation = pass(training: false)
    let x = drawn([3, 4, 50], seed: 2)
    #expect(try network(0.3)(x, &evaluation).scalars == x.scalars)
    var training = pass()
    let many = try network(0.3)(.ones([400, 2, 50]), &training).scalars
    // A number is 1 / 0.7 or 0: its variance is 0.3 / 0.7; half of the 40,000 are copies.
    let sigma = (0.3 / 0.7 / 20_000).squareRoot()
    let mean = many.reduce(0.0) { $0 + Double($1) } / Double(many.count)
    #expect(abs(mean - 1) < 3 * sigma)
  }

  @Test func windowsThatAreCutKeepTheirMask() throws {
    var whole = pass()
    let x = drawn([2, 9, 50], seed: 3)
    let expected = try network(0.4)(x, &whole)
    for piece in [0..<4, 4..<9] {
      var part = pass()
      part.part = (piece.lowerBound, 9)
      let found = try network(0.4)(x.steps(piece), &part)
      #expect(found.scalars == expected.steps(piece).scalars)
    }
  }

  @Test func videosAreDroppedPlaceByPlaceAndVectorsAreRefused() throws {
    var pass = pass()
    let output = try network(0.5, .images(2, 3, 3))(.ones([2, 4, 2, 3, 3]), &pass).scalars
    for b in 0..<2 {
      let frames = (0..<4).map { t in Array(output[(b * 4 + t) * 18..<(b * 4 + t + 1) * 18]) }
      #expect(frames.allSatisfy { $0 == frames[0] })
    }
    #expect(
      throws: ShapeError(
        "variational_dropout needs input with a time axis, over which its mask stays the same, got [B, 5]. "
          + "Use dropout.")
    ) { try VariationalDropout.Spec().output(for: .vector(5)) }
  }
}
