import CKernels
import Testing

@testable import Engine

@Suite struct RandomTests {
  /// The known answers of Random123 1.14 for philox4x32-10: counter, key, block.
  static let vectors: [([UInt32], [UInt32], [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [.max, .max, .max, .max], [.max, .max],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test func philoxGivesTheKnownAnswers() {
    for (counter, key, block) in Self.vectors {
      var words: [UInt32] = [0, 0, 0, 0]
      ck_philox(key, counter, &words)
      #expect(words == block)
    }
  }

  @Test func aStreamReadsItsBlocksInOrder() {
    var random = Random(seed: 0xb2_0000_00a1, stream: 0xd4_0000_00c3)
    let drawn = (0..<4).map { _ in random.next() }
    var expected: [UInt64] = []
    for block in [0, 1] as [UInt32] {
      var words: [UInt32] = [0, 0, 0, 0]
      ck_philox([0xa1, 0xb2], [block, 0, 0xc3, 0xd4], &words)
      expected += [0, 2].map { UInt64(words[$0]) | UInt64(words[$0 + 1]) << 32 }
    }
    #expect(drawn == expected)
  }

  @Test func usesIndicesStepsAndSeedsHaveStreamsOfTheirOwn() {
    let streams: [Random] = [
      .stream(.dropout, seed: 1), .stream(.shuffle, seed: 1), .stream(.dropout, 1, seed: 1),
      .stream(.dropout, step: 1, seed: 1), .stream(.dropout, seed: 2),
      .stream(.dropout, 0xFFFF, step: 0xFF_FFFF_FFFF, seed: 1),
    ]
    let first = streams.map { stream in
      var stream = stream
      return stream.next()
    }
    #expect(Set(first).count == streams.count)
  }

  @Test func uniformNumbersFillTheirRangeEvenly() {
    var random = Random(seed: 7)
    let numbers = Tensor.uniform(-2...6, [40_000], using: &random).doubles
    #expect(numbers.allSatisfy { (-2..<6).contains($0) })
    let (mean, variance) = moments(numbers)
    #expect(abs(mean - 2) < 0.05 && abs(variance - 64 / 12) < 0.1)
  }

  @Test func normalNumbersHaveTheirMeanAndDeviation() {
    var random = Random(seed: 7)
    let numbers = Tensor.normal(mean: 3, deviation: 0.5, [40_000], using: &random).doubles
    #expect(numbers.allSatisfy { $0.isFinite })
    let (mean, variance) = moments(numbers)
    #expect(abs(mean - 3) < 0.01 && abs(variance - 0.25) < 0.01)
    let within = Double(numbers.count { abs($0 - 3) < 0.5 }) / 40_000
    #expect(abs(within - 0.6827) < 0.01)
  }

  @Test func dropoutKeepsTheShareThatItShould() {
    let kept = Tensor.ones([200, 200]).dropout(0.3, Random(seed: 3))
    let zeros = Double(kept.doubles.count { $0 == 0 }) / 40_000
    #expect(abs(zeros - 0.3) < 0.01)
    #expect(Set(kept.scalars) == [0, 1 / (1 - 0.3)])
  }

  private func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count))
  }
}
