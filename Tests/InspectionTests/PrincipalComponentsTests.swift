import Engine
import Layers
import Testing

@testable import Inspection

@Suite struct PrincipalComponentsTests {
  private func block(_ rows: [[Float]]) -> NumberBlock {
    NumberBlock(name: "", rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 })
  }

  /// Points of a plane in five dimensions, away from the origin.
  private let plane: [[Float]] = (0..<12).map { index in
    let (a, b) = (Float(index * 5 % 12) - 5.5, Float(index * 7 % 9) - 4)
    return [a + 7, b - 3, a - b, 0.5 * b, 2 * a + 1]
  }

  @Test func pointsOfAPlaneKeepTheirPlaces() throws {
    let found = try #require(PrincipalComponents(block(plane)))
    #expect(abs(found.shares[0] + found.shares[1] - 1) < 1e-9)
    #expect(found.shares[0] >= found.shares[1])
    // Distances are kept, both directions are centred and at right angles.
    for i in plane.indices {
      for j in plane.indices {
        let wanted = zip(plane[i], plane[j]).reduce(0.0) { sum, pair in
          sum + Double((pair.0 - pair.1) * (pair.0 - pair.1))
        }
        let (dx, dy) = (found.x[i] - found.x[j], found.y[i] - found.y[j])
        #expect(abs(dx * dx + dy * dy - wanted) < 1e-4)
      }
    }
    #expect(abs(found.x.reduce(0, +)) < 1e-4 && abs(found.y.reduce(0, +)) < 1e-4)
    #expect(abs(zip(found.x, found.y).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4)
    #expect(found.x.max { abs($0) < abs($1) } ?? 0 > 0)
  }

  @Test func aLineHasOneDirection() throws {
    let found = try #require(PrincipalComponents(block([[0, 1], [1, 3], [2, 5], [3, 7]])))
    #expect(abs(found.shares[0] - 1) < 1e-9 && abs(found.shares[1]) < 1e-9)
    let step = Double(5).squareRoot()
    #expect(abs(abs(found.x[3] - found.x[0]) - 3 * step) < 1e-5)
    let narrow = try #require(PrincipalComponents(block([[2], [4]])))
    #expect(narrow.y == [0, 0] && narrow.shares == [1, 0])
  }

  @Test func moreDimensionsThanRowsAreFine() throws {
    let rows: [[Float]] = [[1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 3, 0]]
    let found = try #require(PrincipalComponents(block(rows)))
    #expect(abs(found.shares[0] + found.shares[1] - 1) < 1e-9)
  }

  @Test func whatHasNoPlaneHasNone() {
    #expect(PrincipalComponents(block([[1, .nan], [0, 1]])) == nil)
    let wide = NumberBlock(name: "", rows: 1, columns: 257, values: Array(repeating: 0, count: 257))
    #expect(PrincipalComponents(wide) == nil)
    #expect(PrincipalComponents(NumberBlock(name: "", rows: 0, columns: 3, values: [])) == nil)
    #expect(PrincipalComponents(block([[1, 1], [1, 1]]))?.shares == [0, 0])
  }
}
