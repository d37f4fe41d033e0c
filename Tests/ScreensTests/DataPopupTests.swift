import Canvas
import Data
import Inspection
import Testing
import Workbench

@testable import Screens

@Suite struct DataPopupTests {
  private func data(_ name: String) throws -> any Dataset {
    try DataRecipe(source: .bundled(name), batchSize: 16).load(seed: 1, relativeTo: ".")
  }

  /// The screen with the popup open, which shows the first example of `name` and all of its data.
  private func desk(_ name: String) throws -> Desk {
    let data = try data(name)
    var desk = try Desk()
    try desk.press("v")
    desk.handle(.sample(try #require(DataSample(0, of: .train, in: data))))
    desk.handle(.previewed(DataPreview(of: data)))
    return desk
  }

  @Test func theKeyAsksForAnExampleAndForAllOfThem() throws {
    var desk = try Desk()
    try desk.press("v")
    #expect(desk.effects == [.readSample(0, .train), .previewData])
    #expect(desk.screen().text.contains("reading …"))
    try desk.press("<tab>")
    #expect(desk.screen().text.contains("looking through the data …"))
    try desk.press("<esc>")
    #expect(desk.state.popups.isEmpty)
    // What comes too late opens nothing.
    desk.handle(.previewed(DataPreview(of: try data("japanese-vowels"))))
    #expect(desk.state.popups.isEmpty)
  }

  @Test func theOverviewCountsSplitsClassesAndLengths() throws {
    var desk = try desk("japanese-vowels")
    try desk.press("<tab>")
    let text = desk.screen(120, 50).text
    #expect(text.contains("split         sequences") && text.contains("validation"))
    #expect(text.contains("length of training sequences") && text.contains("█"))
    #expect(text.contains("class") && text.contains("simple methods"))
    let top = desk.screen(80, 24).text
    try desk.press("jjj")
    #expect(desk.screen(80, 24).text != top)
  }

  @Test func examplesAndSplitsArePagedThrough() throws {
    var desk = try desk("japanese-vowels")
    let text = desk.screen(120, 36).text
    #expect(text.contains("train 1 of") && text.contains("target: "))
    try desk.press("jkl")
    #expect(
      desk.effects.suffix(3) == [
        .readSample(1, .train), .readSample(-1, .train), .readSample(0, .validation),
      ])
  }

  @Test(arguments: ["pendigits", "shakespeare", "moving-digits", "digits", "adding"])
  func everyKindOfDataHasItsPicture(name: String) throws {
    let desk = try desk(name)
    for (width, height) in [(60, 16), (80, 24), (120, 36)] {
      for capabilities in [Capabilities.full, .plain] {
        let rows = desk.screen(width, height, capabilities).text.split(separator: "\n")
        #expect(rows.contains { $0.contains("train 1 of") })
      }
    }
  }

  @Test func curvesAreNamedAfterTheColumnsOfATable() throws {
    let text = try desk("seattle-weather").screen(120, 36).text
    #expect(text.contains("temp_max"))
    #expect(!text.contains("feature 0") && text.contains("as networks read it"))
  }

  @Test func dataThatCannotBeHadAreNotShown() throws {
    var desk = try Desk()
    desk.state.session.target = nil
    try desk.press("v")
    #expect(desk.effects.isEmpty && desk.state.message?.isError == true)
  }
}
