import Engine
import Layers
import TestSupport
import Testing

@testable import Training

@Suite struct OptimizerTests {
  /// Updates of a single weight by gradients, one after another.
  private func trajectory(
    _ rule: TrainingRecipe.Optimizer, from start: Float, by gradients: [Float], rate: Double,
    momentum: Double? = nil, clippedBy mode: Clipping.Mode = .norm, limit: Double = 0
  ) -> [Float] {
    let parameter = Parameter("w", Tensor([start], [1]))
    let recipe = TrainingRecipe.with {
      $0.optimizer = rule
      $0.momentum = momentum
    }
    let optimizer = Optimizer(OptimizerRule(recipe), for: [parameter])
    return gradients.enumerated().map { index, gradient in
      let found = [Tensor([gradient], [1])]
      let clipping = Clipping(mode, limit: limit, GradientNorm(found), of: found)
      optimizer.step(found, rate: rate, clipping: clipping, count: index + 1)
      return parameter.value.scalar
    }
  }

  @Test func sgdWithoutMomentumGoesDownTheGradient() {
    let path = trajectory(.sgd, from: 1, by: [0.5, -1], rate: 0.1, momentum: 0)
    #expect(path.map { ($0 * 1e6).rounded() } == [950_000, 1_050_000])
  }

  @Test func momentumBeginsAsTheFirstGradient() {
    // v = 1, then 0.9 + 1 = 1.9, then 0.9 · 1.9 + 0 = 1.71.
    let path = trajectory(.sgd, from: 0, by: [1, 1, 0], rate: 0.1)
    #expect(path.map { ($0 * 1e6).rounded() } == [-100_000, -290_000, -461_000])
  }

  @Test func adamsFirstStepIsTheLearningRateWhateverTheGradient() {
    for gradient: Float in [1e-3, 1, 1000] {
      let path = trajectory(.adam, from: 0, by: [gradient], rate: 0.01)
      #expect(abs(path[0] + 0.01) < 1e-6)
    }
  }

  @Test func adamsSecondStepIsTheOneWorkedOutByHand() {
    // m = 0.1·0.9 − 0.1·2 = −0.11, m̂ = −0.11 / 0.19; v = 0.001·0.999 + 0.001·4 = 0.004999,
    // v̂ = 0.004999 / 0.001999; w = −0.01 + 0.01 · 0.57895 / 1.58138 = −0.0063390.
    let path = trajectory(.adam, from: 0, by: [1, -2], rate: 0.01)
    #expect(abs(path[1] - -0.006_339_0) < 2e-7)
  }

  @Test(arguments: Clipping.Mode.allCases)
  func aRuleSeesTheGradientThatClippingLeaves(mode: Clipping.Mode) {
    let path = trajectory(
      .sgd, from: 0, by: [2, -3, 0.25], rate: 1, momentum: 0, clippedBy: mode, limit: 0.5)
    #expect(path.map { ($0 * 1e4).rounded() / 1e4 } == [-0.5, 0, -0.25])
  }

  @Test func theUpdateFunctionsTellHowFarTheyWent() {
    let parameters = [Parameter("a", .zeros([2])), Parameter("b", .zeros([1]))]
    let rule = OptimizerRule(.with { $0.optimizer = .sgd })
    let optimizer = Optimizer(rule, for: parameters)
    let squares = optimizer.step([Tensor([3, 4], [2]), nil], rate: 1, count: 1)
    #expect(squares == [25, 0])
    #expect(parameters[1].value.scalars == [0])
  }

  @Test(arguments: TrainingRecipe.Convention.allCases, [false, true])
  func weightDecayShrinksWeightsAndNothingElseUnlessAsked(
    convention: TrainingRecipe.Convention, all: Bool
  ) throws {
    let model = ModelSpec([
      BatchNorm.Spec(), PeepholeLSTM.Spec(hiddenSize: 3), LayerNormLSTM.Spec(hiddenSize: 3),
      BNLSTM.Spec(), Linear.Spec(outFeatures: 2),
    ])
    let network = try Network(model, input: .sequence(4), seed: 1)
    let recipe = TrainingRecipe.with {
      $0.optimizer = .adamw
      $0.convention = convention
      $0.weightDecay = 0.5
      $0.decaysAll = all
    }
    let parameters = network.parameters.map(\.parameter)
    for parameter in parameters { parameter.assign(.ones(parameter.value.shape)) }
    let optimizer = Optimizer(OptimizerRule(recipe), for: parameters)
    optimizer.step(parameters.map { .zeros($0.value.shape) }, rate: 0.1, count: 1)
    let shrunk = network.parameters.filter { $0.parameter.value.scalars[0] < 1 }.map(\.name)
    let weights = [
      "peephole_lstm.weight_ih_l0", "peephole_lstm.weight_hh_l0", "layer_norm_lstm.weight_ih_l0",
      "layer_norm_lstm.weight_hh_l0", "bn_lstm.weight_ih_l0", "bn_lstm.weight_hh_l0",
      "linear.weight",
    ]
    #expect(shrunk == (all ? network.parameters.map(\.name) : weights))
    #expect(parameters.last { $0.name == "weight" }?.value.scalars[0] == 0.95)
  }

