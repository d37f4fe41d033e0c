import Canvas
import Testing

@testable import Screens

@Suite struct KeyTableTests {
  @Test(arguments: ScreenName.allCases)
  func everyKeyOfAScreenLeadsToOneThing(screen: ScreenName) {
    for scope in [Binding.Scope.screen(screen), .everywhere] {
      let keys = KeyTable.all.filter { $0.scope == scope }.flatMap(\.keys)
      for key in Set(keys) {
        #expect(keys.count { $0 == key } == 1, "\(key.label) twice on \(screen)")
      }
    }
  }

  @Test(arguments: ScreenName.allCases)
  func everyBindingIsReachedByItsFirstKey(screen: ScreenName) throws {
    let own = KeyTable.all.filter { $0.scope == .screen(screen) }
    let shadowed = Set(own.flatMap(\.keys))
    for binding in KeyTable.bindings(on: screen) {
      let key = try #require(binding.keys.first)
      let isShadowed = binding.scope == .everywhere && shadowed.contains(key)
      #expect(!isShadowed, "\(key.label) on \(screen) hides '\(binding.help)'")
      #expect(KeyTable.binding(for: key, on: screen)?.help == binding.help)
    }
  }

  @Test(arguments: ScreenName.allCases)
  func everyBindingIsListedInTheHelp(screen: ScreenName) throws {
    var desk = try Desk()
    desk.state.screen = screen
    let help = App.helpMenu(desk.state)
    for binding in KeyTable.bindings(on: screen) {
      #expect(help.items.contains { $0.detail == binding.help })
      #expect(!binding.help.isEmpty)
    }
    #expect(help.items.count == KeyTable.bindings(on: screen).count)
  }

  @Test(arguments: ScreenName.allCases)
  func theHintBarShowsOnlyBoundKeys(screen: ScreenName) throws {
    var desk = try Desk()
    desk.state.screen = screen
    try expectBound(KeyTable.hints(for: desk.state), on: screen)
  }

  @Test func neighboursWithTheSameWordsShareAHint() throws {
    let hints = KeyTable.hints(for: try Desk().state)
    #expect(hints.contains { $0.key == "J/K/>/<" && $0.label == "move" })
  }

  @Test func aKeyWithoutMeaningSaysSoAndEscapeIsSilent() throws {
    var desk = try Desk()
    try desk.press("Z")
    #expect(
      desk.state.message
        == .init(text: "Z does nothing here. Press ? for the keys.", isError: true))
    try desk.press("<esc>")
    #expect(desk.state.message == nil)
    #expect(desk.effects.isEmpty)
  }

  @Test func helpFindsABindingByNameOrKeyAndEnterRunsIt() throws {
    var desk = try Desk()
    try desk.press("?redraw<ret>")
    #expect(desk.effects == [.redraw])
    #expect(desk.state.popups.isEmpty)
    try desk.press("?^s<ret>")
    #expect(desk.effects == [.redraw, .save(as: nil)])
    try desk.press("?<lt>C-z<ret>")
    #expect(desk.effects.last == .suspend)
  }

  @Test func helpSaysWhyAKeyIsOffAndStays() throws {
    var desk = try Desk()
    try desk.press("?undo<ret>")
    #expect(desk.state.message == .init(text: "There is nothing to undo.", isError: true))
    #expect(desk.state.popups.count == 1)
  }

  @Test func theWheelIsTheArrowKeys() throws {
    var desk = try Desk()
    desk.press(.mouse(x: 3, y: 3, .scrollDown))
    #expect(desk.state.build.cursor == 1)
    desk.press(.mouse(x: 3, y: 3, .scrollUp))
    #expect(desk.state.build.cursor == 0)
  }
}

/// Expects that every key that `hints` show does something on `screen`.
func expectBound(_ hints: [HintBar.Hint], on screen: ScreenName) throws {
  let labels = Set(KeyTable.bindings(on: screen).flatMap(\.keys).map(\.label))
  for hint in hints {
    let keys = hint.key == "/" ? ["/"] : hint.key.split(separator: "/").map(String.init)
    for key in keys { #expect(labels.contains(key), "\(key) is shown but not bound on \(screen)") }
  }
}
