import Testing

@testable import Engine
@testable import TestSupport

@Suite struct OperationTests {
  @Test(arguments: operations) func theForwardPassEqualsTheFormulaInFloat64(of operation: Operation)
  {
    let found = operation.compute(operation.inputs, operation.makeParameters())
      .flatMap(\.doubles)
    let expected = operation.expected()
    #expect(found.count == expected.count)
    let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    #expect(worst < 1e-6)
  }

  @Test(arguments: operations) func theGradientEqualsCentralDifferences(of operation: Operation) {
    let parameters = operation.makeParameters()
    let worst = GradientCheck.worstError(inputs: operation.inputs, parameters: parameters) {
      operation.compute($0, parameters)
    }
    #expect(worst < 1e-3)
  }

  @Test(arguments: operations) func aTapeDoesNotChangeTheNumbers(of operation: Operation) {
    let tape = Tape()
    let parameters = operation.makeParameters()
    let recorded = operation.compute(operation.inputs.map(tape.variable), parameters)
    for (found, expected) in zip(recorded, operation.compute(operation.inputs, parameters)) {
      expectSameBits(found, expected)
      #expect(found.tape === tape && expected.tape == nil)
    }
  }

  @Test(arguments: operations) func theTapeIsReleasedAfterUse(of operation: Operation) {
    weak var released: Tape?
    let parameters = operation.makeParameters()
    do {
      let tape = Tape()
      released = tape
      let inputs = operation.inputs.map(tape.variable)
      let gradients = tape.gradients(of: weightedLoss(operation.compute(inputs, parameters)))
      let found = inputs.contains { gradients[$0] != nil }
      #expect(found || parameters.contains { gradients[$0] != nil })
    }
    #expect(released == nil)
  }

  @Test(arguments: operations) func gradientsOfTwoUsesAddUp(of operation: Operation) {
    let parameters = operation.makeParameters()
    let tape = Tape()
    let inputs = operation.inputs.map(tape.variable)
    let loss = { weightedLoss(operation.compute(inputs, parameters)) }
    let once = tape.gradients(of: loss())
    let both = tape.gradients(of: loss() + loss())
    for input in inputs { expectClose(both[input], once[input].map { $0 + $0 }, within: 1e-6) }
    for parameter in parameters {
      expectClose(both[parameter], once[parameter].map { $0 + $0 }, within: 1e-6)
    }
  }
}