  @Test func aSettingLeftToTheConventionHasItsNumber() {
    func rule(_ change: (inout TrainingRecipe) -> Void) -> OptimizerRule {
      OptimizerRule(.with(change))
    }
    #expect(rule { $0.optimizer = .sgd }.momentum == 0.9)
    #expect(rule { $0.optimizer = .rmsprop }.momentum == 0)
    #expect(rule { $0.optimizer = .adagrad }.epsilon == 1e-10)
    #expect(rule { $0.optimizer = .adamw }.decay == 0.01)
    #expect(rule { $0.optimizer = .adam }.decay == 0)
    let keras = rule {
      $0.optimizer = .adamw
      $0.convention = .keras
    }
    #expect(keras.decay == 0.004 && keras.epsilon == 1e-7 && keras.alpha == 0.9)
  }

  @Test func clippingIsThatOfPyTorch() throws {
    let fixture = try Fixture("layers/optimizers")
    let gradients = try fixture("gradients")
    let (first, second) = (gradients.gathering(rows: [0]), gradients.gathering(rows: [1]))
    let parts = [first.reshaped([7, 5]), second.reshaped([7, 5]).gathering(rows: [0, 1, 2])]
    let norm = GradientNorm(parts)
    #expect(abs(norm.total - Double(try fixture("clip.norm").scalar)) < 1e-5)
    let factor = Float(Clipping(.norm, limit: 1.5, norm, of: parts).factor(of: 1))
    for (part, key) in zip(parts, ["clip.first", "clip.second"]) {
      #expect((part * factor - (try fixture(key))).sumOfSquares.squareRoot() < 1e-6)
    }
  }

  @Test func theNormIsThatOfAllGradientsTogether() {
    let norm = GradientNorm([Tensor([3], [1]), nil, Tensor([0, 4], [2])])
    #expect(norm.parameters == [3, 0, 4])
    #expect(norm.total == 5)
  }

  @Test func eachWayOfClippingHoldsWhatItSays() {
    let gradients = [Tensor([3], [1]), nil, Tensor([0, 4], [2])]
    let norm = GradientNorm(gradients)
    func clipping(_ mode: Clipping.Mode, _ limit: Double) -> Clipping {
      Clipping(mode, limit: limit, norm, of: gradients)
    }
    for mode in Clipping.Mode.allCases {
      #expect(clipping(mode, 0) == .none && !clipping(mode, 10).isActive)
      #expect(clipping(mode, 3.5).isActive && clipping(mode, 10).factor(of: 2) == 1)
    }
    #expect(clipping(.norm, 1).factor(of: 0) == 1 / (5 + 1e-6))
    #expect(clipping(.parameter, 2).factor(of: 0) == 2 / (3 + 1e-6))
    #expect(clipping(.parameter, 2).factor(of: 2) == 2 / (4 + 1e-6))
    #expect(clipping(.parameter, 2).factor(of: 1) == 1)
    #expect(clipping(.value, 3.5).limit == 3.5 && clipping(.norm, 3.5).limit == .infinity)
  }

  @Test func aGradientThatNoClippingTamesIsToldApart() {
    func tames(_ gradient: Float, _ mode: Clipping.Mode, _ limit: Double) -> Bool {
      let gradients = [Tensor([gradient], [1])]
      let norm = GradientNorm(gradients)
      return Clipping(mode, limit: limit, norm, of: gradients).tames(norm)
    }
    for mode in Clipping.Mode.allCases {
      #expect(tames(1e19, mode, 1) && !tames(1e19, mode, 0) && tames(1, mode, 0))
      #expect(!tames(.nan, mode, 1) && !tames(.infinity, mode, 1))
    }
  }
}
