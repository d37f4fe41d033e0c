import Data
import Engine
import Layers
import TestSupport
import Testing

@testable import Training

@Suite struct GradientSizesTests {
  @Test func numbersAreCountedByTheirPowerOfTen() {
    let sizes = GradientSizes(Tensor([0, 1e-12, 3e-10, -0.02, 0.05, 2, -300, .infinity], [8]))
    var wanted = [Double](repeating: 0, count: 11)
    (wanted[0], wanted[8], wanted[10]) = (2.0 / 8, 2.0 / 8, 3.0 / 8)
    #expect(sizes.shares == wanted)
  }

  @Test func aCloserLookHasGradientsAndTheRadiusOfRecurrentWeights() throws {
    let data = FirstSymbol()
    let model = ModelSpec([
      RNN.Spec(hiddenSize: 6), LastStep.Spec(), Linear.Spec(outFeatures: data.classes),
    ])
    let trainer = try Trainer(
      network: Network(model, input: data.input, seed: 3), dataset: data,
      recipe: TrainingRecipe(), seed: 1)
    let detail = try #require(try trainer.trainStep(detail: true).detail)
    for report in detail.parameters {
      let shares = try #require(report.gradientSizes?.shares)
      #expect(shares.reduce(0, +) > 0.9 && shares.reduce(0, +) < 1.000_001, "\(report.name)")
      #expect((report.spectralRadius != nil) == (report.name == "weight_hh_l0"))
    }
    let found = detail.parameters.compactMap(\.spectralRadius).first
    let weight = trainer.parameters.first { $0.parameter.name == "weight_hh_l0" }?.parameter.value
    let exact = try #require(weight?.spectralRadius())
    #expect(abs((found ?? 0) / exact - 1) < 0.05)
  }
}
