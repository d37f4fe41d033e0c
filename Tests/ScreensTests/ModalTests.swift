import Canvas
import Testing

@testable import Screens

@Suite struct ModalTests {
  /// Keys that open a popup, one of each kind and state.
  private static let scripts = [
    "jja", "jjagru", "?", "jxq", "jjr", "jje", "jje3", "Ge", "Ge<right>", ":", ":set ", "<C-s>",
    "4/",
  ]

  @Test(arguments: scripts) func everyHintOfAPopupDoesSomething(script: String) throws {
    var desk = try Desk(hasFile: script != "<C-s>")
    // So that there is a line above and below in every list, and a history.
    try desk.press(":help<ret><esc>")
    try desk.press(script)
    let popup = try #require(desk.state.popups.last)
    for hint in popup.hints(desk.state) where hint.key != "type" {
      let keys = try hint.key.split(separator: "/").map { try #require(Self.keys[String($0)]) }
      let changes = keys.map { key in
        var copy = desk
        copy.press(key)
        return String(describing: copy.state.popups) != String(describing: desk.state.popups)
          || copy.effects != desk.effects || copy.state.message != desk.state.message
      }
      #expect(changes.contains(true), "\(hint.key) \(hint.label) does nothing after '\(script)'")
    }
  }

  @Test(arguments: scripts) func escapeLeavesEveryPopupAndNeverQuits(script: String) throws {
    var desk = try Desk(hasFile: script != "<C-s>")
    try desk.press(script + "<esc><esc>")
    #expect(desk.state.popups.isEmpty)
    #expect(!desk.hasQuit)
  }

  private static let keys: [String: Key] = [
    "Enter": .enter, "Esc": .escape, "Tab": .tab, "↑": .up, "↓": .down, "←": .left, "→": .right,
  ]
}
