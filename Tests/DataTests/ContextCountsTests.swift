import Foundation
import Testing

@testable import Data

struct ContextCountsTests {
  @Test func countsOfAShortTextAreThoseWorkedOutByHand() {
    // abab: a and b twice each, so P₀ = (2 + 2 · ½) / (4 + 2) = ½. a is followed by b twice, so
    // P₁(b|a) = (2 + 1 · ½) / (2 + 1) = 5/6. The first a has nothing before it: P₁ = P₀.
    let counts = ContextCounts([0, 1, 0, 1], classes: 2, order: 1)
    let bits = counts.bits(of: [0, 1])
    #expect(abs(bits[0] - 1) < 1e-12)
    #expect(abs(bits[1] - (1 - log2(5.0 / 6)) / 2) < 1e-12)
  }

  @Test func anUnseenContextFallsBackToTheShorterOne() {
    let counts = ContextCounts([0, 1, 0, 1], classes: 3, order: 2)
    let bits = counts.bits(of: [2, 2])
    // 2 never occurred: P₀ = (0 + 2 · ⅓) / (4 + 2) = 1/9, and nothing ever followed it.
    #expect(bits.allSatisfy { abs($0 - log2(9)) < 1e-12 })
  }

  @Test(arguments: [0, 1, 2, 3]) func theProbabilitiesOfAllSymbolsSumToOne(order: Int) {
    let text = (0..<300).map { (i: Int) in UInt16(i * i % 7) }
    let counts = ContextCounts(text, classes: 9, order: order)
    let context: [UInt16] = [1, 4, 2]
    let before = counts.bits(of: context)[order] * 3
    var sum = 0.0
    for symbol in UInt16(0)..<9 {
      let bits = counts.bits(of: context + [symbol])[order] * 4 - before
      sum += exp2(-bits)
    }
    #expect(abs(sum - 1) < 1e-9)
  }

  @Test func aLongTextOutgrowsItsTable() {
    let text = (0..<20_000).map { (i: Int) in UInt16((i * i * 31 + i * 7) % 251) }
    let bits = ContextCounts(text, classes: 251, order: 3).bits(of: text)
    #expect(zip(bits, bits.dropFirst()).allSatisfy { $0 > $1 })
  }
}
