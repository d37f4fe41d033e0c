import Foundation
import Testing

@testable import Engine
@testable import TestSupport

@Suite struct LossTests {
  /// A loss of the fixture with the inputs that it has gradients for.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let inputs: [String]
    let compute: @Sendable ([Tensor], Given) -> Tensor

    init(
      _ name: String, _ inputs: [String], _ compute: @escaping @Sendable ([Tensor], Given) -> Tensor
    ) {
      (self.name, self.inputs, self.compute) = (name, inputs, compute)
    }

    var testDescription: String { name }
  }

  /// What the losses are measured against.
  struct Given: Sendable {
    let classes, labels: [Int32]
    let weights, similar: [Float]
    let t, flags, shares: Tensor

    init(_ fixture: Fixture) throws {
      classes = try fixture("classes").scalars.map { Int32($0) }
      labels = try fixture("labels").scalars.map { Int32($0) }
      weights = try fixture("weights").scalars
      similar = try fixture("similar").scalars
      (t, flags, shares) = try (fixture("t"), fixture("flags"), fixture("shares"))
    }
  }

  static let cases: [Case] = [
    Case("smoothing", ["z"]) { z, given in
      z[0].softmaxCrossEntropy(given.classes, weights: given.weights, smoothing: 0.1).loss
    },
    Case("focal", ["z"]) { z, given in
      z[0].focalLoss(given.classes, weights: given.weights, gamma: 2).loss
    },
    Case("focal_half", ["z"]) { z, given in
      z[0].focalLoss(given.classes, weights: given.weights, gamma: 0.5).loss
    },
    Case("mse", ["y"]) { $0[0].mean(.squared, of: $1.t, weights: $1.weights) },
    Case("mae", ["y"]) { $0[0].mean(.absolute, of: $1.t, weights: $1.weights) },
    Case("huber", ["y"]) { $0[0].mean(.huber(delta: 0.7), of: $1.t, weights: $1.weights) },
    Case("bce", ["y"]) { $0[0].mean(.logistic, of: $1.flags, weights: $1.weights) },
    Case("kl", ["z"]) { $0[0].klDivergence(from: $1.shares, weights: $1.weights) },
    Case("contrastive", ["a", "b"]) { points, given in
      points[0].distances(to: points[1])
        .contrastiveLoss(similar: given.similar, margin: 1.2, weights: given.weights)
    },
    Case("triplet", ["a", "b", "c"]) {
      $0[0].tripletLoss(positive: $0[1], negative: $0[2], margin: 0.3, weights: $1.weights)
    },
    Case("info_nce", ["a", "b"]) {
      $0[0].infoNCELoss(keys: $0[1], temperature: 0.2, weights: $1.weights)
    },
    Case("cosine", ["a", "b"]) { points, given in
      let cosines = points[0].cosines(to: points[1])
      return (cosines * Tensor(Tensor.shares(given.weights, rows: 9), [9])).sum()
    },
    Case("batch_contrastive", ["x"]) { $0[0].contrastiveLoss(of: $1.labels, margin: 1.2) },
    Case("batch_hard", ["x"]) { $0[0].tripletLoss(of: $1.labels, margin: 0.3) },
    Case("batch_all", ["x"]) { $0[0].tripletLoss(of: $1.labels, margin: 0.3, mining: .all) },
    Case("supervised", ["x"]) {
      $0[0].supervisedContrastiveLoss(of: $1.labels, temperature: 0.2)
    },
  ]

  @Test(arguments: cases) func lossesAndGradientsAreThoseOfPyTorch(of loss: Case) throws {
    try compare(loss, with: try Fixture("losses/losses"))
  }

  /// The losses that Keras has; it has none of pairs and triplets.
  private static let ofKeras: Set<String> = [
    "smoothing", "focal", "focal_half", "mse", "mae", "huber", "bce", "kl", "cosine",
  ]

  @Test(arguments: cases.filter { ofKeras.contains($0.name) })
  func lossesAndGradientsAreThoseOfKeras(of loss: Case) throws {
    try compare(loss, with: try Fixture("keras/losses"))
  }

  private func compare(_ loss: Case, with wanted: Fixture) throws {
    let fixture = try Fixture("losses/losses")
    let tape = Tape()
    let inputs = try loss.inputs.map { tape.variable(try fixture("\(loss.name).\($0)")) }
    let found = loss.compute(inputs, try Given(fixture))
    expectClose(found, try wanted("\(loss.name).loss"), within: 1e-6)
    let gradients = tape.gradients(of: found)
    for (name, input) in zip(loss.inputs, inputs) {
      expectClose(gradients[input], try wanted("\(loss.name).grad.\(name)"), within: 2e-6, name)
    }
  }

  @Test func theGradientOfCrossEntropyIsSoftmaxMinusOneHot() {
    let tape = Tape()
    let logits = tape.variable(drawn([6, 5], seed: 70, in: -8...8))
    let classes: [Int32] = [0, 4, 2, 2, 1, 3]
    let gradient = tape.gradients(of: logits.softmaxCrossEntropy(classes).loss)[logits]
    let p = logits.detached.softmax()
    for row in 0..<6 {
      for v in 0..<5 {
        let expected = p[row, v] - (Int(classes[row]) == v ? 1 : 0)
        #expect(abs((gradient?[row, v] ?? .nan) * 6 - expected) <= 1e-6)
      }
    }
  }

  /// Every loss of one row of scores, by name.
  private static let ofScores: [String: @Sendable (Tensor) -> Tensor] = [
    "cross entropy": { $0.softmaxCrossEntropy([0]).loss },
    "smoothing": { $0.softmaxCrossEntropy([0], smoothing: 0.1).loss },
    "focal": { $0.focalLoss([0], gamma: 2).loss },
    "focal near 0": { $0.focalLoss([0], gamma: 0.5).loss },
    "logistic": { $0.mean(.logistic, of: Tensor([1, 0, 1], [1, 3])) },
    "squared": { $0.mean(.squared, of: .zeros([1, 3])) },
    "absolute": { $0.mean(.absolute, of: .zeros([1, 3])) },
    "huber": { $0.mean(.huber(delta: 1), of: .zeros([1, 3])) },
    "divergence": { $0.klDivergence(from: Tensor([1, 0, 0], [1, 3])) },
    "log of a sum": { $0.logSumExp().sum() },
    "InfoNCE": { $0.infoNCELoss(keys: $0, temperature: 0.01) },
  ]

  @Test(
    arguments: ofScores.keys.sorted(),
    [[80, -80, 80], [-80, 80, -80], [-80, 80, 0]] as [[Float]])
  func numbersStayFiniteAtScoresOf80(loss: String, scores: [Float]) throws {
    let tape = Tape()
    let logits = tape.variable(Tensor(scores, [1, 3]))
    let compute = try #require(Self.ofScores[loss])
    let value = compute(logits)
    #expect(value.isFinite)
    #expect(tape.gradients(of: value)[logits]?.isFinite == true)
  }

  @Test func aHopelessGuessCostsWhatItsScoresSay() {
    let wrong = Tensor([-80, 80], [1, 2])
    #expect(wrong.softmaxCrossEntropy([0]).loss.scalar == 160)
    #expect(wrong.focalLoss([0], gamma: 2).loss.scalar == 160)
    #expect(wrong.mean(.logistic, of: Tensor([1, 0], [1, 2])).scalar == 80)
    #expect(wrong.logSumExp().scalar == 80)
    #expect(wrong.logSoftmax().scalars == [-160, 0])
  }

  @Test func focalLossWithoutFocusIsCrossEntropy() {
    let logits = drawn([4, 3], seed: 71, in: -3...3)
    let classes: [Int32] = [0, 2, 1, 1]
    expectClose(
      logits.focalLoss(classes, gamma: 0).loss, logits.softmaxCrossEntropy(classes).loss,
      within: 1e-7)
  }

  @Test func rowsMaskedWholeHaveNoGradient() {
    let tape = Tape()
    let z = tape.variable(Tensor([-.infinity, -.infinity, 1, -.infinity], [2, 2]))
    let (sums, logs) = (z.logSumExp(), z.logSoftmax())
    #expect(sums.scalars == [-.infinity, 1])
    #expect(logs.scalars == [-.infinity, -.infinity, 0, -.infinity])
    #expect(tape.gradients(of: sums)[z]?.scalars == [0, 0, 1, 0])
    #expect(tape.gradients(of: logs)[z]?.scalars.prefix(2) == [0, 0])
  }

  @Test func whatHasNoWeightHasNoGradientWhateverItHolds() {
    for content: Float in [0, 1000] {
      let tape = Tape()
      let y = tape.variable(Tensor([1, 2, content, -content, 3, 5], [3, 2]))
      let t = Tensor([0, 1, -content, content, 1, 1], [3, 2])
      let loss = y.mean(.squared, of: t, weights: [1, 0, 3])
      #expect(loss.scalar == 7.75)  // (1 · (1 + 1) + 3 · (4 + 16)) / 2 / 4
      #expect(tape.gradients(of: loss)[y]?.scalars == [0.25, 0.25, 0, 0, 1.5, 3])
    }
  }

  @Test func withNoWeightAtAllTheLossIsZero() {
    let y = drawn([3, 2], seed: 72)
    #expect(y.mean(.squared, of: .zeros([3, 2]), weights: [0, 0, 0]).scalar == 0)
    #expect(y.softmaxCrossEntropy([0, 1, 0], weights: [0, 0, 0]).loss.scalar == 0)
    #expect(y.klDivergence(from: y.softmax(), weights: [0, 0, 0]).scalar == 0)
  }

  @Test func pointsInOnePlaceHaveNoDistanceAndNoGradient() {
    let tape = Tape()
    let a = tape.variable(Tensor([1, 2], [1, 2]))
    let distance = a.distances(to: Tensor([1, 2], [1, 2]))
    #expect(distance.scalars == [0])
    #expect(tape.gradients(of: distance)[a]?.scalars == [0, 0])
  }
}
