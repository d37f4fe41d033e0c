import Engine
import Testing

@testable import Data
@testable import Formats

/// Whether two batches have the same numbers in the same shape.
private func same(_ first: Tensor, _ second: Tensor) -> Bool {
  first.shape == second.shape && first.scalars == second.scalars
}

/// New examples of sets with a form of their own, and new sequences end to end.
@Suite struct NewExampleTests {
  private func load(
    _ name: String, _ change: (inout DataRecipe) -> Void = { _ in }
  ) throws -> any Dataset {
    var recipe = DataRecipe(source: .bundled(name))
    change(&recipe)
    return try recipe.load(seed: 1, relativeTo: "")
  }

  @Test(arguments: ["rows", "pixels", "permuted", "image"])
  func picturesGoTheWayOfTheTrainingPictures(_ variant: String) throws {
    let data = try load("digits") { $0.variant = variant }
    let images = try DigitImages.all()
    let files = try NewFiles()
    let chosen = images.members.test[3]
    let raw = images[chosen].map(Double.init)
    let wanted = data.example(3, of: .test).batch.input
    for shape in [[1, 8, 8], [1, 64], [8, 8], [1, 1, 8, 8]] {
      let new = try data.read(files.array(raw, shape))
      #expect(new.parts.count == 1 && same(new.batch(0..<1).input, wanted))
    }
    let line = raw.map { String(Int($0)) }.joined(separator: ",")
    let rows = try data.read(files.file("\(line)\n\(line)\n"))
    #expect(rows.parts.map(\.name) == ["1", "2"] && same(rows.batch(1..<2).input, wanted))
  }

  @Test func strokesGoTheWayOfTheTrainingStrokes() throws {
    let data = try load("pendigits")
    let points = try Bundled.array("pendigits/x.npy").floats()
    let count = try Bundled.classes("pendigits/y.npy").count
    let chosen = Members.shuffled(count, held: 1749, key: 81).validation[0]
    let files = try NewFiles()
    let raw = points[chosen * 16..<chosen * 16 + 16].map(Double.init)
    let new = try data.read(files.array(raw + raw, [2, 8, 2]))
    #expect(new.parts.count == 2)
    #expect(same(new.batch(1..<2).input, data.example(0, of: .validation).batch.input))
    #expect(new.steps(of: 0) == data.example(0, of: .validation).steps)
  }

  @Test func watchedSamplesAreAveragedAndScaledAsInTraining() throws {
    let data = try load("watch-exercises")
    let people = try Bundled.classes("watch-exercises/subject.npy")
    let lengths = try Bundled.classes("watch-exercises/len.npy").map(Int.init)
    // The first window that trains is the beginning of the first series of one of the people 1 to 6.
    let first = try #require(people.firstIndex { $0 <= 6 })
    let start = lengths[..<first].reduce(0, +) * 6
    let raw = try Bundled.array("watch-exercises/x.npy").floats()[start..<start + 200 * 6]
    let files = try NewFiles()
    let new = try data.read(files.array(raw.map(Double.init), [1, 200, 6]))
    #expect(same(new.batch(0..<1).input, data.example(0, of: .train).batch.input))
  }

