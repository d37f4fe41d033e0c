import Canvas
import Testing
import Workbench

@testable import Screens

@Suite struct QuitTests {
  @Test(arguments: ["q", "<C-c>", ":q<ret>", ":q!<ret>"])
  func withNothingToLoseQuitQuits(keys: String) throws {
    var desk = try Desk()
    try desk.press(keys)
    #expect(desk.effects == [.quit])
  }

  @Test func escapeNeverQuits() throws {
    var desk = try Desk()
    try desk.press("<esc><esc>4<esc>3<esc>2<esc><esc>q")
    #expect(desk.effects.filter { $0 == .quit }.count == 1)
  }

  @Test func unsavedEditsAreAskedAbout() throws {
    var desk = try Desk()
    try desk.press("jxq")
    #expect(!desk.hasQuit)
    #expect(desk.screen().text.contains("There are edits that the session file does not have."))
    try desk.press("<esc>")
    #expect(desk.state.popups.isEmpty)
    try desk.press("q<down><down><ret>")
    #expect(!desk.hasQuit && desk.state.popups.isEmpty)
    try desk.press("q<down><ret>")
    #expect(desk.hasQuit)
    #expect(!desk.effects.contains(.save(as: nil)))
  }

  @Test func anExperimentUnderWayIsAskedAbout() throws {
    var desk = try Desk()
    try desk.press("5<ret>q")
    #expect(!desk.hasQuit)
    #expect(desk.screen().text.contains("An experiment is under way; nothing of it is kept."))
    try desk.press("<ret>")
    #expect(desk.hasQuit)
  }

  @Test func saveAndQuitQuitsAfterTheSaving() throws {
    var desk = try Desk()
    try desk.press("jxq<ret>")
    #expect(desk.effects.suffix(2) == [.save(as: nil), .quit])
    #expect(!desk.session.isDirty)
  }

  @Test func aSaveThatFailsDoesNotQuit() throws {
    var desk = try Desk()
    try desk.press("jx:wq no/such/folder/x.json<ret>")
    #expect(!desk.hasQuit)
    #expect(desk.state.popups.last is CommandLine)
    try desk.press("<esc><C-s>")
    #expect(!desk.hasQuit)
    #expect(desk.session.isDirty == false)
  }

  @Test func withoutAFileSaveAndQuitAsksForAName() throws {
    var desk = try Desk(hasFile: false)
    try desk.press("jxq<ret>")
    #expect(desk.screen().text.contains("save as: fox-lstm.json"))
    try desk.press("<esc>")
    #expect(!desk.hasQuit)
    // The wish to quit went with the question.
    try desk.press("<C-s><C-u>new.json<ret>")
    #expect(!desk.hasQuit && !desk.session.isDirty)
    try desk.press("u:wq<ret>")
    #expect(desk.hasQuit)
  }

  @Test func aSecondControlCQuitsAtOnceFromWherever() throws {
    var desk = try Desk()
    try desk.press("jx:set <C-c>")
    #expect(!desk.hasQuit)
    try desk.press("<C-c>")
    #expect(desk.effects.last == .interrupt)
    #expect(desk.session.isDirty)
  }

  @Test func aRunIsMentioned() throws {
    var desk = try Desk()
    var status = RunStatus()
    status.phase = .running
    desk.show(status)
    try desk.press("q")
    let text = desk.screen().text
    #expect(text.contains("A run is going on; its weights are saved and it can go on"))
    #expect(text.contains(">stop the run and quit"))
    try desk.press("<ret>")
    #expect(desk.effects == [.quit])
  }
}
