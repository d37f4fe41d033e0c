import Canvas
import Data
import Engine
import Foundation
import Testing

@testable import Screens
@testable import Training

@Suite struct ConfusionPopupTests {
  /// A validation of `target` in which `odds` to 1 were given four times, `right` of them rightly.
  static func report(_ target: Target, odds: Float, right: Int) -> ValidationReport {
    var score = Score(target, metrics: target.metrics, calibrates: true)
    let wanted = (0..<4).map { $0 < right ? Float(1) : 0 }
    if case .flags = target.kind {
      score.add(
        Tensor(Array(repeating: log(odds), count: 4), [4, 1]), loss: 0,
        Batch(input: .zeros([1, 4]), targets: .values(Tensor(wanted, [4, 1]))))
    } else {
      var scores = [Float](repeating: 0, count: 4 * target.width)
      for row in 0..<4 { scores[row * target.width + 1] = log(odds * Float(target.width - 1)) }
      score.add(
        Tensor(scores, [4, target.width]), loss: 0,
        Batch(input: .zeros([1, 4]), targets: wanted.map(Int32.init)))
    }
    return ValidationReport(
      step: 240, split: .validation, loss: 0.5, metric: 0.5, confusion: score.confusion,
      calibration: score.calibration, isBest: true)
  }

  private func state(_ target: Target, odds: Float = 9, right: Int = 3) -> AppState {
    var state = TrainSample.state(.running, step: 240)
    state.session.target = target
    state.run.follow(.validated(Self.report(target, odds: odds, right: right)))
    return state
  }

  private let four = Target(labels: ["a", "b", "c", "d"], isPerStep: false, metric: .accuracy)

  @Test(arguments: [Key.tab, .backTab, .character("w")])
  func aKeyTurnsThePageAndAnotherTurnsItBack(key: Key) throws {
    var state = state(four)
    _ = try state.press("C")
    #expect(workbench(state).contains("confusion · validation at step 240"))
    #expect(workbench(state).contains("Tab calibration"))
    _ = App.update(&state, .key(key))
    #expect(workbench(state).contains("calibration · validation at step 240"))
    #expect(workbench(state).contains("Tab confusion"))
    _ = App.update(&state, .key(key))
    #expect(workbench(state).contains("rows true, columns predicted"))
    _ = App.update(&state, .key(.escape))
    #expect(state.popups.isEmpty)
  }

  @Test(
    arguments: [
      (9, 3, "over-confident: says 90%, right 75%"),
      (9, 4, "under-confident: says 90%, right 100%"),
      (3, 3, "well calibrated: says 75%, right 75%"),
    ] as [(Float, Int, String)])
  func theVerdictIsSaidInWords(odds: Float, right: Int, words: String) throws {
    var state = state(four, odds: odds, right: right)
    _ = try state.press("C")
    _ = App.update(&state, .key(.tab))
    #expect(workbench(state).contains(words))
  }

  @Test func everyTenthHasARowEvenOnTheSmallestScreen() throws {
    var state = state(four, odds: 9.5)
    _ = try state.press("C")
    _ = App.update(&state, .key(.tab))
    for (width, height) in [(60, 16), (80, 24), (120, 36)] {
      let rows = workbench(state, width: width, height: height).split(separator: "\n")
      for bin in 0..<10 { #expect(rows.contains { $0.contains("\(bin * 10)–\(bin * 10 + 10)%") }) }
      #expect(rows.contains { $0.contains("90–100%") && $0.contains("90%    75%       4") })
      #expect(rows.contains { $0.contains("said  right   count") })
    }
  }

  @Test func manyClassesAndFlagsHaveNoMatrixButProbabilities() throws {
    let many = Target(labels: (0..<1001).map(String.init), isPerStep: true, metric: .perplexity)
    let flag = Target(.flags(["rain"]), isPerStep: false, metric: .areaUnderROC)
    for target in [many, flag] {
      var state = state(target)
      _ = try state.press("C")
      let text = workbench(state)
      #expect(text.contains("calibration · validation at step 240") && !text.contains("Tab"))
      #expect(text.contains("over-confident"))
      _ = App.update(&state, .key(.tab))
      #expect(workbench(state).contains("calibration"))
    }
    var rain = state(flag)
    _ = try rain.press("C")
    #expect(workbench(rain).contains("p(so)"))
  }
}
