import Testing

@testable import Formats

/// A checkpoint in small: several types, an empty tensor, metadata with a document in it.
private let checkpoint = TensorFile(
  [
    NumericArray("model.weight", [1, -0.5, .nan, 3e-9, 0, 7] as [Float], shape: [2, 3]),
    NumericArray("model.bias", [0.1, 0.2] as [Float], shape: [2]),
    NumericArray("rng.state", [1, .max] as [UInt64], shape: [2]),
    NumericArray("step", [12] as [Int64], shape: []),
    NumericArray("carry", [] as [Float], shape: [0, 4]),
  ],
  metadata: ["format": "pt", "config": "{\"seed\": 1,\n\"name\": \"ü\"}", "step": "12"])

/// What is left of a file after it was read: its tensors by name and its metadata.
private func content(_ file: TensorFile) -> ([String: NumericArray], [String: String]) {
  (Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) }), file.metadata)
}

/// Reads `bytes`, which must fail in the user's words or give the checkpoint.
private func expectErrorOrSameContent(_ bytes: [UInt8], _ what: String) {
  do throws(FormatError) {
    let read = try SafeTensors.decode(bytes, name: "x")
    #expect(content(read) == content(checkpoint), "\(what) gave other content")
  } catch {
    #expect(error.kind == .badData && error.message.hasSuffix("."), "\(what): \(error)")
  }
}

@Test func aTensorFileCutAnywhereIsAnError() throws {
  let good = try SafeTensors.encode(checkpoint)
  for length in good.indices {
    #expect(throws: FormatError.self, "cut at \(length)") {
      try SafeTensors.decode(Array(good[..<length]), name: "x")
    }
  }
}

@Test func noFlippedBitGivesOtherTensors() throws {
  let good = try SafeTensors.encode(checkpoint)
  for bit in 0..<good.count * 8 {
    var bad = good
    bad[bit / 8] ^= 1 << (bit % 8)
    expectErrorOrSameContent(bad, "bit \(bit)")
  }
}

@Test func noRandomDamageGivesOtherTensors() throws {
  let good = try SafeTensors.encode(checkpoint)
  var generator = SeededGenerator(state: 16)
  for round in 0..<2000 {
    var bad = good
    for _ in 0...Int.random(in: 0..<8, using: &generator) {
      let place = Int.random(in: bad.indices, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bad.remove(at: place)
      case 1: bad.insert(bad[place], at: place)
      default: bad[place] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    expectErrorOrSameContent(bad, "round \(round)")
  }
}

@Test func aNumPyFileCutAnywhereIsAnError() throws {
  let good = try contents(fixture("fortran.npy"))
  for length in good.indices {
    #expect(throws: FormatError.self, "cut at \(length)") {
      try NumPy.decode(Array(good[..<length]), name: "x")
    }
  }
}

@Test func damagedNumPyFilesAreReadWholeOrNotAtAll() throws {
  var generator = SeededGenerator(state: 17)
  for name in ["fortran.npy", "version3.npy", "b1.npy", "big_f8.npy"] {
    let good = try contents(fixture(name))
    for _ in 0..<2000 {
      var bad = good
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        // The header is where damage can do harm.
        let place = Int.random(in: 0..<80, using: &generator)
        bad[place] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let array = try? NumPy.decode(bad, name: "x") else { continue }
      #expect(array.floats().count == array.shape.reduce(1, *))
    }
  }
}

@Test func damagedJSONIsAnErrorOrADocumentThatReadsBack() {
  let good = Array(
    #"{"a": [1, -2.5e-3, "ü\n\ud83d\ude00", true, null], "b": {"c": {}, "d": []}}"#.utf8)
  var generator = SeededGenerator(state: 18)
  for _ in 0..<5000 {
    var bad = good
    for _ in 0...Int.random(in: 0..<3, using: &generator) {
      let place = Int.random(in: bad.indices, using: &generator)
      bad[place] =
        Bool.random(using: &generator)
        ? good.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
    }
    guard let json = try? JSON(parsing: bad, name: "x") else { continue }
    for layout in [JSON.Layout.compact, .pretty] {
      #expect((try? JSON(parsing: json.text(layout), name: "x")) == json)
    }
  }
}

@Test func bytesWithoutSenseAreRefusedByEveryReader() {
  var generator = SeededGenerator(state: 19)
  for length in 0..<600 {
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    #expect(throws: FormatError.self) { try SafeTensors.decode(bytes, name: "x") }
    #expect(throws: FormatError.self) { try NumPy.decode(bytes, name: "x") }
    _ = try? JSON(parsing: bytes, name: "x")
  }
}
