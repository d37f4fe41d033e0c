import Data
import Engine
import Layers
import Testing

@testable import Training

@Suite struct TruncationBiasTests {
  private let stream = LaggedStream(time: 16, lag: 4)

  private func bias(
    _ network: Network, _ k1: Int = 0, _ k2: Int = 0, on data: any Dataset, step: Int = 0
  ) throws -> TruncationBias {
    try TruncationBias(
      of: network, on: data,
      .with {
        $0.tbpttSteps = k1
        $0.tbpttReach = k2
      }, seed: 7, weightsStep: step)
  }

  /// A network that forgets: its state is multiplied by a small rotation at every step.
  private func forgetful() throws -> Network {
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 6), RNN.Spec(hiddenSize: 8), Linear.Spec(outFeatures: 5),
    ])
    let network = try Network(model, input: stream.input, seed: 3)
    for (name, parameter) in network.parameters where name == "rnn.weight_hh_l0" {
      parameter.assign(.identity(8) * 0.5)
    }
    return network
  }

  @Test func aNetworkThatForgetsLosesLessTheFurtherItsGradientsGoBack() throws {
    let found = try bias(forgetful(), on: stream)
    #expect(found.points.map(\.reach) == [1, 2, 4, 8, 16])
    #expect(found.points.map(\.stride) == [1, 2, 4, 8, 16])
    #expect(found.points.last?.bias == 0)
    for (short, long) in zip(found.points, found.points.dropFirst()) {
      #expect(long.bias < short.bias)
    }
    #expect(found.points[0].bias > 0.05 && found.points[0].bias < 1)
    #expect(found.own == nil && found.weightsStep == 0)
  }

  @Test func theRecipesOwnCutsAreMeasuredBesides() throws {
    let found = try bias(forgetful(), 4, 8, on: stream, step: 3)
    let own = try #require(found.own)
    #expect(own.stride == 4 && own.reach == 8 && found.weightsStep == 3)
    // Pieces of 4 steps that go back 8 lose less than pieces of 4 that go back 4.
    let four = try #require(found.points.first { $0.reach == 4 })
    #expect(own.bias < four.bias && own.bias > 0)
    let same = try bias(forgetful(), 4, 0, on: stream, step: 3)
    #expect(same.own == four)
  }

  @Test func aNetworkWithoutMemoryHasNoBias() throws {
    let model = ModelSpec([Embedding.Spec(embeddingDim: 6), Linear.Spec(outFeatures: 5)])
    let found = try bias(Network(model, input: stream.input, seed: 3), on: stream)
    // Pieces are summed in another order than a window.
    #expect(found.points.allSatisfy { $0.bias < 1e-5 } && found.points.last?.bias == 0)
  }

  @Test func aWindowOfAnyLengthEndsWithItself() throws {
    let odd = LaggedStream(time: 11, lag: 4)
    let found = try bias(tinyNetwork("gru", for: odd), on: odd)
    #expect(found.points.map(\.reach) == [1, 2, 4, 8, 11] && found.points.last?.bias == 0)
  }

  @Test func itIsGivenUpBetweenTwoPieces() throws {
    let data = LaggedStream()
    let network = try tinyNetwork("gru", for: data)
    var asked = 0
    #expect(throws: TrainingError(.cancelled, "The measurement was stopped.")) {
      try TruncationBias(
        of: network, on: data, TrainingRecipe(), seed: 1, weightsStep: 0,
        while: {
          asked += 1
          return asked < 3
        })
    }
    #expect(asked == 3)
  }

  @Test func targetsThatDoNotCountTakeNoPart() throws {
    let last = LaggedStream(time: 8, lag: 4, otherWeight: 0)
    let found = try bias(tinyNetwork("gru", for: last), on: last)
    #expect(found.points.map(\.reach) == [1, 2, 4, 8] && found.points.last?.bias == 0)
    #expect(found.points[0].bias > 0)
  }

  @Test func whatCannotBeCutIsRefused() throws {
    let whole = FirstSymbol()
    #expect {
      try bias(tinyNetwork("gru", for: whole), on: whole)
    } throws: { error in
      "\(error)" == "Truncated back-propagation needs a target at every time step, "
        + "got one a sequence. Choose other data."
    }
  }

  @Test func whatTrainingCarriesIsInTheDetail() throws {
    let network = try tinyNetwork("lstm", for: stream)
    let trainer = try Trainer(
      network: network, dataset: stream, recipe: .with { $0.tbpttSteps = 4 }, seed: 7,
      clock: { 0 })
    let detail = try #require(try trainer.trainStep(detail: true).detail)
    #expect(detail.carried.map(\.layer) == ["lstm", "lstm"])
    #expect(detail.carried.map(\.part) == ["h", "c"])
    let states = try #require(trainer.cuts.last?.states["lstm"])
    for (carried, state) in zip(detail.carried, states) {
      let squares = state.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(carried.norm - (squares / Double(stream.batchSize)).squareRoot()) < 1e-6)
    }
    let anew = try Trainer(
      network: network, dataset: stream, recipe: .with { $0.carriesState = false }, seed: 7,
      clock: { 0 })
    #expect(try #require(try anew.trainStep(detail: true).detail).carried.isEmpty)
  }
}
