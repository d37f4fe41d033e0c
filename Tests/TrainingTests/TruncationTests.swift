import Data
import Engine
import Formats
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
  private func noisy(_ k1: Int, _ k2: Int) throws -> Trainer {
    let data = LaggedStream(time: 16, lag: 4)
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

  private func plain(_ k1: Int, _ k2: Int) throws -> Trainer {
    try tinyTrainer("gru", on: LaggedStream(time: 16, lag: 4), recipe: recipe(k1, k2))
  }

  /// The gradient of the first window, its mean loss, and the state behind it: weights stay.
  private func firstWindow(
    _ trainer: Trainer
  ) throws -> (gradient: [Double], loss: Double, state: [String: [Tensor]]) {
    var (sum, losses, weight) = ([Double](), 0.0, 0.0)
    repeat {
      let reading = trainer.nextReading()
      let found = try trainer.backPropagate(reading, detail: false)
      let part = found.gradients.flatMap { $0?.scalars.map(Double.init) ?? [] }
      if sum.isEmpty { sum = part.map { _ in 0 } }
      sum = zip(sum, part).map { $0 + $1 * found.score.weight }
      losses += found.score.meanLoss * found.score.weight
      weight += found.score.weight
      trainer.advance(past: reading, found.pass)
    } while trainer.window == 0
    return (sum.map { $0 / weight }, losses / weight, trainer.cuts[0].states)
  }

  private func gradient(_ trainer: Trainer) throws -> [Double] {
    try firstWindow(trainer).gradient
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
      let truncation = Truncation(recipe(k1, k2))
      var (ends, pieces) = ([0], [[Int]]())
      while ends[ends.count - 1] < time {
        let piece = truncation.piece(of: time, after: ends)
        #expect(piece.read.upperBound == piece.scored.upperBound)
        pieces.append([piece.read.lowerBound, piece.scored.lowerBound, piece.read.upperBound])
        ends.append(piece.scored.upperBound)
      }
      #expect(truncation.count(in: time) == pieces.count)
      return pieces
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
  func theSumOverPiecesThatReachTheBeginningIsTheGradient(k1: Int) throws {
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
    let (whole, cut) = (try firstWindow(noisy(0, 0)), try firstWindow(noisy(4, 8)))
    #expect(abs(whole.loss - cut.loss) < 1e-6)
    #expect(!whole.state.isEmpty && whole.state.keys == cut.state.keys)
    for (name, state) in whole.state {
      #expect(cut.state[name]?.map(\.scalars) == state.map(\.scalars))
    }
    #expect(bias(cut.gradient, whole.gradient) > 1e-3)
  }

  /// Windows of 16 in pieces of 4 are windows of 4: weights change after every piece, and the state
  /// goes on.
  @Test func weightsChangeAfterEveryPieceAsAfterEveryWindow() throws {
    let short = try tinyTrainer("gru", on: LaggedStream(time: 4, lag: 4, stepsPerEpoch: 28))
    let cut = try plain(4, 0)
    for step in 1...10 {
      let (a, b) = (try cut.trainStep(), try short.trainStep())
      #expect(a.loss == b.loss && a.gradientNorm == b.gradientNorm && a.metric == b.metric)
      #expect(cut.step == step && cut.window == step / 4)
      #expect(bits(cut.network) == bits(short.network))
    }
  }

  @Test func anEpochHasAStepForEveryPiece() throws {
    let trainer = try plain(6, 12)
    #expect(trainer.stepsPerEpoch == 7 * 3)
    var dues: [Int] = []
    for step in 1...42 {
      let report = try trainer.trainStep()
      #expect(report.epoch == (step - 1) / 21 + 1 && report.step == step)
      if trainer.isValidationDue { dues.append(step) }
    }
    #expect(dues == [21, 42])
  }

  /// With a reach over three cuts, from a checkpoint inside a window, and through its file.
  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func aRunGoesOnInsideAWindowBitForBit(after steps: Int) throws {
    let (whole, first) = (try noisy(4, 12), try noisy(4, 12))
    for _ in 0..<9 { _ = try whole.trainStep() }
    for _ in 0..<steps { _ = try first.trainStep() }
    let second = try noisy(4, 12)
    try second.restore(Checkpoint(first.checkpoint().file, name: "'x'"))
    #expect(second.epoch == first.epoch && second.window == steps / 4)
    for _ in steps..<9 { _ = try second.trainStep() }
    #expect(bits(second.network) == bits(whole.network))
  }

  @Test func aCheckpointThatGoesOnWhereThereAreNoDataIsRefused() throws {
    let trainer = try plain(4, 8)
    for _ in 0..<2 { _ = try trainer.trainStep() }
    var checkpoint = trainer.checkpoint()
    #expect(checkpoint.cuts.map(\.time) == [4, 8] && checkpoint.file.metadata["cuts"] == "4 8")
    checkpoint.cuts[1].time = 16
    do throws(TrainingError) {
      try trainer.restore(checkpoint)
      Issue.record("It was restored.")
    } catch {
      #expect(
        error.description
          == "The checkpoint goes on inside a window of more than 16 time steps, which the data do "
          + "not have. Open an earlier one, or start a new run.")
    }
    for cuts in ["", "8 4", "4 4", "-4", "x"] {
      var file = trainer.checkpoint().file
      file.metadata["cuts"] = cuts
      #expect(throws: FormatError.self) { try Checkpoint(file, name: "'x'") }
    }
  }

  /// Only the last step of a window counts: what comes before is read for the state that it leaves.
  @Test func piecesWithNothingToLearnFromAreNoSteps() throws {
    let data = LaggedStream(time: 16, lastWeight: 1, otherWeight: 0)
    let trainer = try tinyTrainer("gru", on: data, recipe: recipe(4, 8))
    let whole = try tinyTrainer("gru", on: data)
    let (a, b) = (try trainer.trainStep(), try whole.trainStep())
    #expect(trainer.window == 1 && trainer.step == 1)
    #expect(abs(a.loss - b.loss) < 1e-6 && a.loss > 0)
    #expect(
      trainer.cuts[0].states.mapValues { $0.map(\.scalars) }
        == whole.cuts[0].states.mapValues { $0.map(\.scalars) })
  }

  @Test func aLastPieceMayBeShorterAndWeightsCount() throws {
    let data = LaggedStream(time: 7, lastWeight: 5)
    let whole = try firstWindow(tinyTrainer("gru", on: data))
    let cut = try firstWindow(tinyTrainer("gru", on: data, recipe: recipe(3, 9)))
    #expect(bias(cut.gradient, whole.gradient) < 1e-5)
    #expect(abs(whole.loss - cut.loss) < 1e-6)
  }

  @Test func whatIsNotFiniteIsNamedByItsStepInTheWindow() throws {
    let trainer = try tinyTrainer(
      "gru", on: PoisonedSteps(), recipe: recipe(4, 0))
    _ = try trainer.trainStep()
    do throws(TrainingError) {
      _ = try trainer.trainStep()
      Issue.record("It went on.")
    } catch {
      #expect(error.description.contains("time step 6, sequence 1"), "\(error)")
    }
    #expect(trainer.step == 1 && trainer.cuts.map(\.time) == [4])
  }

  @Test func theTapeHoldsNoMoreThanTheReach() {
    #expect(recipe(0, 0).stepsOnTape(of: 64) == 64)
    #expect(recipe(8, 0).stepsOnTape(of: 64) == 8)
    #expect(recipe(8, 24).stepsOnTape(of: 64) == 24)
    #expect(recipe(8, 240).stepsOnTape(of: 64) == 64)
  }

  /// In a process of its own: the pool is shared by everything that runs.
  @Test func aCutWindowTakesLessMemory() async {
    await #expect(processExitsWith: .success) {
      func bytes(_ k1: Int) throws -> Int {
        let data = LaggedStream(time: 256, lag: 4)
        let network = try tinyNetwork("lstm", for: data, hidden: 32)
        let recipe = TrainingRecipe.with { $0.tbpttSteps = k1 }
        let trainer = try Trainer(network: network, dataset: data, recipe: recipe, seed: 7)
        _ = try trainer.trainStep()
        return Pool.statistics.bytes
      }
      let cut = try bytes(16)
      let whole = try bytes(0)
      #expect(cut * 3 < whole)
    }
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

/// Windows of 8 steps that tell which feature is 1, with a NaN in the second sequence's step 6.
private struct PoisonedSteps: Dataset {
  var name: String { "poisoned steps" }
  var summary: String { "two features" }
  var input: Signature { .sequence(2) }
  var target: Target { Target(labels: ["0", "1"], isPerStep: true, metric: .accuracy) }
  var stepsPerEpoch: Int { 5 }

  func trainingBatch(at step: Int) -> Batch {
    var values = (0..<2 * 8).flatMap { $0 % 3 == 0 ? [1, 0] : [0, 1] as [Float] }
    values[(8 + 6) * 2] = .nan
    return Batch(
      input: Tensor(values, [2, 8, 2]), targets: (0..<2 * 8).map { $0 % 3 == 0 ? 0 : 1 })
  }
  func batchCount(of split: Split) -> Int { 1 }
  func batch(_ index: Int, of split: Split) -> Batch { trainingBatch(at: index) }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { fatalError("not looked at") }
  func baselines(on split: Split) -> [Baseline] { [] }
}
