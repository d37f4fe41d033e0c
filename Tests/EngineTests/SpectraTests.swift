import Foundation
import Testing

@testable import Engine
@testable import TestSupport

@Suite struct SpectraTests {
  @Test(arguments: [4, 17, 64], [1, 2, 3] as [UInt64])
  func powersGrowAsTheLargestEigenvalueSays(size: Int, seed: UInt64) throws {
    let matrix = drawn([size, size], seed: seed)
    let exact = try #require(matrix.spectralRadius())
    #expect(abs(matrix.estimatedSpectralRadius() / exact - 1) < 0.05)
    #expect(Tensor.zeros([size, size]).estimatedSpectralRadius() == 0)
    #expect(Tensor.filled(with: .nan, [size, size]).estimatedSpectralRadius().isNaN)
  }

  private func sorted(_ values: [Eigenvalue]?) -> [Eigenvalue] {
    (values ?? []).sorted {
      abs($0.real - $1.real) > 1e-5 ? $0.real < $1.real : $0.imaginary < $1.imaginary
    }
  }

  /// Expects eigenvalues within `tolerance`, whatever their order.
  private func expect(
    _ matrix: Tensor, has expected: [(Double, Double)], within tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = sorted(matrix.eigenvalues())
    let wanted = sorted(expected.map { Eigenvalue(real: $0.0, imaginary: $0.1) })
    #expect(found.count == wanted.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, wanted) {
      #expect(
        abs(a.real - b.real) <= tolerance && abs(a.imaginary - b.imaginary) <= tolerance,
        "\(a) against \(b)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [[7, 4], [4, 7], [5, 5], [3, 1]])
  func principalColumnsAreTheRowsAlongThePrincipalDirections(sizes: [Int]) throws {
    let matrix = drawn(Shape(sizes), seed: 4)
    let columns = try #require(matrix.principalColumns())
    let values = try #require(matrix.singularValues())
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(columns.count == sizes[1] && columns.allSatisfy { $0.count == sizes[0] })
    for (index, column) in columns.enumerated() {
      let length = index < values.count ? values[index] : 0
      #expect(abs(dot(column, column).squareRoot() - length) < 1e-6)
      #expect(length == 0 || column.max { abs($0) < abs($1) } ?? 0 > 0)
      for other in columns.dropFirst(index + 1) { #expect(abs(dot(column, other)) < 1e-6) }
    }
    // A Aᵀ = (A V) (A V)ᵀ
    for i in 0..<sizes[0] {
      for j in 0..<sizes[0] {
        let rows = [i, j].map { row in (0..<sizes[1]).map { Double(matrix[row, $0]) } }
        #expect(abs(dot(rows[0], rows[1]) - columns.reduce(0) { $0 + $1[i] * $1[j] }) < 1e-6)
      }
    }
    #expect(Tensor([.nan], [1, 1]).principalColumns() == nil)
  }

  @Test func smallMatricesHaveTheEigenvaluesOfTheirFormula() {
    expect(Tensor([3], [1, 1]), has: [(3, 0)], within: 0)
    expect(Tensor([2, 1, 1, 2], [2, 2]), has: [(1, 0), (3, 0)], within: 1e-15)
    expect(Tensor([0, -2, 2, 0], [2, 2]), has: [(0, 2), (0, -2)], within: 1e-15)
    expect(Tensor([1, 5, 0, 1], [2, 2]), has: [(1, 0), (1, 0)], within: 0)
    expect(.zeros([4, 4]), has: [(0, 0), (0, 0), (0, 0), (0, 0)], within: 0)
    #expect(Tensor([], [0, 0]).eigenvalues() == [])
  }

  @Test func aCompanionMatrixHasTheRootsOfItsPolynomial() {
    // (x − 1)(x − 2)(x + 3)(x² + 4) = x⁵ − 3x³ + 6x² − 28x + 24
    let matrix = Tensor(
      [
        0, 3, -6, 28, -24,  //
        1, 0, 0, 0, 0,
        0, 1, 0, 0, 0,
        0, 0, 1, 0, 0,
        0, 0, 0, 1, 0,
      ], [5, 5])
    expect(matrix, has: [(1, 0), (2, 0), (-3, 0), (0, 2), (0, -2)], within: 1e-12)
  }

  @Test func aPermutationHasTheRootsOfUnityWhichPlainShiftsNeverFind() {
    let size = 6
    let cycle = Tensor(
      (0..<size * size).map { ($0 / size + 1) % size == $0 % size ? 1 : 0 }, [size, size])
    let roots = (0..<size).map { k -> (Double, Double) in
      let angle = 2 * Double.pi * Double(k) / Double(size)
      return (cos(angle), sin(angle))
    }
    expect(cycle, has: roots, within: 1e-12)
  }

  @Test(arguments: [3, 10, 47]) func anEigenvalueSatisfiesItsEquation(size: Int) throws {
    let matrix = drawn([size, size], seed: UInt64(size))
    let values = try #require(matrix.eigenvalues())
    #expect(values.count == size)
    // Their sum is the trace, that of their squares the trace of A², and so on for A³.
    var power = Tensor.identity(size)
    for exponent in 1...3 {
      power = power.linear(Tensor(transposed(matrix), [size, size]))
      let trace = (0..<size).reduce(0.0) { $0 + Double(power[$1, $1]) }
      let (real, imaginary) = values.reduce((0.0, 0.0)) { sum, value in
        let angle = atan2(value.imaginary, value.real) * Double(exponent)
        let size = pow(value.magnitude, Double(exponent))
        return (sum.0 + size * cos(angle), sum.1 + size * sin(angle))
      }
      #expect(abs(real - trace) < 1e-4 * Double(size) && abs(imaginary) < 1e-9)
    }
  }

  @Test func similarMatricesHaveTheSameEigenvalues() throws {
    // Q D Qᵀ with pairs of known size and angle: r e^±iφ.
    var random = Random.stream(.test, seed: 3)
    let size = 64
    let q = Tensor.orthogonal(size, using: &random)
    var blocks = [Float](repeating: 0, count: size * size)
    for k in stride(from: 0, to: size, by: 2) {
      let (r, angle) = (0.5 + Float(k) / 128, Float(k) / 25)
      blocks[k * size + k] = r * Foundation.cos(angle)
      blocks[k * size + k + 1] = -r * Foundation.sin(angle)
      blocks[(k + 1) * size + k] = r * Foundation.sin(angle)
      blocks[(k + 1) * size + k + 1] = r * Foundation.cos(angle)
    }
    let matrix = q.linear(q.linear(Tensor(blocks, [size, size])))  // Q (Q Bᵀ)ᵀ = Q B Qᵀ
    let radius = try #require(matrix.spectralRadius())
    #expect(abs(radius - (0.5 + 62.0 / 128)) < 1e-5)
    #expect(abs(matrix.spectralNorm() - radius) < 1e-4)
  }

  @Test func theSpectralNormIsTheLargestStretch() {
    expectClose(Tensor([3, 0, 0, -4], [2, 2]).spectralNorm(), 4)
    expectClose(Tensor([1, 1, 1, 1, 1, 1], [2, 3]).spectralNorm(), 6.0.squareRoot())
    expectClose(Tensor([0, 2, 0, 0], [2, 2]).spectralNorm(), 2)
    #expect(Tensor.zeros([3, 2]).spectralNorm() == 0)
    let matrix = drawn([7, 5], seed: 9)
    let square = matrix.transposedCopy().linear(matrix.transposedCopy())  // AᵀA
    let largest = square.spectralRadius().map { $0.squareRoot() }
    expectClose(matrix.spectralNorm(), largest ?? .nan, within: 1e-6)
  }

  @Test func smallMatricesHaveTheSingularValuesOfTheirFormula() {
    expect(Tensor([3, 0, 0, -4], [2, 2]).singularValues(), [4, 3])
    // AAᵀ = [[2, 1], [1, 2]]
    expect(Tensor([1, 1, 0, 0, 1, 1], [2, 3]).singularValues(), [Double(3).squareRoot(), 1])
    expect(Tensor([1, 1, 1, 1, 1, 1], [3, 2]).singularValues(), [Double(6).squareRoot(), 0])
    expect(Tensor.zeros([3, 2]).singularValues(), [0, 0])
    expect(Tensor([], [0, 4]).singularValues(), [])
  }

  @Test func anOrthogonalMatrixStretchesNothing() {
    var random = Random.stream(.test, seed: 5)
    let q = Tensor.orthogonal(40, using: &random)
    expect(q.singularValues(), Array(repeating: 1, count: 40), within: 1e-5)
  }

  @Test(arguments: [(7, 5), (5, 7), (31, 31)])
  func singularValuesAreRootsOfTheEigenvaluesOfTheGramMatrix(rows: Int, columns: Int) throws {
    let matrix = drawn([rows, columns], seed: 9)
    let found = try #require(matrix.singularValues())
    let short = rows < columns ? matrix : matrix.transposedCopy()
    let gram = try #require(short.linear(short).eigenvalues()).map(\.real).sorted(by: >)
    for (value, square) in zip(found, gram) {
      #expect(abs(value * value - square) < 1e-5 * gram[0])
    }
    #expect(found.count == min(rows, columns) && found == found.sorted(by: >))
    expectClose(found[0], matrix.spectralNorm(), within: 1e-6)
    let squares = matrix.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
    expectClose(found.reduce(0) { $0 + $1 * $1 }, squares)
    expect(matrix.transposedCopy().singularValues(), found)
  }

  @Test func aMatrixOfLowRankHasAsManySingularValues() throws {
    let (a, b) = (drawn([20, 2], seed: 1), drawn([30, 2], seed: 2))
    let found = try #require(a.linear(b).singularValues())  // A Bᵀ
    #expect(found.count { $0 > 1e-5 * found[0] } == 2)
  }

  private func expect(
    _ found: [Double]?, _ expected: [Double], within tolerance: Double = 1e-12,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found?.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found ?? [], expected) {
      #expect(abs(a - b) <= tolerance, sourceLocation: sourceLocation)
    }
  }

  @Test func numbersThatAreNotFiniteHaveNoSpectrum() {
    let matrix = Tensor([1, .nan, 0, 1], [2, 2])
    #expect(matrix.singularValues() == nil)
    #expect(matrix.eigenvalues() == nil && matrix.spectralRadius() == nil)
    #expect(matrix.spectralNorm().isNaN)
  }

  private func expectClose(
    _ found: Double, _ expected: Double, within tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(found - expected) <= tolerance * expected, sourceLocation: sourceLocation)
  }
}

private func transposed(_ matrix: Tensor) -> [Float] {
  let (rows, columns) = (matrix.shape[0], matrix.shape[1])
  return (0..<rows * columns).map { matrix[$0 % rows, $0 / rows] }
}

extension Tensor {
  fileprivate func transposedCopy() -> Tensor { Tensor(transposed(self), [shape[1], shape[0]]) }
}
