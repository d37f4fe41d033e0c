import Testing

@testable import Engine
@testable import TestSupport

@Suite struct PoolTests {
  @Test func aBlockHoldsWhatWasAskedAndWastesLessThanAQuarter() {
    for count in Array(1...5000) + [1 << 20, 1 << 20 + 1, 123_456_789] {
      let capacity = Pool.capacity(of: Pool.sizeClass(of: count))
      #expect(capacity >= count && capacity <= max(16, count + count / 4 + 4))
    }
  }

  @Test func blocksAreAlignedToCacheLines() {
    for count in [1, 17, 100, 1000] {
      #expect(UInt(bitPattern: Tensor.zeros([count]).base) % 64 == 0)
    }
  }

  /// In a process of its own, because the pool is shared by everything that runs; with one thread,
  /// because how many parts hold scratch at once depends on the scheduler otherwise.
  @Test func aTrainingStepInSteadyStateAsksTheSystemForNothing() async {
    await #expect(processExitsWith: .success) {
      Workers.threads = 1
      let model = SmallModel()
      for step in 1...3 { model.train(step) }
      let warm = Pool.statistics
      for step in 4...10 { model.train(step) }
      #expect(Pool.statistics == warm)
    }
  }

  @Test func everythingGoesBackToThePool() async {
    await #expect(processExitsWith: .success) {
      do {
        let model = SmallModel()
        model.train(1)
        #expect(Pool.statistics.bytesInUse > 0)
      }
      #expect(Pool.statistics.bytesInUse == 0)
    }
  }
}

/// An LSTM language model with Adam, as small as it goes.
private struct SmallModel {
  let table = Parameter("table", drawn([11, 8], seed: 1))
  let cell = ([[48, 8], [48, 12], [48], [48]] as [Shape]).map {
    Parameter("cell", drawn($0, seed: 2))
  }
  let output = Parameter("output", drawn([11, 12], seed: 3))
  private var all: [Parameter] { [table] + cell + [output] }
  private let moments: [(Tensor, Tensor)]

  init() {
    let all = [table] + cell + [output]
    moments = all.map { (.zeros($0.value.shape), .zeros($0.value.shape)) }
  }

  func train(_ step: Int) {
    let tape = Tape()
    let ids = tape.constant(drawnIDs([5, 7], below: 11, seed: UInt64(step)))
    let x = ids.embedded(in: table).dropout(0.1, .stream(.dropout, step: step, seed: 0))
    let weights = CellWeights(cell, beside: x)
    let start = Tensor.zeros([5, 12])
    let run = LSTMSequence(x, h0: start, c0: start, weights: weights, probe: GradientProbe())
    let loss = run.output.linear(output).softmaxCrossEntropy(ids.scalars.map(Int32.init)).loss
    let gradients = tape.gradients(of: loss)
    for (parameter, moment) in zip(all, moments) {
      guard let gradient = gradients[parameter] else { continue }
      parameter.update(
        .init(
          rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, count: step),
        gradient: gradient, firstMoment: moment.0, secondMoment: moment.1)
    }
  }
}
