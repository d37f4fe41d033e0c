import Canvas
import Testing

@Suite struct KeyTests {
  static let all: [Key] = [
    .character("a"), .character("<"), .character(">"), .character(" "), .character("é"), .enter,
    .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .pageUp,
    .pageDown, .home, .end, .function(5), .function(12), .control("r"), .control(" "),
    .control("]"), .mouse(x: 3, y: 14, .press), .mouse(x: 0, y: 0, .scrollUp),
    .paste("a > b \\ c <ret>\nd"),
  ]

  @Test(arguments: all) func everyKeyIsReadBackFromItsNotation(key: Key) throws {
    #expect(try Key.parse(key.notation) == [key])
  }

  @Test func aWholeScriptIsReadBackToo() throws {
    let script = Self.all.map(\.notation).joined()
    #expect(try Key.parse(script) == Self.all)
  }

  @Test func scriptsReadAsPeopleWriteThem() throws {
    #expect(
      try Key.parse("a 3<space><ret><C-R><f5>")
        == [
          .character("a"), .character(" "), .character("3"), .character(" "), .enter,
          .control("r"), .function(5),
        ])
  }

  @Test func aBadScriptSaysWhatIsWrong() {
    #expect(
      throws: KeyScriptError(
        description: "Unknown key '<rte>'. Use a name such as '<ret>', '<esc>' or '<C-r>'.")
    ) { try Key.parse("a<rte>") }
    #expect(
      throws: KeyScriptError(
        description: "A key name needs a closing '>', got '<re'. Write '<lt>' for '<'.")
    ) { try Key.parse("a<re") }
    #expect(throws: KeyScriptError.self) { try Key.parse("<f25>") }
  }
}
