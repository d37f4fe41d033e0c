import Engine
import Foundation
import Testing

@testable import Data

/// What each task that is made up asks, and what simple methods make of it.
struct TaskTests {
  /// Ids `[T]` of row `row`.
  private func ids(_ batch: Batch, _ row: Int) -> [Int] {
    let time = batch.lengths?[row] ?? batch.input.shape[1]
    return (0..<time).map { Int(batch.input[row, $0]) }
  }

  /// The numbers `[T]` of row `row` of one feature.
  private func series(_ batch: Batch, _ row: Int) -> [Float] {
    let time = batch.lengths?[row] ?? batch.input.shape[1]
    return (0..<time).map { batch.input[row, $0, 0] }
  }

  private func rows(_ batch: Batch) -> Range<Int> { 0..<batch.input.shape[0] }

  @Test func symbolsAreSaidAgainAfterThePause() throws {
    let data = try bundled("copy", batchSize: 8) { $0.length = 30 }
    let batch = data.trainingBatch(at: 3)
    #expect(batch.input.shape == [8, 50])
    for row in rows(batch) {
      let input = ids(batch, row)
      let output = batch.targets.classes[row * 50..<(row + 1) * 50].map(Int.init)
      #expect(input[..<10].allSatisfy { 1...8 ~= $0 } && input[10..<40].allSatisfy { $0 == 0 })
      #expect(input[40...].allSatisfy { $0 == 9 })
      #expect(output[..<40].allSatisfy { $0 == 0 } && Array(output[40...]) == Array(input[..<10]))
    }
    // 10 ln 8 / (T + 20) nats.
    let nats = baseline("no memory", of: data) * log(2)
    #expect(abs(nats - 10 * log(8.0) / 50) < 1e-12)
  }

  @Test func parityCountsTheLastBitsOnly() throws {
    let data = try bundled("parity", batchSize: 200) { $0.difficulty = 5 }
    let batch = data.trainingBatch(at: 0)
    var shares: [Float] = []
    for row in rows(batch) {
      let bits = series(batch, row)
      #expect(7...22 ~= bits.count)
      #expect(Int(batch.targets.classes[row]) == Int(bits.suffix(5).reduce(0, +)) % 2)
      shares.append(bits.reduce(0, +) / Float(bits.count))
    }
    // Ones are more or less likely from sequence to sequence.
    #expect(shares.count { $0 < 0.2 } > 10 && shares.count { $0 > 0.8 } > 10)
    #expect(0.45...0.75 ~= baseline("most frequent class", of: data))
  }

  @Test func aMatchIsWithTheBitNStepsFromTheEnd() throws {
    let data = try bundled("dms", batchSize: 100) { $0.difficulty = 6 }
    let batch = data.trainingBatch(at: 0)
    for row in rows(batch) {
      let bits = series(batch, row)
      #expect(8...26 ~= bits.count)
      #expect((batch.targets.classes[row] == 1) == (bits[bits.count - 6] == bits.last))
    }
    #expect(abs(baseline("most frequent class", of: data) - 0.5) < 0.06)
  }

  @Test func reberStringsFollowTheAutomaton() throws {
    #expect(ReberGrammar.accepts("BTSSXXTVVE".map { ReberGrammar.symbols.firstIndex(of: $0) ?? 9 }))
    #expect(ReberGrammar.accepts("BPVVE".map { ReberGrammar.symbols.firstIndex(of: $0) ?? 9 }))
    #expect(!ReberGrammar.accepts("BTPVVE".map { ReberGrammar.symbols.firstIndex(of: $0) ?? 9 }))
    let embedded = try bundled("reber", batchSize: 100).trainingBatch(at: 0)
    for row in rows(embedded) {
      let string = ids(embedded, row)
      #expect(string[0] == 0 && string[1] == 1 + Int(embedded.targets.classes[row]))
      #expect(ReberGrammar.accepts(Array(string.dropFirst(2))) && string.count <= 40)
    }
    let data = try bundled("reber", batchSize: 100) { $0.variant = "valid" }
    let judged = data.trainingBatch(at: 0)
    for row in rows(judged) {
      #expect(ReberGrammar.accepts(ids(judged, row)) == (judged.targets.classes[row] == 0))
    }
    #expect(abs(baseline("most frequent class", of: data) - 0.5) < 0.06)
  }

  @Test func theNextValueOfASeriesIsWanted() throws {
    for name in ["mackey-glass", "sines"] {
      let data = try bundled(name, batchSize: 3)
      let batch = data.trainingBatch(at: 1)
      guard case .values(let values) = batch.targets else { return #expect(Bool(false)) }
      for row in 0..<3 {
        #expect(Array(series(batch, row).dropFirst()) == (0..<99).map { values[row * 100 + $0, 0] })
      }
      let (mean, same) = (
        baseline("mean of training", of: data), baseline("persistence", of: data)
      )
      let linear = baseline("AR(10)", of: data)
      #expect(linear < same && same < mean)
    }
  }

  @Test func theSeriesOfMackeyAndGlassHasItsKnownMoments() throws {
    var random = Random(seed: 1)
    let values = ChaoticSeries.mackeyGlass(400, using: &random)
    #expect(values.allSatisfy { 0.2...1.5 ~= $0 })
    let mean = values.reduce(0, +) / 400
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400).squareRoot()
    #expect(abs(mean - 0.93) < 0.05 && abs(deviation - 0.22) < 0.05)
  }

