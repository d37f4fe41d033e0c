import Layers
import TestSupport
import Testing

@testable import Engine
@testable import Training

/// Tables of which a batch uses few rows.
@Suite struct SparseRowsTests {
  private static let start: [Float] = [0.9, -0.4, -0.5, 0.8, 0.3, 0.2, 1.1, 0.6]

  /// Which vectors a step uses, as in Fixtures/optimizers/make_sparse.py.
  private static func ids(_ step: Int) -> [Float] {
    [Float(step % 3), step % 2 == 1 ? Float(step % 3) : 0] + (step % 10 == 4 ? [3] : [])
  }

  /// The gradient of (x² + y − 1.1)² + (x + y² − 0.7)² for rows (x, y).
  private static func slopes(_ rows: Tensor) -> Tensor {
    let numbers = stride(from: 0, to: rows.count, by: 2).flatMap { at -> [Float] in
      let (x, y) = (Double(rows[flat: at]), Double(rows[flat: at + 1]))
      let (first, second) = (x * x + y - 1.1, x + y * y - 0.7)
      return [Float(4 * x * first + 2 * second), Float(2 * first + 4 * y * second)]
    }
    return Tensor(numbers, rows.shape)
  }

  private static func gradient(_ table: Parameter, of step: Int) -> Tensor? {
    let (tape, ids) = (Tape(), ids(step))
    let rows = tape.constant(Tensor(ids, [ids.count])).embedded(in: table)
    return tape.gradients(of: rows, seed: slopes(rows.detached))[table]
  }

  private static func recipe(_ rule: TrainingRecipe.Optimizer) -> TrainingRecipe {
    TrainingRecipe.with {
      $0.optimizer = rule
      switch rule {
      case .sgd: ($0.momentum, $0.learningRate) = (0, 0.01)
      case .adam: ($0.beta1, $0.beta2, $0.learningRate) = (0.8, 0.99, 0.02)
      default: $0.learningRate = 0.1
      }
    }
  }

  @Test(arguments: [TrainingRecipe.Optimizer.sgd, .adam, .adagrad])
  func theTrajectoryIsThatOfPyTorch(rule: TrainingRecipe.Optimizer) throws {
    let expected = try Fixture("optimizers/sparse")("\(rule)").scalars
    let recipe = Self.recipe(rule)
    let table = Parameter("weight", Tensor(Self.start, [4, 2]), isSparse: true)
    let optimizer = Optimizer(OptimizerRule(recipe), for: [table])
    var worst: Float = 0
    for step in 0..<60 {
      optimizer.step(
        [Self.gradient(table, of: step)], rate: recipe.learningRate, count: step + 1)
      for (index, value) in table.value.scalars.enumerated() {
        worst = max(worst, abs(value - expected[step * 8 + index]))
      }
    }
    #expect(worst <= 1e-6)
  }

  /// Adam moves what it has moved before, and shrinks all, unless the table is sparse.
  @Test(arguments: [false, true]) func unusedRowsRestOnlyInASparseTable(isSparse: Bool) throws {
    let recipe = TrainingRecipe.with {
      $0.optimizer = .adamw
      $0.weightDecay = 0.1
    }
    let table = Parameter("weight", Tensor(Self.start, [4, 2]), isSparse: isSparse)
    let optimizer = Optimizer(OptimizerRule(recipe), for: [table])
    optimizer.step([Self.gradient(table, of: 4)], rate: 0.1, count: 1)  // rows 0, 1 and 3
    let before = table.value.copy()
    optimizer.step([Self.gradient(table, of: 0)], rate: 0.1, count: 2)  // row 0
    for row in 1..<4 {
      #expect((table.value[row, 0] == before[row, 0]) == isSparse)
    }
    #expect(table.value[0, 0] != before[0, 0])
  }

  /// The rule, the norm and what else reads a gradient see the same as of one that was written whole.
  @Test func aGradientOfFewRowsIsThatOfTheWholeTable() throws {
    let table = Parameter("weight", Tensor(Self.start, [4, 2]))
    for step in 0..<12 {
      let sparse = try #require(Self.gradient(table, of: step))
      var naive = [Float](repeating: 0, count: 8)
      let ids = Self.ids(step).map { Int($0) }
      let slopes = Self.slopes(
        Tensor(ids.flatMap { [table.value[$0, 0], table.value[$0, 1]] }, [ids.count, 2]))
      for (place, row) in ids.enumerated() {
        for column in 0..<2 { naive[2 * row + column] += slopes[place, column] }
      }
      #expect(sparse.scalars == naive)
      let dense = Tensor(naive, [4, 2])
      #expect(abs(sparse.sumOfSquares - dense.sumOfSquares) <= 1e-12 * dense.sumOfSquares)
      let (one, other) = (Parameter("weight", table.value), Parameter("weight", table.value))
      for (parameter, gradient) in [(one, sparse), (other, dense)] {
        let optimizer = Optimizer(OptimizerRule(Self.recipe(.sgd)), for: [parameter])
        let squares = optimizer.step([gradient], rate: 0.01, count: 1)
        #expect(squares[0] > 0)
      }
      #expect(one.value.scalars == other.value.scalars)
    }
  }

  /// Blocks of zeros come back as such, whatever was written to them.
  @Test func whatOneGradientHeldIsGoneFromTheNext() throws {
    let table = Parameter("weight", .filled(with: 1, [1000, 3]))
    func gradient(_ ids: [Float]) -> [Float]? {
      let tape = Tape()
      let rows = tape.constant(Tensor(ids, [ids.count])).embedded(in: table)
      return tape.gradients(of: rows)[table]?.scalars
    }
    for ids in [[0, 999, 5, 5], [17], [998, 999], [5]] as [[Float]] {
      let found = try #require(gradient(ids))
      for row in 0..<1000 {
        let count = Float(ids.filter { $0 == Float(row) }.count)
        #expect(found[3 * row..<3 * row + 3].elementsEqual([count, count, count]))
      }
    }
  }

  @Test func anEmbeddingCanBeSparse() throws {
    var random = Random(seed: 1)
    var spec = Embedding.Spec(embeddingDim: 3)
    #expect(!Embedding(spec, vocabulary: 5, using: &random).weight.isSparse)
    spec.sparse = true
    #expect(Embedding(spec, vocabulary: 5, using: &random).weight.isSparse)
  }
}
