import Canvas
import Testing
import Workbench

@testable import Screens

@Suite struct LogScreenTests {
  @Test func commandsAndNotesStandWithTheirTimes() throws {
    var desk = try Desk()
    try desk.press(":set seed 3<ret><C-s>4")
    let rows = desk.screen(80, 24).text.split(separator: "\n")
    #expect(rows[2].hasPrefix("│ time      step  what"))
    #expect(rows[3].hasPrefix("│ 12:00:01        :set seed 3"))
    #expect(rows[4].hasPrefix("│>12:00:02        saved"))
    desk.state.secondsFromUTC = -3 * 3600
    #expect(desk.screen(80, 24).text.contains(" 09:00:01 "))
  }

  @Test(arguments: [
    (0.0, 0, "00:00:00"), (86_399.9, 0, "23:59:59"), (3_600, 7_200, "03:00:00"),
    (60, -120, "23:59:00"), (-1, 0, "23:59:59"), (.nan, 0, "--:--:--"), (1e300, 0, "--:--:--"),
  ])
  func theClockIsPlainArithmetic(seconds: Double, offset: Int, text: String) {
    #expect(ClockText.time(seconds, secondsFromUTC: offset) == text)
  }

  @Test func theFilterWorksWhileItIsTypedAndEscapeTakesItBack() throws {
    var desk = try Desk()
    try desk.press(":set seed 3<ret>:set training.steps 9<ret>4/SEED")
    #expect(LogScreen.shown(desk.state).map(\.text) == ["set seed 3"])
    try desk.press("<esc>")
    #expect(LogScreen.shown(desk.state).count == 2)
    try desk.press("/steps<ret>")
    #expect(LogScreen.shown(desk.state).map(\.text) == ["set training.steps 9"])
    #expect(desk.screen().text.contains("1 entry with 'steps'"))
    try desk.press("<esc>")
    #expect(LogScreen.shown(desk.state).count == 2)
    try desk.press("/zebra<ret>")
    #expect(desk.screen().text.contains("no entry has this text"))
  }

  @Test func itFollowsTheNewestUntilOneLooksBack() throws {
    var desk = try Desk()
    for seed in 101...130 { try desk.press(":set seed \(seed)<ret>") }
    try desk.press("4")
    #expect(desk.screen().text.contains(">12:00:30        :set seed 130"))
    try desk.press("k<pageup>")
    let cursor = desk.state.log.cursor
    #expect(cursor == 18)
    try desk.press(":set seed 99<ret>")
    #expect(desk.state.log.cursor == cursor)
    desk.handle(.resized(width: 80, height: 24))
    try desk.press("G<pageup>")
    #expect(desk.state.log.cursor == 30 - 18)
    try desk.press("g")
    #expect(desk.screen().text.contains(">12:00:01        :set seed 101"))
    try desk.press("<pagedown>G:set seed 98<ret>")
    #expect(desk.screen().text.contains(">12:00:32        :set seed 98"))
  }

  @Test func whatARowCutsOffIsWrittenInFullBelow() throws {
    var desk = try Desk()
    let name = String(repeating: "long ", count: 12) + "end"
    try desk.press(":set name \(name)<ret>4")
    #expect(desk.screen(60, 16).text.contains("long end"))
  }
}
