import Engine
import TestSupport
import Testing

@testable import Layers

@Suite struct WeightInitializerTests {
  private func weight(
    _ start: WeightInitializer, _ shape: Shape, blocks: Int = 1, isTransposed: Bool = false,
    seed: UInt64 = 1
  ) -> Tensor {
    var random = Random.stream(.test, seed: seed)
    let parameter = Parameter("weight", .ones(shape))
    start.apply(to: parameter, blocks: blocks, isTransposed: isTransposed, using: &random)
    return parameter.value
  }

  private func variance(_ numbers: Tensor) -> Double {
    numbers.sumOfSquares / Double(numbers.count)
  }

  /// Inputs and outputs of a matrix, of a kernel of 3 × 3 taps, and of each of 4 stacked gates.
  @Test(arguments: [
    (Shape([96, 160]), 1, 160.0, 96.0), (Shape([24, 16, 3, 3]), 1, 144.0, 216.0),
    (Shape([4 * 48, 64]), 4, 64.0, 48.0),
  ])
  func theVarianceIsThatOfItsFans(shape: Shape, blocks: Int, inputs: Double, outputs: Double) {
    let wanted: [(WeightInitializer, Double)] = [
      (.xavierUniform, 2 / (inputs + outputs)), (.xavierNormal, 2 / (inputs + outputs)),
      (.kaimingUniform, 2 / inputs), (.kaimingNormal, 2 / inputs),
      (.lecunUniform, 1 / inputs), (.lecunNormal, 1 / inputs), (.truncatedNormal, 1 / inputs),
    ]
    for (start, expected) in wanted {
      let drawn = weight(start, shape, blocks: blocks)
      #expect(abs(variance(drawn) / expected - 1) < 0.08, "\(start)")
      let largest = Double(drawn.scalars.map { abs($0) }.max() ?? 0)
      switch start {
      case .xavierUniform, .kaimingUniform, .lecunUniform:
        #expect(largest <= (3 * expected).squareRoot() * 1.000_001)
      case .truncatedNormal: #expect(largest <= 2 * (expected / 0.7737).squareRoot())
      default: #expect(largest > 2.5 * expected.squareRoot())
      }
    }
  }

  /// The starts of Keras under our names; its truncated_normal has a deviation that ours has not.
  @Test(arguments: [
    (WeightInitializer.xavierUniform, "glorot_uniform"), (.glorotNormal, "glorot_normal"),
    (.kaimingUniform, "he_uniform"), (.heNormal, "he_normal"), (.lecunUniform, "lecun_uniform"),
    (.truncatedNormal, "lecun_normal"), (.randomUniform, "random_uniform"),
    (.randomNormal, "random_normal"),
  ])
  func theSpreadIsThatOfKeras(start: WeightInitializer, name: String) throws {
    let wanted = try Fixture("keras/initializers")(name)
    let drawn = weight(start, [400, 500])
    #expect(abs(variance(drawn) / Double(wanted[0]) - 1) < 0.02)
    let sizes = drawn.scalars.map { abs($0) }.sorted()
    #expect(abs(sizes[sizes.count * 999 / 1000] / wanted[1] - 1) < 0.02)
  }

  @Test func aNormalDistributionMayEndAtThreeDeviations() {
    let drawn = weight(.truncatedNormal3SD, [400, 500])
    let deviation = (1 / 500 / 0.973_337).squareRoot()
    let largest = Double(drawn.scalars.map { abs($0) }.max() ?? 0) / deviation
    #expect(abs(variance(drawn) * 500 - 1) < 0.02 && 2.97...3.000_01 ~= largest)
  }

  @Test func aTransposedKernelCountsItsInputsInRows() {
    let drawn = weight(.kaimingUniform, [120, 8, 5], isTransposed: true)
    #expect(abs(variance(drawn) / (2 / (120 * 5)) - 1) < 0.08)
  }

