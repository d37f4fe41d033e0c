import Testing

@testable import Formats

private func decode(_ bytes: [UInt8]) throws(FormatError) -> [NumericArray] {
  try NumPyArchive.decode(bytes, name: "x.npz")
}

/// Where the central directory's entry of the first member begins.
private func directory(_ bytes: [UInt8]) -> Int {
  bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) } ?? 0
}

struct NumPyArchiveTests {
  @Test(arguments: ["stored", "deflated", "zip64"])
  func whatNumPyWritesIsRead(name: String) throws {
    let arrays = try NumPyArchive.read(fixture(name + ".npz"))
    #expect(arrays.map(\.name) == ["x", "y"])
    #expect(arrays[0].shape == [2, 4, 3] && arrays[0].floats() == (0..<24).map(Float.init))
    #expect(try arrays[1].integers() == [1, 0])
  }

  @Test(arguments: ["stored", "deflated", "zip64"])
  func anArchiveCutAnywhereIsAnError(name: String) throws {
    let good = try contents(fixture(name + ".npz"))
    for length in good.indices {
      #expect(throws: FormatError.self, "cut at \(length)") { try decode(Array(good[..<length])) }
    }
  }

  @Test(arguments: ["stored", "deflated", "zip64"])
  func noFlippedBitGivesOtherNumbers(name: String) throws {
    let good = try contents(fixture(name + ".npz"))
    let arrays = try decode(good)
    for bit in 0..<good.count * 8 {
      var bad = good
      bad[bit / 8] ^= 1 << (bit % 8)
      guard let read = try? decode(bad) else { continue }
      // Names and what nobody reads, such as times, have no checksum.
      #expect(read.map(\.bytes) == arrays.map(\.bytes) && read.map(\.shape) == arrays.map(\.shape))
    }
  }

  @Test func noRandomDamageIsMoreThanAnError() throws {
    let good = try contents(fixture("zip64.npz"))
    var generator = SeededGenerator(state: 24)
    for _ in 0..<2000 {
      var bad = good
      for _ in 0...Int.random(in: 0..<6, using: &generator) {
        bad[Int.random(in: bad.indices, using: &generator)] =
          [0, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator)
          ?? 0
      }
      _ = try? decode(bad)
    }
  }

  @Test func aBombIsRefusedBeforeItGrows() throws {
    let told = refusal { _ = try NumPyArchive.read(fixture("bomb.npz")) } ?? ""
    #expect(told.contains("more than a hundredfold. Save it without compression."), "\(told)")
  }

  @Test func membersThatLieAreRefused() throws {
    let good = try contents(fixture("deflated.npz"))
    let entry = directory(good)
    func told(_ change: (inout [UInt8]) -> Void) -> String {
      var bad = good
      change(&bad)
      return refusal { _ = try decode(bad) } ?? "read"
    }
    #expect(told { $0[entry + 8] |= 1 }.contains("'x.npy' encrypted"))
    #expect(
      told { $0[entry + 10] = 14 }.contains("packed by method 14; 0 (stored) and 8 (deflate)"))
    #expect(
      told { $0[entry + 16] ^= 1 } == "'x.npz' has 'x.npy' with a wrong checksum. Copy it again.")
    #expect(told { $0[entry + 24] += 1 }.contains("broken data in 'x.npy'"))
    #expect(told { $0[entry + 24] -= 1 }.contains("broken data in 'x.npy'"))
    #expect(
      told { $0[entry + 42] = 1 }.contains("overlap")
        || told { $0[entry + 42] = 1 }.contains("no member"))
    #expect(told { $0 = [] }.contains("not a ZIP archive"))
    #expect(told { $0[$0.count - 22 + 10] = 0xFF }.contains("several files"))
    // Two entries for the same bytes.
    let second = good.indices.last { good[$0...].starts(with: [0x50, 0x4B, 1, 2]) } ?? 0
    let overlapping = told { bad in
      for place in 42..<46 { bad[second + place] = bad[entry + place] }
    }
    #expect(overlapping == "'x.npz' has members that overlap. It was made to do harm: leave it.")
  }
}
