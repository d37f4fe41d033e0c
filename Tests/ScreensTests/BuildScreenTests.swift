import Canvas
import Layers
import Testing
import Workbench

@testable import Screens

@Suite struct BuildScreenTests {
  @Test func aLayerIsAddedFromThePaletteAfterTheCursor() throws {
    var desk = try Desk()
    try desk.press("jjagru<ret>")
    #expect(desk.document.model.layers.map(\.name) == ["embedding", "lstm", "gru", "linear"])
    #expect(desk.state.build.cursor == 3)
    #expect(desk.state.popups.isEmpty)
  }
}