  @Test(arguments: [Shape([12, 12]), [7, 20], [20, 7], [6, 2, 3, 3]])
  func orthogonalWeightsAreOrthonormal(shape: Shape) {
    let drawn = weight(.orthogonal, shape)
    let (rows, columns) = (shape[0], shape.count / shape[0])
    let values = drawn.scalars.map(Double.init)
    let isWide = rows <= columns
    let (count, length) = isWide ? (rows, columns) : (columns, rows)
    for first in 0..<count {
      for second in 0..<count {
        let product = (0..<length).reduce(0.0) { sum, place in
          func at(_ index: Int) -> Double {
            isWide ? values[index * columns + place] : values[place * columns + index]
          }
          return sum + at(first) * at(second)
        }
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-5)
      }
    }
  }

  @Test func bothSignsOfTheDeterminantOccur() {
    let signs = (1...20).map { (seed: UInt64) -> Bool in
      let q = weight(.orthogonal, [2, 2], seed: seed).scalars
      return q[0] * q[3] - q[1] * q[2] > 0
    }
    #expect(Set(signs).count == 2)
  }

  @Test func identityPassesOnWhatItGets() {
    #expect(weight(.identity, [3, 3]).scalars == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(weight(.identity, [2, 3]).scalars == [1, 0, 0, 0, 1, 0])
    #expect(weight(.identity, [4, 2], blocks: 2).scalars == [1, 0, 0, 1, 1, 0, 0, 1])
    let kernel = weight(.identity, [2, 2, 3, 3]).scalars
    #expect(kernel.enumerated().filter { $1 != 0 }.map(\.offset) == [4, 31])
    #expect(weight(.zeros, [2, 2]).scalars == [0, 0, 0, 0])
    #expect(weight(.standard, [2, 2]).scalars == [1, 1, 1, 1])
  }

  /// Signals neither fade nor grow over 20 layers: mean squares stay within 20 %.
  @Test(arguments: [
    (WeightInitializer.xavierUniform, false), (.xavierNormal, false), (.lecunUniform, false),
    (.lecunNormal, false), (.truncatedNormal, false), (.orthogonal, false),
    (.kaimingUniform, true), (.kaimingNormal, true), (.heNormal, true),
  ])
  func theVarianceIsKeptOverTwentyLayers(start: WeightInitializer, hasReLU: Bool) {
    var random = Random.stream(.test, seed: 5)
    let width = hasReLU ? 96 : 192
    var spec = Linear.Spec(outFeatures: width)
    spec.weightInit = start
    // A ReLU cuts half of the mean square off, for which the weights make up. Behind it rows become
    // alike, and a network's mean square is e^(N(−.5, 1)) of what it was: its mean over many is 1.
    let networks = hasReLU ? 240 : 1
    let kept = (0..<networks).map { _ in
      var x = Tensor.normal([hasReLU ? 2 : 128, width], using: &random)
      let before = variance(x)
      for _ in 0..<20 {
        var pass = Pass()
        let layer = Linear(spec, inFeatures: width, using: &random)
        x = layer(hasReLU ? relu(x) : x, &pass)
      }
      return variance(x) / before
    }
    #expect(abs(kept.reduce(0, +) / Double(networks) - 1) < 0.2)
  }

  @Test func everyKindOfLayerHeedsItAndTheStandardStartKeepsItsBits() throws {
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 6), GRU.Spec(hiddenSize: 4), Conv1d.Spec(outChannels: 5),
      Linear.Spec(outFeatures: 3),
    ])
    let plain = try Network(model, input: .ids(below: 7), seed: 2)
    var changed = model
    for index in changed.layers.indices {
      try changed.layers[index].spec.set("weight_init", to: .choice("zeros"))
    }
    let zeros = try Network(changed, input: .ids(below: 7), seed: 2)
    for (old, new) in zip(plain.parameters, zeros.parameters) {
      let isRecurrent = new.name.hasPrefix("gru.") && !new.name.hasPrefix("gru.weight_ih")
      if isRecurrent {
        #expect(new.parameter.value.scalars == old.parameter.value.scalars)
      } else {
        #expect(new.parameter.value.scalars.allSatisfy { $0 == 0 }, "\(new.name)")
      }
    }
  }
}
