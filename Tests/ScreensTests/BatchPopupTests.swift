import Canvas
import Data
import Engine
import Inspection
import Testing

@testable import Screens

/// Batches of utterances of different lengths.
enum BatchSample {
  /// The batch number `number`, of 30 sequences.
  static func strip(_ number: Int) throws -> BatchStrip {
    let recipe = DataRecipe(source: .bundled("japanese-vowels"), batchSize: 30)
    return BatchStrip(number, of: try recipe.load(seed: 1, relativeTo: "."))
  }
}

@Suite struct BatchPopupTests {
  @Test func theKeyReadsTheBatchAndItsPaddingIsDrawn() throws {
    var state = TrainSample.state()
    state.session.padding = PaddingShares(plain: 0.5, inBuckets: 0.125, isBucketed: false)
    #expect(try state.press("B") == [.readBatch(nil)])
    let batch = try BatchSample.strip(3)
    _ = App.update(&state, .batch(batch))
    for (width, height) in [(80, 24), (120, 36)] {
      let text = workbench(state, width: width, height: height)
      #expect(text.contains("batch 4 of training"))
      #expect(text.contains("30 × \(batch.time) steps"))
      let bucketed = NumberText.percent(0.125)
      let share = NumberText.percent(batch.paddingShare)
      #expect(
        text.contains("\(share) of it is padding; of an epoch 50%, \(bucketed) with data.bucket on")
      )
      // A step is as wide in the popup as there is room for, up to three columns.
      // The first sequence has as much padding behind it as it is shorter than the longest.
      let first = batch.sequences[0]
      let row = try #require(text.split(separator: "\n").first { $0.contains("│ 0 ") })
      #expect(row.count { $0 == "░" } == (batch.time - first.length) * 3)
      #expect(row.contains(" \(first.length)"))
    }
  }

  @Test func otherBatchesComeInItsPlaceAndRowsScroll() throws {
    var state = TrainSample.state()
    _ = App.update(&state, .batch(try BatchSample.strip(0)))
    #expect(state.popups.isEmpty, "what nobody waits for opens nothing")
    _ = try state.press("B")
    #expect(workbench(state).contains("reading …"))
    #expect(App.update(&state, .key(.character("l"))) == [])
    _ = App.update(&state, .batch(try BatchSample.strip(0)))
    #expect(App.update(&state, .key(.character("l"))) == [.readBatch(1)])
    #expect(App.update(&state, .key(.character("h"))) == [.readBatch(0)])
    _ = App.update(&state, .key(.pageDown))
    #expect(!workbench(state).contains("│ 0 "))
    _ = App.update(&state, .batch(try BatchSample.strip(1)))
    #expect(state.popups.count == 1 && !workbench(state).contains("│ 0 "))
    #expect(App.update(&state, .key(.character("B"))) == [.readBatch(nil)])
    _ = App.update(&state, .key(.escape))
    #expect(state.popups.isEmpty)
  }

  @Test func withoutTimeThereIsNoPadding() throws {
    var state = TrainSample.state()
    state.session.input = .vector(4)
    #expect(try state.refusal(of: "B")?.contains("no time axis") == true)
  }
}
