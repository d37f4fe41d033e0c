import Engine
import Formats
import Foundation
import Testing

@testable import Data

/// The set in `folder`/x.npy under the settings that `change` makes.
private func load(
  _ arrays: [NumericArray], _ change: (inout DataRecipe) -> Void = { _ in }
) throws -> any Dataset {
  try withFolder { folder in
    for array in arrays { try NumPy.write(array, to: folder + "/\(array.name).npy") }
    var recipe = DataRecipe(source: .file(path: "x.npy"), batchSize: 4)
    (recipe.isStandardized, recipe.split) = (false, .order)
    change(&recipe)
    return try recipe.load(seed: 1, relativeTo: folder)
  }
}

private func floats(_ name: String, _ shape: [Int]) -> NumericArray {
  let count = shape.reduce(1, *)
  return NumericArray(name, (0..<count).map(Float.init), shape: shape)
}

private func whole(_ name: String, _ values: [Int]) -> NumericArray {
  NumericArray(name, values.map(Int64.init), shape: [values.count])
}

struct ArrayDatasetTests {
  @Test func sequencesOfOneLength() throws {
    let data = try load([
      floats("x", [10, 3, 2]), whole("y", [5, 7, 5, 7, 5, 7, 5, 7, 5, 7]),
    ])
    #expect(data.input == .sequence(2) && data.target.labels == ["5", "7"])
    #expect(data.target.isPerStep == false)
    #expect(data.batch(0, of: .train).input.scalars == (0..<24).map(Float.init))
    #expect(data.batch(0, of: .train).targets.classes == [0, 1, 0, 1])
    #expect(
      data.summary
        == "x.npy: 10 sequences of 2 features, 3 steps; 2 classes; in their order 8 train, 1 "
        + "validation, 1 test")
  }

  @Test func sequencesEndToEnd() throws {
    let data = try load([
      floats("x", [9, 1]), whole("len", [2, 3, 4]), whole("y", [0, 1, 2]),
    ])
    #expect(data.batch(0, of: .train).input.scalars == [0, 1])
    #expect(data.batch(0, of: .validation).input.scalars == [2, 3, 4])
    #expect(data.batch(0, of: .test).input.scalars == [5, 6, 7, 8])
    let tagged = try load([
      floats("x", [9]), whole("len", [2, 3, 4]), whole("y", [0, 1, 0, 1, 0, 1, 0, 1, 1]),
    ])
    #expect(tagged.target.isPerStep)
    #expect(tagged.batch(0, of: .test).targets.classes == [1, 0, 1, 1])
  }

  @Test func numbersArePredictedInTheirUnit() throws {
    let data = try load([floats("x", [10, 4]), floats("y", [10, 2])]) { $0.isStandardized = true }
    guard case .values(let quantities) = data.target.kind,
      case .values(let values) = data.batch(0, of: .test).targets
    else { return #expect(Bool(false)) }
    #expect(quantities.map(\.name) == ["y0", "y1"] && values.shape == [1, 2])
    #expect(abs(quantities[0].inUnit(values[0, 0]) - 18) < 1e-4)
    #expect(abs(quantities[1].inUnit(values[0, 1]) - 19) < 1e-4)
    let steps = try load([floats("x", [10, 4, 1]), floats("y", [10, 4, 1])])
    #expect(steps.target.isPerStep && steps.target.width == 1)
  }

  @Test(arguments: [
    (
      [floats("x", [10, 3, 2])],
      "Arrays '"
    ),
    (
      [floats("x", [10, 3, 2]), whole("y", [1, 2])],
      "Data set 'x.npy' needs 'y' with an entry for each of 10 sequences or 30 time steps, got [2]."
    ),
    (
      [floats("x", [5, 2]), whole("len", [2, 2]), whole("y", [1, 2])],
      "Data set 'x.npy' needs 'x' as [S, D], S the sum of 'len', which is 4, got [5, 2]."
    ),
    (
      [floats("x", [5, 2]), whole("len", [-2, 7]), whole("y", [1, 2])],
      "Data set 'x.npy' needs lengths of 1 or more in 'len', got -2."
    ),
    (
      [floats("x", [5, 2]), whole("len", [.max, .max]), whole("y", [1, 2])],
      "Data set 'x.npy' needs lengths of 1 or more in 'len', got 9223372036854775807."
    ),
    (
      [NumericArray("x", [1, .nan, 3, 4] as [Float], shape: [4, 1]), whole("y", [1, 2, 1, 2])],
      "Data set 'x.npy' needs finite numbers in 'x', got NaN at [1, 0]. Replace it."
    ),
    (
      [
        floats("x", [2, 2, 1]),
        NumericArray("y", [0, 1, 2, 1e300], shape: [2, 2]),
      ],
      "Data set 'x.npy' needs finite numbers in 'y', got 1e+300, which is beyond Float32, at [1, 1]. "
        + "Replace it."
    ),
    (
      [floats("x", [4, 1]), whole("y", [3, 3, 3, 3])],
      "Data set 'x.npy' needs 2 to 4096 different classes in 'y', got 1. Set data.task=values for "
        + "numbers."
    ),
    (
      [floats("x", [5]), whole("y", [1, 2])],
      "Data set 'x.npy' needs 'x' as [N, T, D] or [N, T], or as [S, D] with lengths in 'len', got [5]."
    ),
    (
      [floats("x", [2, 3, 1]), whole("y", [1, 2])],
      "Data set 'x.npy' needs at least 3 sequences to divide, got 2."
    ),
  ])
  func arraysThatDoNotFitAreRefused(arrays: [NumericArray], expected: String) {
    let told = message { _ = try load(arrays) }
    #expect(told.hasPrefix(expected), "\(told)")
  }

  @Test func archivesAndSeriesAreFilesByTheirEnding() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/formats").standardized.path(percentEncoded: false)
    #expect(
      message {
        _ = try DataRecipe(source: .file(path: "stored.npz")).load(seed: 1, relativeTo: fixtures)
      }.hasPrefix("Data set 'stored.npz' needs at least 3 sequences to divide, got 2."))
    try withFolder { folder in
      let text =
        "@timeStamps false\n@classLabel true u v\n@data\n"
        + (0..<10).map { "\($0),?,2:\($0 % 2 == 0 ? "u" : "v")\n" }.joined()
      try text.write(toFile: folder + "/a.ts", atomically: true, encoding: .utf8)
      var recipe = DataRecipe(source: .file(path: "a.ts"), batchSize: 2)
      (recipe.isStandardized, recipe.split) = (false, .order)
      let data = try recipe.load(seed: 1, relativeTo: folder)
      #expect(data.target.labels == ["u", "v"])
      #expect(data.batch(0, of: .train).input.scalars == [0, 0, 2, 1, 1, 2])
    }
  }

  @Test func theTestFileOfTheArchiveIsTheTestSplit() throws {
    try withFolder { folder in
      let header = "@timeStamps false\n@classLabel true u v\n@data\n"
      let train = header + "?,1:u\n3,?:v\n5,6:u\n"
      try train.write(toFile: folder + "/a_TRAIN.ts", atomically: true, encoding: .utf8)
      var recipe = DataRecipe(source: .file(path: "a_TRAIN.ts"), batchSize: 2)
      (recipe.isStandardized, recipe.split) = (false, .order)
      let alone = try recipe.load(seed: 1, relativeTo: folder)
      #expect(alone.exampleCount(of: .test) == 1)
      let test = "@timeStamps false\n@classLabel true v u\n@data\n7,8:v\n9,10:u\n"
      try test.write(toFile: folder + "/a_TEST.ts", atomically: true, encoding: .utf8)
      let data = try recipe.load(seed: 1, relativeTo: folder)
      // The mean of the training split, 1 and 3, stands where nothing was before.
      #expect(data.batch(0, of: .train).input.scalars == [2, 1, 3, 3])
      #expect(data.batch(0, of: .validation).input.scalars == [5, 6])
      #expect(data.batch(0, of: .test).input.scalars == [7, 8, 9, 10])
      #expect(data.batch(0, of: .test).targets.classes == [1, 0])
      #expect(
        DataReport(of: data).notes == [
          "test split from a_TEST.ts",
          "2 of 10 numbers are missing; each is that of the step before, at a start the mean of the "
            + "training split",
        ])
      #expect(data.summary.hasSuffix("2 train, 1 validation, 2 test from a file of its own"))
      try "@data\n".write(toFile: folder + "/a_TEST.ts", atomically: true, encoding: .utf8)
      #expect(message { _ = try recipe.load(seed: 1, relativeTo: folder) }.contains("a_TEST.ts"))
    }
  }
}
