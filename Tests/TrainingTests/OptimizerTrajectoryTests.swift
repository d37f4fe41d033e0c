import Engine
import Layers
import TestSupport
import Testing

@testable import Training

/// A hundred steps down a quartic against PyTorch and Keras themselves: see
/// Fixtures/optimizers/make_trajectories.py.
@Suite struct OptimizerTrajectoryTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let change: @Sendable (inout TrainingRecipe) -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ optimizer: TrainingRecipe.Optimizer, rate: Double,
      _ change: @escaping @Sendable (inout TrainingRecipe) -> Void = { _ in }
    ) {
      self.name = name
      self.change = {
        $0.optimizer = optimizer
        $0.learningRate = rate
        change(&$0)
      }
    }

    static let all = [
      Case("sgd", .sgd, rate: 0.01) { $0.momentum = 0 },
      Case("sgd_momentum", .sgd, rate: 0.01) {
        $0.momentum = 0.8
        $0.weightDecay = 0.03
      },
      Case("sgd_nesterov", .sgd, rate: 0.01) {
        $0.momentum = 0.8
        $0.nesterov = true
      },
      Case("adagrad", .adagrad, rate: 0.1),
      Case("rmsprop", .rmsprop, rate: 0.003),
      Case("rmsprop_momentum", .rmsprop, rate: 0.002) {
        $0.momentum = 0.8
        $0.alpha = 0.9
        $0.epsilon = 1e-3
      },
      Case("rmsprop_centered", .rmsprop, rate: 0.002) {
        $0.centered = true
        $0.alpha = 0.99
        $0.epsilon = 1e-3
      },
      Case("rmsprop_centered_momentum", .rmsprop, rate: 0.001) {
        $0.centered = true
        $0.momentum = 0.8
        $0.alpha = 0.9
        $0.epsilon = 1e-2
      },
      Case("adam", .adam, rate: 0.02),
      Case("adam_decay", .adam, rate: 0.02) {
        $0.beta1 = 0.8
        $0.beta2 = 0.99
        $0.weightDecay = 0.03
      },
      Case("adamw", .adamw, rate: 0.02),
      Case("amsgrad", .amsgrad, rate: 0.02) {
        $0.beta2 = 0.9
        $0.epsilon = 1e-3
      },
    ]
  }

  /// The gradient of (x² + y − 1.1)² + (x + y² − 0.7)².
  private static func gradient(_ w: [Float]) -> [Float] {
    let (x, y) = (Double(w[0]), Double(w[1]))
    let (first, second) = (x * x + y - 1.1, x + y * y - 0.7)
    return [Float(4 * x * first + 2 * second), Float(2 * first + 4 * y * second)]
  }

  @Test(arguments: Case.all, TrainingRecipe.Convention.allCases)
  func theTrajectoryIsThatOfTheLibrary(of run: Case, convention: TrainingRecipe.Convention) throws {
    var recipe = TrainingRecipe.with(run.change)
    recipe.convention = convention
    recipe.decaysAll = true  // two numbers are no matrix
    let expected = try Fixture("optimizers/trajectories")("\(convention).\(run.name)").scalars
    let parameter = Parameter("weight", Tensor([0.9, -0.4], [2]))
    let optimizer = Optimizer(OptimizerRule(recipe), for: [parameter])
    var worst: Float = 0
    for step in 0..<100 {
      let gradient = Tensor(Self.gradient(parameter.value.scalars), [2])
      optimizer.step([gradient], rate: recipe.learningRate, count: step + 1)
      for (axis, value) in parameter.value.scalars.enumerated() {
        worst = max(worst, abs(value - expected[step * 2 + axis]))
      }
    }
    #expect(worst <= 1e-6)
  }

  /// PyTorch's groups of parameters: x has a quarter of the rate and a decay of its own, or stays.
  @Test(arguments: ["groups_adamw", "groups_sgd", "groups_frozen"])
  func groupsGoTheirOwnWays(name: String) throws {
    let recipe = TrainingRecipe.with {
      $0.optimizer = name == "groups_sgd" ? .sgd : name == "groups_adamw" ? .adamw : .adam
      $0.learningRate = name == "groups_sgd" ? 0.01 : 0.02
      $0.decaysAll = true
      if name == "groups_sgd" { ($0.momentum, $0.weightDecay) = (0.8, 0.03) }
    }
    var group = LayerTraining()
    if name == "groups_frozen" {
      group.isFrozen = true
    } else {
      (group.rateScale, group.weightDecay) = (0.25, 0.05)
    }
    let expected = try Fixture("optimizers/trajectories")("pytorch.\(name)").scalars
    let parameters = [0.9, -0.4].map { Parameter("weight", Tensor([Float($0)], [1])) }
    let optimizer = Optimizer(
      OptimizerRule(recipe), for: parameters, groups: [group, LayerTraining()])
    var worst: Float = 0
    for step in 0..<100 {
      let gradients = Self.gradient(parameters.map { $0.value.scalars[0] })
      optimizer.step(
        gradients.map { Tensor([$0], [1]) }, rate: recipe.learningRate, count: step + 1)
      for (axis, parameter) in parameters.enumerated() {
        worst = max(worst, abs(parameter.value.scalars[0] - expected[step * 2 + axis]))
      }
    }
    #expect(worst <= 1e-6)
  }

  @Test(arguments: TrainingRecipe.Optimizer.allCases, TrainingRecipe.Convention.allCases)
  func aParameterWithoutAGradientStaysAsItIs(
    rule: TrainingRecipe.Optimizer, convention: TrainingRecipe.Convention
  ) {
    let recipe = TrainingRecipe.with {
      $0.optimizer = rule
      $0.convention = convention
      $0.weightDecay = 0.1
    }
    let parameters = [1, 2].map { Parameter("weight", .filled(with: Float($0), [2, 2])) }
    let optimizer = Optimizer(OptimizerRule(recipe), for: parameters)
    for count in 1...3 {
      optimizer.step([.ones([2, 2]), nil], rate: 0.1, count: count)
    }
    #expect(parameters[1].value.scalars == [2, 2, 2, 2])
    for (slot, start) in zip(optimizer.slots, optimizer.rule.slots) {
      #expect(slot.values[1].scalars == Array(repeating: start.start, count: 4))
      #expect(slot.values[0].scalars != slot.values[1].scalars)
    }
    #expect(parameters[0].value.scalars.allSatisfy { $0 < 1 })
  }
}
