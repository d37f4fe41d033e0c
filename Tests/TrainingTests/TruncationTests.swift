import Data
import Engine
import Layers
import Testing

@testable import Training

@Suite struct TruncationTests {
  private func recipe(_ k1: Int, _ k2: Int) -> TrainingRecipe {
    .with {
      $0.tbpttSteps = k1
      $0.tbpttReach = k2
    }
  }

  /// A trainer of a GRU with noise at every place where time has a part in it.
  private func noisy(_ k1: Int, _ k2: Int, time: Int = 16) throws -> Trainer {
    let data = LaggedStream(time: time, lag: 4)
    var cell = LSTM.Spec(hiddenSize: 8)
    cell.options.zoneout = 0.2
    cell.options.candidateDropout = 0.2
    cell.options.recurrentDropout = 0.2
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 6), Dropout.Spec(p: 0.2), cell, Linear.Spec(outFeatures: 5),
    ])
    let network = try Network(model, input: data.input, seed: 3)
    return try Trainer(
      network: network, dataset: data, recipe: recipe(k1, k2), seed: 7, clock: { 0 })
  }

  private func plain(_ k1: Int, _ k2: Int, time: Int = 16) throws -> Trainer {
    try tinyTrainer("gru", on: LaggedStream(time: time, lag: 4), recipe: recipe(k1, k2))
  }

  /// The gradient of the first batch.
  private func gradient(_ trainer: Trainer) throws -> [Double] {
    let batch = trainer.dataset.trainingBatch(at: 0)
    let found = try trainer.backPropagate(batch, detail: false)
    return found.gradients.flatMap { $0?.scalars.map(Double.init) ?? [] }
  }

  private func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// ‖a − b‖ / ‖b‖.
  private func bias(_ a: [Double], _ b: [Double]) -> Double {
    norm(zip(a, b).map { $0 - $1 }) / norm(b)
  }

  @Test func aWindowIsCutWhereItShouldBe() {
    func cuts(_ time: Int, _ k1: Int, _ k2: Int) -> [[Int]] {
      Truncation.segments(time: time, k1: k1, k2: k2).map {
        #expect($0.read.upperBound == $0.scored.upperBound)
        return [$0.read.lowerBound, $0.scored.lowerBound, $0.read.upperBound]
      }
    }
    #expect(cuts(8, 0, 0) == [[0, 0, 8]])
    #expect(cuts(8, 8, 8) == [[0, 0, 8]])
    #expect(cuts(8, 20, 40) == [[0, 0, 8]])
    #expect(cuts(8, 4, 0) == [[0, 0, 4], [4, 4, 8]])
    #expect(cuts(8, 2, 4) == [[0, 0, 2], [0, 2, 4], [2, 4, 6], [4, 6, 8]])
    #expect(cuts(7, 3, 6) == [[0, 0, 3], [0, 3, 6], [3, 6, 7]])
  }

  @Test func aReachOfTheWholeWindowIsBackPropagationBitForBit() throws {
    let (whole, cut) = (try noisy(0, 0), try noisy(16, 16))
    for _ in 0..<3 {
      let (a, b) = (try whole.trainStep(), try cut.trainStep())
      #expect(a.loss == b.loss && a.gradientNorm == b.gradientNorm)
    }
    #expect(bits(whole.network) == bits(cut.network))
  }

  @Test(arguments: [1, 4, 8])
  func theSumOverSegmentsThatReachTheBeginningIsTheGradient(k1: Int) throws {
    #expect(bias(try gradient(plain(k1, 16)), try gradient(plain(0, 0))) < 1e-5)
    // Masks are those of the window wherever it is cut.
    #expect(bias(try gradient(noisy(k1, 16)), try gradient(noisy(0, 0))) < 1e-5)
  }

  @Test func theBiasShrinksWithTheReach() throws {
    let whole = try gradient(plain(0, 0))
    let biases = try [2, 4, 8, 16].map { bias(try gradient(plain(2, $0)), whole) }
    #expect(biases[0] > 0.01)
    for (nearer, farther) in zip(biases, biases.dropFirst()) { #expect(farther < nearer) }
    #expect(biases[3] < 1e-5)
  }

  @Test func cutsChangeNeitherTheLossNorTheStateThatGoesOn() throws {
    let (whole, cut) = (try noisy(0, 0), try noisy(4, 8))
    let (a, b) = (try whole.trainStep(), try cut.trainStep())
    #expect(abs(a.loss - b.loss) < 1e-6 && abs(a.metric - b.metric) < 1e-6)
    for (name, state) in whole.carry {
      #expect(cut.carry[name]?.map(\.scalars) == state.map(\.scalars))
    }
    #expect(a.gradientNorm != b.gradientNorm)
  }

  @Test func aLastSegmentMayBeShorterAndWeightsCount() throws {
    let data = LaggedStream(time: 7, lastWeight: 5)
    let whole = try tinyTrainer("gru", on: data)
    let cut = try tinyTrainer("gru", on: data, recipe: recipe(3, 9))
    #expect(bias(try gradient(cut), try gradient(whole)) < 1e-5)
    #expect(abs(try whole.trainStep().loss - cut.trainStep().loss) < 1e-6)
  }

  @Test func theTapeHoldsNoMoreThanTheReach() {
    #expect(recipe(0, 0).stepsOnTape(of: 64) == 64)
    #expect(recipe(8, 0).stepsOnTape(of: 64) == 8)
    #expect(recipe(8, 24).stepsOnTape(of: 64) == 24)
    #expect(recipe(8, 240).stepsOnTape(of: 64) == 64)
  }

  @Test func whatCannotBeCutIsRefusedWithTheCure() throws {
    func refusal(_ specs: [any LayerSpec], _ data: some Dataset, _ k2: Int = 0) throws -> String? {
      let network = try Network(ModelSpec(specs), input: data.input, seed: 1)
      do throws(TrainingError) {
        _ = try Trainer(network: network, dataset: data, recipe: recipe(2, k2), seed: 1)
        return nil
      } catch {
        return error.description
      }
    }
    let (stream, embedding) = (LaggedStream(), Embedding.Spec(embeddingDim: 4))
    let end = Linear.Spec(outFeatures: 5)
    #expect(try refusal([embedding, GRU.Spec(hiddenSize: 5)], stream) == nil)
    #expect(
      try refusal([embedding, GRU.Spec(hiddenSize: 5)], stream, 5)
        == "Truncated back-propagation needs tbptt_k2 to be a multiple of tbptt_k1 2, got 5. "
        + "Choose one, or set tbptt_k1 to 0.")
    #expect(
      try refusal([embedding, BatchNorm.Spec(), end], stream)
        == "Truncated back-propagation needs layers that read a sequence in pieces, got "
        + "'batch_norm', which looks at whole windows. Take it out, or set tbptt_k1 to 0.")
    #expect(
      try refusal([GRU.Spec(hiddenSize: 4), LastStep.Spec()], FirstSymbol())
        == "Truncated back-propagation needs a target at every time step, got one a sequence. "
        + "Choose other data, or set tbptt_k1 to 0.")
  }
}
