import TestSupport
import Testing

@testable import Engine

@Suite struct BatchLossTests {
  private static let losses: [String: @Sendable (Tensor, [Int32]) -> Tensor] = [
    "contrastive": { $0.contrastiveLoss(of: $1, margin: 1) },
    "hard": { $0.tripletLoss(of: $1, margin: 1) },
    "all": { $0.tripletLoss(of: $1, margin: 1, mining: .all) },
    "supervised": { $0.supervisedContrastiveLoss(of: $1, temperature: 0.1) },
    "info": { $0.infoNCELoss(of: $1, temperature: 0.1) },
  ]

  /// Points of one class have no triplets, points of a class each no partners, and one point nothing.
  @Test(arguments: losses.keys.sorted(), [[0, 0, 0], [0, 1, 2], [4], [-1, -1, 0]] as [[Int32]])
  func whatABatchHasNoPairsForAddsNothing(loss: String, labels: [Int32]) throws {
    let tape = Tape()
    let points = tape.variable(drawn([labels.count, 3], seed: 1))
    let compute = try #require(Self.losses[loss])
    let value = compute(points, labels)
    let gradient = try #require(tape.gradients(of: value)[points])
    #expect(value.isFinite && gradient.isFinite)
    if ["hard", "all"].contains(loss) || Set(labels).count == labels.count && loss != "contrastive"
    {
      #expect(value.scalar == 0 && gradient.scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: losses.keys.sorted()) func equalPointsHaveAFiniteGradient(loss: String) throws {
    let tape = Tape()
    let points = tape.variable(.ones([4, 3]))
    let compute = try #require(Self.losses[loss])
    let value = compute(points, [0, 0, 1, 1])
    #expect(value.isFinite && tape.gradients(of: value)[points]?.isFinite == true)
  }

  @Test(arguments: losses.keys.sorted())
  func rowsThatDoNotCountHaveNoGradientAndChangeNothing(loss: String) throws {
    let compute = try #require(Self.losses[loss])
    let labels: [Int32] = [0, 1, -1, 0, 1]
    let (tape, points) = (Tape(), drawn([5, 3], seed: 2))
    let variable = tape.variable(points)
    let value = compute(variable, labels)
    let gradient = try #require(tape.gradients(of: value)[variable])
    #expect((0..<3).allSatisfy { gradient[2, $0] == 0 })
    #expect((0..<3).contains { gradient[1, $0] != 0 })
    let rest = compute(points.gathering(rows: [0, 1, 3, 4]), [0, 1, 0, 1])
    expectClose(value.detached, rest, within: 1e-6)
  }

  @Test func oneOfEachClassFindsTheOtherAmongOneOfEachClass() {
    let points = drawn([7, 3], seed: 8)
    // Class 2 has no pair, the third of class 0 and the row that does not count are not asked.
    let found = points.infoNCELoss(of: [0, 1, 0, 2, -1, 1, 0], temperature: 0.2)
    let wanted = points.gathering(rows: [0, 1])
      .infoNCELoss(keys: points.gathering(rows: [2, 5]), temperature: 0.2)
    expectClose(found, wanted, within: 1e-6)
  }

  @Test func theNearestOtherRowIsThatOfAPlainSearch() {
    let points = drawn([40, 3], seed: 3)
    let found = points.nearestOtherRows()
    for i in 0..<40 {
      let same = points.gathering(rows: Array(repeating: i, count: 40))
      let distances = same.distances(to: points).scalars
      let others = (0..<40).filter { $0 != i }
      let nearest = others.min { distances[$0] < distances[$1] }
      #expect(found[i] == nearest)
    }
    let lost: [Int?] = [nil, nil]
    #expect(Tensor([.nan, .nan], [2, 1]).nearestOtherRows() == lost)
    let alone: [Int?] = [nil]
    #expect(Tensor([1], [1, 1]).nearestOtherRows() == alone)
  }

  @Test func distancesBetweenRowsAreThoseOfEveryPair() {
    let points = drawn([6, 3], seed: 4)
    let distances = points.distancesBetweenRows()
    for i in 0..<6 {
      let others = points.gathering(rows: Array(repeating: i, count: 6)).distances(to: points)
      expectClose(distances.gathering(rows: [i]).reshaped([6]), others, within: 1e-6)
    }
    let worst = GradientCheck.worstError(inputs: [points], parameters: [], most: 100) {
      [$0[0].distancesBetweenRows()]
    }
    #expect(worst < 1e-3)
  }
}