  @Test func narmaFollowsItsEquation() throws {
    var random = Random(seed: 2)
    let (u, y) = ChaoticSeries.narma10(60, using: &random)
    for t in 20..<59 {
      let sum = (0..<10).reduce(0) { $0 + y[t - 1 - $1] }
      let next = 0.3 * y[t - 1] + 0.05 * y[t - 1] * sum + 1.5 * u[t - 9] * u[t] + 0.1
      #expect(abs(y[t] - next) < 1e-12)
    }
    let data = try bundled("narma10")
    #expect(0.08...0.14 ~= baseline("mean of training", of: data))
    #expect(
      baseline("linear map of 10 inputs", of: data) < baseline("mean of training", of: data))
    #expect(data.trainingBatch(at: 0).weights?[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
  }

  @Test func bothMotifsAreInBothClasses() throws {
    let data = try bundled("dna-motifs", batchSize: 200)
    let batch = data.trainingBatch(at: 0)
    var (found, right) = (0, 0)
    for row in rows(batch) {
      let letters = (0..<150).map { t in (0..<4).first { batch.input[row, t, $0] == 1 } ?? 0 }
      let text = String(letters.map { Array("ACGT")[$0] })
      guard let a = text.range(of: "TGACTCA"), let b = text.range(of: "CACGTG") else { continue }
      found += 1
      if (a.lowerBound < b.lowerBound) == (batch.targets.classes[row] == 0) { right += 1 }
    }
    // A motif that comes by chance elsewhere misleads now and then.
    #expect(found > 90 && right * 20 > found * 19)
    #expect(abs(baseline("most frequent class", of: data) - 0.5) < 0.06)
  }

  @Test func depthTasksAreWhatTheySay() throws {
    func batch(_ variant: String, _ k: Int) throws -> Batch {
      try bundled("depth", batchSize: 20) { ($0.variant, $0.difficulty) = (variant, k) }
        .trainingBatch(at: 0)
    }
    let pointers = try batch("pointers", 4)
    for row in rows(pointers) {
      let input = ids(pointers, row)
      #expect(input.suffix(4) == [8, 8, 8, 8] && Set(input.prefix(8)) == Set(0..<8))
      let end = (0..<4).reduce(input[8]) { place, _ in input[place] }
      #expect(Int(pointers.targets.classes[row]) == end)
    }
    let sums = try batch("modular", 5)
    for row in rows(sums) {
      #expect(Int(sums.targets.classes[row]) == ids(sums, row).reduce(0, +) % 7)
    }
    let parity = try batch("parity", 2)
    #expect(parity.input.shape == [20, 16])
    for row in rows(parity) {
      for t in 0..<16 {
        let ones = ids(parity, row)[...t].reduce(0, +)
        #expect(Int(parity.targets.classes[row * 16 + t]) == ones % 2)
      }
    }
    let reversal = try batch("reversal", 1)
    for row in rows(reversal) {
      let said = reversal.targets.classes[row * 8 + 4..<row * 8 + 8].map(Int.init)
      #expect(said == ids(reversal, row)[..<4].reversed())
      #expect(reversal.weights?[row * 8..<row * 8 + 8] == [0, 0, 0, 0, 1, 1, 1, 1])
    }
    let classes = ["pointers": 8.0, "modular": 7, "parity": 2, "reversal": 8]
    for (variant, count) in classes {
      let data = try bundled("depth") { $0.variant = variant }
      #expect(abs(baseline("most frequent class", of: data) - 1 / count) < 0.05)
    }
  }

  @Test func spikesGoOnAtTheirPace() throws {
    let data = try bundled("timed-spikes", batchSize: 50)
    let batch = data.trainingBatch(at: 0)
    var paces: Set<Int> = []
    for row in rows(batch) {
      let given = series(batch, row).enumerated().filter { $0.element == 1 }.map(\.offset)
      let pace = given[1] - given[0]
      paces.insert(pace)
      for t in 0..<60 {
        let isSpike = t > given[1] && (t - given[1]) % pace == 0
        #expect((batch.targets.classes[row * 60 + t] == 1) == isSpike)
        #expect((batch.weights?[row * 60 + t] == 1) == (t > given[1]))
      }
    }
    #expect(paces == [8, 9, 10, 11, 12])
    // Always quiet: F1 of quiet is about 2 · 0.9 / 1.9, that of spikes is 0.
    #expect(abs(baseline("most frequent class", of: data) - 0.475) < 0.01)
  }
}
