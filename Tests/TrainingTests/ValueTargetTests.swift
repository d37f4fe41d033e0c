import Data
import Engine
import Layers
import Testing

@testable import Training

/// Sequences whose every step has a target that is a linear function of its input.
private struct LinearSequences: Dataset {
  var target: Target
  /// What is wanted at a step, from its two features.
  var rule: @Sendable (_ x: [Float], _ row: Int) -> Float
  /// What stands in the input and the targets past the ends.
  var padding: Float = 0

  var name: String { "linear" }
  var summary: String { "linear sequences" }
  var input: Signature { .sequence(2) }
  var stepsPerEpoch: Int { 1 }
  func trainingBatch(at step: Int) -> Batch { batch }
  func batchCount(of split: Split) -> Int { 1 }
  func batch(_ index: Int, of split: Split) -> Batch { batch }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { fatalError("not looked at") }
  func baselines(on split: Split) -> [Baseline] { [] }

  static let lengths = [4, 1, 3, 4]

  private var batch: Batch {
    var random = Random.stream(.test, seed: 5)
    var (inputs, targets, weights): ([Float], [Float], [Float]) = ([], [], [])
    for (row, length) in Self.lengths.enumerated() {
      for t in 0..<4 {
        let x = (0..<2).map { _ in Float.random(in: -1...1, using: &random) }
        inputs += t < length ? x : [padding, padding]
        targets.append(t < length ? rule(x, row * 4 + t) : padding)
        weights.append(t < length ? 1 : 0)
      }
    }
    return Batch(
      input: Tensor(inputs, [4, 4, 2]), targets: .values(Tensor(targets, [16, 1])),
      weights: weights, lengths: Self.lengths)
  }

  /// y = 2 x₀ − x₁ + ½ in degrees: networks see tenths of them around 15.
  static func temperatures(padding: Float = 0) -> LinearSequences {
    LinearSequences(
      target: Target(
        .values([Quantity("temperature", unit: "°C", mean: 15, deviation: 10)]), isPerStep: true,
        metric: .rootMeanSquareError),
      rule: { x, _ in 2 * x[0] - x[1] + 0.5 }, padding: padding)
  }

  /// True at every fourth step, whatever the input.
  static let quarter = LinearSequences(
    target: Target(.flags(["on"]), isPerStep: true, metric: .accuracy),
    rule: { _, row in row % 4 == 0 ? 1 : 0 })
}

@Suite struct ValueTargetTests {
  private func trainer(
    _ data: LinearSequences, _ loss: Loss = .standard, seed: UInt64 = 1, rate: Double = 0.05
  ) throws -> Trainer {
    let network = try Network(
      ModelSpec([Linear.Spec(outFeatures: 1)]), input: data.input, seed: seed)
    let recipe = TrainingRecipe.with {
      $0.learningRate = rate
      $0.clipNorm = 0
      $0.loss = loss
    }
    return try Trainer(
      network: network, dataset: data, recipe: recipe, seed: seed, clock: { 0 })
  }

  @Test(arguments: [Loss.standard, .meanSquared, .huber])
  func aLinearLayerFindsALinearRule(loss: Loss) throws {
    let trainer = try trainer(.temperatures(), loss)
    for _ in 0..<600 { _ = try trainer.trainStep() }
    let weights = trainer.network.parameters.flatMap { $0.parameter.value.scalars }
    for (found, wanted) in zip(weights, [2, -1, 0.5] as [Float]) {
      #expect(abs(found - wanted) < 1e-3)
    }
    let report = try #require(trainer.evaluate(.validation))
    #expect(report.metric < 0.02 && report.metrics.map(\.metric).contains(.meanAbsoluteError))
    #expect(report.confusion == nil)
  }

  @Test func theMetricIsInTheUnitOfPeopleAndTheLossInThatOfNetworks() throws {
    let report = try #require(try trainer(.temperatures()).evaluate(.validation))
    let mean = try #require(report.metrics.first { $0.metric == .meanSquaredError }).value
    #expect(abs(mean / report.loss - 100) < 1e-3)
    #expect(abs(report.metric - mean.squareRoot()) < 1e-9)
  }

  @Test func flagsAreFittedToTheirFrequency() throws {
    let trainer = try trainer(.quarter, rate: 0.1)
    for _ in 0..<500 { _ = try trainer.trainStep() }
    // With what the three numbers of the layer can do, no loss is lower than this one.
    let report = try trainer.trainStep()
    var pass = Pass()
    let batch = LinearSequences.quarter.trainingBatch(at: 0)
    let tape = Tape()
    let scores = trainer.network(tape.constant(batch.input), &pass)
    let loss = trainer.recipe.loss(of: scores, batch, LinearSequences.quarter.target)
    for entry in trainer.network.parameters {
      let gradient = tape.gradients(of: loss)[entry.parameter]
      #expect(gradient.map { $0.sumOfSquares < 1e-6 } == true)
    }
    #expect(report.loss < 0.637)  // the entropy of 4 in 12
  }

  @Test func theLossIsTheSumOverTheNumberOfValidSteps() throws {
    let data = LinearSequences.temperatures()
    let batch = data.trainingBatch(at: 0)
    let (recipe, outputs) = (TrainingRecipe(), Tensor((0..<16).map { Float($0) / 8 }, [4, 4, 1]))
    let tape = Tape()
    let y = tape.variable(outputs)
    let loss = recipe.loss(of: y, batch, data.target)
    let gradient = try #require(tape.gradients(of: loss)[y])
    guard case .values(let t) = batch.targets else { return }
    var sum = 0.0
    for (row, length) in LinearSequences.lengths.enumerated() {
      for step in 0..<4 {
        let error = Double(outputs[row, step, 0]) - Double(t[row * 4 + step, 0])
        let slope = Double(gradient[row, step, 0])
        if step < length {
          sum += error * error
          #expect(abs(slope - 2 * error / 12) < 1e-6)
        } else {
          #expect(slope == 0)
        }
      }
    }
    #expect(abs(Double(loss.scalar) - sum / 12) < 1e-6)
  }

  @Test func whatStandsInThePaddingChangesNothing() throws {
    let (clean, filled) = (try trainer(.temperatures()), try trainer(.temperatures(padding: 1000)))
    for _ in 0..<3 { #expect(try clean.trainStep() == filled.trainStep()) }
    #expect(bits(clean.network) == bits(filled.network))
    #expect(clean.evaluate(.validation) == filled.evaluate(.validation))
  }

  @Test func aLossThatDoesNotFitTheTargetIsRefusedWithThoseThatDo() throws {
    func refusal(_ data: LinearSequences, _ loss: Loss) -> String? {
      do throws(TrainingError) {
        let network = try? Network(
          ModelSpec([Linear.Spec(outFeatures: 1)]), input: data.input, seed: 1)
        guard let network else { return "no network" }
        _ = try Trainer(
          network: network, dataset: data, recipe: .with { $0.loss = loss }, seed: 1)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      refusal(.temperatures(), .focal)
        == "Loss focal does not fit data that predict values. Use mse or mae or huber.")
    #expect(
      refusal(.quarter, .meanSquared)
        == "Loss mse does not fit data that predict flags. Use binary_cross_entropy.")
    #expect(refusal(.quarter, .binaryCrossEntropy) == nil)
  }

  @Test func theFingerprintSeesTheValues() {
    let data = LinearSequences.temperatures()
    var other = data
    other.rule = { x, row in data.rule(x, row) + (row == 3 ? 0x1p-20 : 0) }
    #expect(data.fingerprint == LinearSequences.temperatures().fingerprint)
    #expect(data.fingerprint != other.fingerprint)
  }
}
