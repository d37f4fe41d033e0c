import Canvas
import Testing
import Workbench

@testable import Screens

@Suite struct FuzzTests {
  /// Keys that do something somewhere, some text, and some of everything else.
  private static let keys: [Key] =
    ScreenName.allCases.flatMap { KeyTable.bindings(on: $0).flatMap(\.keys) }
    + "abclstmgru_.=/:0123456789-+ é漢".map { Key.character($0) }
    + [
      .enter, .enter, .enter, .escape, .escape, .tab, .backTab, .backspace, .delete, .insert, .up,
      .down, .left, .right, .pageUp, .pageDown, .home, .end, .function(9), .control("u"),
      .control("w"), .control("x"), .mouse(x: 5, y: 5, .press), .mouse(x: 1, y: 0, .scrollDown),
      .paste("add lstm\nat \u{1B}[31m 1"), .paste("set training.steps 5"),
    ]

  @Test(arguments: 0..<4)
  func fiveThousandKeysNeverTrapAndHintsAreAlwaysBound(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    var desk = try Desk()
    // No files, no training: what is tested is the screens.
    desk.refusal = { effect in
      switch effect {
      case .save, .command(.train), .command(.restart), .command(.step): "Not while fuzzing."
      default: nil
      }
    }
    for step in 0..<5_000 {
      let key = Self.keys[Int(random.next() % UInt64(Self.keys.count))]
      desk.press(key)
      if desk.state.popups.count > 20 { desk.state.popups = [] }
      if desk.state.popups.isEmpty {
        try expectBound(KeyTable.hints(for: desk.state), on: desk.state.screen)
      }
      let rows = desk.document.model.layers.count + 2
      #expect((0..<rows).contains(desk.state.build.cursor))
      guard step % 25 == 0 else { continue }
      let (width, height) = (Int(random.next() % 140), Int(random.next() % 50))
      let canvas = desk.screen(width, height, step % 2 == 0 ? .full : .plain)
      #expect(!canvas.text.contains("\u{1B}"))
    }
  }
}

/// Repeatable random numbers: SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
