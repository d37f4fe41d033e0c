import Canvas
import Testing

@testable import Screens

@Suite struct MouseTests {
  /// Clicks where `text` stands on the screen.
  private func click(_ text: String, _ desk: inout Desk, _ width: Int, _ height: Int) throws {
    desk.handle(.resized(width: width, height: height))
    let rows = desk.screen(width, height).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    let y = try #require(rows.firstIndex { $0.contains(text) })
    let start = try #require(rows[y].range(of: text)?.lowerBound)
    desk.press(.mouse(x: rows[y].distance(from: rows[y].startIndex, to: start), y: y, .press))
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 36)])
  func aClickOnATabOrHintDoesWhatItsKeyDoes(width: Int, height: Int) throws {
    var desk = try Desk()
    try click("4 Log", &desk, width, height)
    #expect(desk.state.screen == .log)
    try click("1 Build", &desk, width, height)
    #expect(desk.state.screen == .build)
    try click("add", &desk, width, height)
    #expect(desk.state.popups.last is Menu)
    // A popup has the mouse to itself.
    try click("4 Log", &desk, width, height)
    #expect(desk.state.screen == .build)
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 36)])
  func aClickOnARowPutsTheCursorThere(width: Int, height: Int) throws {
    var desk = try Desk()
    try click("lstm 16", &desk, width, height)
    #expect(desk.state.build.cursor == 2)
    try click("cross_entropy", &desk, width, height)
    #expect(desk.state.build.cursor == 4)
    try click("total", &desk, width, height)
    #expect(desk.state.build.cursor == 4)
    try desk.press(":set seed 8<ret>:set seed 9<ret>4")
    try click("set seed 8", &desk, width, height)
    #expect(desk.state.log.cursor == 0)
    try click("set seed 9", &desk, width, height)
    #expect(desk.state.log.cursor == nil)
  }
}
