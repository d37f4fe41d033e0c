import Foundation
import Testing

@testable import Data

struct DataRecipeTests {
  private func message(_ recipe: DataRecipe, in folder: String = "/home/ada") -> String {
    DataTests.message { _ = try recipe.load(seed: 1, relativeTo: folder) }
  }

  @Test func anUnknownSetOffersTheKnownOnes() {
    #expect(
      message(DataRecipe(source: .bundled("shakespear")))
        == "Unknown data set 'shakespear'. Did you mean 'shakespeare'?")
    #expect(
      message(DataRecipe(source: .bundled("mnist")))
        == "Unknown data set 'mnist'. Choose one of: "
        + Bundled.names.joined(separator: ", ") + ".")
  }

  @Test func sizesBelowOneAreRefused() {
    #expect(
      message(DataRecipe(source: .bundled("pendigits"), batchSize: 0))
        == "Data need a batch size of 1 or more, got 0.")
    #expect(
      message(DataRecipe(source: .bundled("pendigits"), sequenceLength: -3))
        == "Data need a sequence length of 1 or more, got -3.")
  }

  @Test func anAbsurdBatchIsTheWholeSet() throws {
    let data = try DataRecipe(source: .bundled("pendigits"), batchSize: .max)
      .load(seed: 1, relativeTo: "")
    #expect(data.stepsPerEpoch == 1)
    #expect(data.trainingBatch(at: 0).targets.count == 7494)
  }

  @Test func aTextIsFoundBesideTheSession() throws {
    try withFolder { folder in
      let text = String(repeating: "the quick brown fox\n", count: 50)
      try text.write(toFile: folder + "/fox.txt", atomically: true, encoding: .utf8)
      let recipe = DataRecipe(source: .file(path: "fox.txt"), batchSize: 4, sequenceLength: 16)
      let data = try recipe.load(seed: 1, relativeTo: folder)
      #expect(data.name == "fox.txt")
      #expect(
        data.summary
          == "fox.txt: 1,000 characters, 17 different; first 900 train, next 50 validation, "
          + "last 50 test")
      let absolute = DataRecipe(
        source: .file(path: folder + "/fox.txt"), batchSize: 4, sequenceLength: 16)
      #expect(try absolute.load(seed: 1, relativeTo: folder).stepsPerEpoch == data.stepsPerEpoch)
    }
  }

  @Test func aMissingTextSaysSo() throws {
    try withFolder { folder in
      let recipe = DataRecipe(source: .file(path: "none.txt"))
      let error = #expect(throws: DataError.self) {
        try recipe.load(seed: 1, relativeTo: folder)
      }
      #expect(error?.kind == .noInput)
      #expect(
        error?.description
          == "Cannot read '\(folder)/none.txt': No such file or directory. Check the name.")
    }
  }

  @Test func aFolderIsNoText() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/sub", withIntermediateDirectories: false)
      #expect(
        message(DataRecipe(source: .file(path: "sub")), in: folder)
          == "'\(folder)/sub' is a folder, not a file. Give a regular file.")
    }
  }

  @Test(arguments: ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "/home/adam/x.txt"])
  func aSessionDoesNotReachOutsideItsFolder(path: String) {
    #expect(
      message(DataRecipe(source: .file(path: path)))
        == "File '\(path)' lies outside the session's folder '/home/ada'. Copy it there.")
  }

  @Test func whoeverMayReachOutsideDoes() throws {
    #expect(
      try DataRecipe.resolve("../x.txt", in: "/home/ada", allowsOutside: true)
        == "/home/ada/../x.txt")
    #expect(
      try DataRecipe.resolve("a/./b/../x.txt", in: "/home/ada", allowsOutside: false)
        == "/home/ada/a/./b/../x.txt")
    #expect(try DataRecipe.resolve("x.txt", in: "", allowsOutside: false) == "x.txt")
  }
}