  @Test func whatDoesNotFitIsSaidWithItsPlace() throws {
    let digits = try load("digits")
    let files = try NewFiles()
    var picture = Array(repeating: 16.0, count: 128)
    #expect(
      files.refusal(digits, try files.array(Array(picture.prefix(112)), [2, 7, 8]))
        == "'new.npy' needs 'x' as [N, 8, 8], got [2, 7, 8]. Put it into that shape.")
    picture[77] = 255
    #expect(
      files.refusal(digits, try files.array(picture, [2, 8, 8]))
        == "'new.npy' needs pixels from 0 to 16 in 'x', got 255 at [1, 1, 5]. Scale them so.")
    var cells = Array(repeating: "3", count: 64)
    for count in [62, 65] {
      let cells = Array(repeating: "3", count: count)
      #expect(
        files.refusal(digits, try files.file(cells.joined(separator: ",") + "\n"))
          == "Table 'new.csv' needs 64 columns, pixels of [N, 8, 8] row by row, got \(count) in line 1. "
          + "Write the numbers of an example in each line, and no label.")
    }
    #expect(
      files.refusal(digits, try files.array(Array(picture.prefix(64)), [1, 4, 16]))
        == "'new.npy' needs 'x' as [N, 8, 8], got [1, 4, 16]. Put it into that shape.")
    cells[4] = "17"
    let line = Array(repeating: "3", count: 64).joined(separator: ",") + "\n"
    #expect(
      files.refusal(digits, try files.file(line + cells.joined(separator: ",") + "\n"))
        == "Table 'new.csv' needs pixels from 0 to 16, got 17 at line 2, column 5. Scale them so.")
    cells[4] = "ink"
    #expect(
      files.refusal(digits, try files.file(line + cells.joined(separator: ",") + "\n"))
        .contains("needs numbers, got 'ink' at line 2, column 5."))
    cells[4] = ""
    #expect(
      files.refusal(digits, try files.file(line + cells.joined(separator: ",") + "\n"))
        .contains("needs a value in every row, got none at line 2, column 5."))
    #expect(
      files.refusal(digits, .texts([Material.Text(typed: "3")]))
        == "A model of 'digits' reads 'x' [N, 8, 8], got a text. Give a file whose name ends in .npy, "
        + ".npz, .csv or .tsv.")
  }

  @Test func whatGeneratorsMakeIsReadAsNetworksSeeIt() throws {
    let adding = try load("adding") { $0.length = 5 }
    let files = try NewFiles()
    let known = adding.example(0, of: .test).batch.input
    let new = try adding.read(files.array(known.scalars.map(Double.init), known.shape.dimensions))
    #expect(same(new.batch(0..<1).input, known) && new.parts[0].length == 5)
    // One example alone, of any length.
    #expect(try adding.read(files.array([0.5, 0, 0.25, 1], [2, 2])).parts.map(\.length) == [2])
    let parity = try load("parity")
    #expect(
      try parity.read(files.array([0, 1, 1, 0, 1, 1], [2, 3])).parts.map(\.length) == [3, 3])
    let copy = try load("copy")
    #expect(
      files.refusal(copy, try files.array([0, 1, 99], [1, 3]))
        == "'new.npy' needs whole numbers from 0 to 9 in 'x', got 99 at [0, 2]. Scale them so.")
    let both = try load("shape-and-order")
    #expect(
      files.refusal(both, try files.array([1, 0, 0, 0], [1, 1, 4]))
        == "A model of 'shape-and-order' reads 'sequence' [N, T, 4] and 'frame' [N, 1, 12, 12], got "
        + "'new.npy'. Give a file whose name ends in .npz.")
  }

  @Test func lengthsStandBesideOrAreNamed() throws {
    let x: [Float] = (0..<20).flatMap { [Float($0), 3] }
    var made = ArrayDataset(
      values: x, width: 2, lengths: Array(repeating: 2, count: 10),
      answers: .classes((0..<10).map { $0 % 2 }, labels: ["0", "1"], isPerStep: false), name: "a")
    made.isEndToEnd = true
    let data = try made.dataset(DataRecipe(source: .file(path: "a.npy")), seed: 1)
    let files = try NewFiles()
    let new = try files.array([0, 3, 1, 3, 5, 3], [3, 2])
    #expect(
      files.refusal(data, new)
        == "Arrays 'new.npy' need the lengths of their sequences beside them in 'len.npy', got no such "
        + "file. Put it there, give --lengths, or use an .npz with 'x' and 'len'.")
    try files.lengths([2, 1])
    let read = try data.read(new)
    #expect(read.parts.map(\.length) == [2, 1])
    #expect(read.batch(0..<2).input.scalars.prefix(4) == data.sequences.sequence(0))
    try files.lengths([1, 2], "other.npy")
    let named = Material.endToEnd(files.folder + "/new.npy", lengths: files.folder + "/other.npy")
    #expect(try data.read(named).parts.map(\.length) == [1, 2])
    try files.lengths([2, 2])
    #expect(
      files.refusal(data, new)
        == "'new.npy' needs 'x' as [S, D], S the sum of 'len', which is 4, got [3, 2].")
    #expect(files.refusal(data, try files.array([1, 2], [1, 2], "y.npy")).contains("which is 4"))
    #expect(files.refusal(data, .file(files.folder + "/no.npy")).contains("'no.npy'"))
    // A set of padded sequences does not look for lengths.
    made.isEndToEnd = false
    let plain = try made.dataset(DataRecipe(source: .file(path: "a.npy")), seed: 1)
    #expect(try plain.read(files.array([0, 3, 1, 3], [1, 2, 2])).parts.count == 1)
  }

  @Test func speakersAreReadWithTheirScales() throws {
    let data = try load("japanese-vowels")
    let files = try NewFiles()
    let lengths = try Bundled.classes("japanese-vowels/len_test.npy").prefix(3).map(Int64.init)
    let steps = Int(lengths.reduce(0, +))
    let raw = try Bundled.array("japanese-vowels/x_test.npy").floats().prefix(steps * 12)
    try files.lengths(lengths)
    let new = try data.read(files.array(raw.map(Double.init), [steps, 12]))
    #expect(same(new.batch(1..<2).input, data.example(1, of: .test).batch.input))
  }
}
