import Canvas
import Testing

/// What `widget` looks like on a canvas of the given size.
func drawn(
  _ widget: some Widget, _ width: Int, _ height: Int, _ capabilities: Capabilities = .full
) -> String {
  var canvas = Canvas(width: width, height: height, capabilities: capabilities)
  widget.draw(on: &canvas, in: canvas.bounds)
  return canvas.text
}

@Suite struct PaneWidgetTests {
  @Test func aFrameNamesItsPane() {
    let frame = Frame("loss", note: "step 12", footer: "train ━", isFocused: true)
    #expect(
      drawn(frame, 28, 3) == """
        ┌─ loss ───────── step 12 ─┐
        │                          │
        └─ train ━ ────────────────┘
        """)
    #expect(
      drawn(frame, 16, 3, .plain) == """
        +- loss -------+
        |              |
        +- train = ----+
        """)
    #expect(drawn(frame, 2, 2) == "┌┐\n└┘")
    #expect(drawn(frame, 1, 5) == "\n\n\n\n")
  }

  @Test func theFocusIsBoldEvenWithoutColours() {
    var canvas = Canvas(
      width: 8, height: 2, capabilities: Capabilities(colors: .mono, glyphs: .braille))
    Frame(isFocused: true).draw(on: &canvas, in: canvas.bounds)
    #expect(canvas.styleRuns == "0 0..<8 bold\n1 0..<8 bold")
    Frame(isFocused: false).draw(on: &canvas, in: canvas.bounds)
    #expect(canvas.styleRuns == "")
  }

  @Test func hintsAreDroppedFromTheRightButHelpAndQuitStay() {
    let bar = HintBar([
      .init("space", "pause"), .init("s", "step"), .init("-/+", "lr"),
      .init("?", "keys", isKept: true), .init("q", "quit", isKept: true),
    ])
    #expect(drawn(bar, 60, 1) == " space pause  s step  -/+ lr  ? keys  q quit")
    #expect(drawn(bar, 38, 1) == " space pause  s step  ? keys  q quit")
    #expect(drawn(bar, 20, 1) == " ? keys  q quit")
    #expect(drawn(bar, 12, 1) == " q quit")
    #expect(drawn(bar, 3, 1) == "")
    let rect = Rect(x: 0, y: 9, width: 60, height: 1)
    #expect(bar.hint(x: 16, y: 9, in: rect) == 1)
    #expect(bar.hint(x: 12, y: 9, in: rect) == nil)
    #expect(bar.hint(x: 16, y: 8, in: rect) == nil)
  }

  @Test func hintsOfKeysThatDoNothingAreDroppedFirst() {
    let bar = HintBar([
      .init("a", "add"), .init("A", "inside", isEnabled: false), .init("u", "undo"),
      .init("q", "quit", isKept: true),
    ])
    #expect(drawn(bar, 40, 1) == " a add  A inside  u undo  q quit")
    #expect(drawn(bar, 30, 1) == " a add  u undo  q quit")
    #expect(drawn(bar, 16, 1) == " a add  q quit")
  }

  @Test func tabsShowWhichIsChosenWithoutColour() {
    let tabs = Tabs(
      [.init("1 Build"), .init("2 Data"), .init("3 Train"), .init("5 Compare", short: "5 Cmp")],
      selected: 2)
    #expect(drawn(tabs, 40, 1) == " 1 Build 2 Data[3 Train]5 Compare")
    #expect(drawn(tabs, 32, 1) == " 1 Build 2 Data[3 Train]5 Cmp")
    #expect(drawn(tabs, 12, 1) == "[3 Train]")
    #expect(tabs.tab(x: 9, y: 0, in: Rect(width: 40, height: 1)) == 1)
  }

  @Test func aPopupCoversWhatIsUnderIt() {
    var canvas = Canvas(width: 34, height: 9)
    for y in 0..<9 { canvas.write(String(repeating: ".", count: 34), x: 0, y: y) }
    Popup(
      "Quit?", message: "Training runs. What should become of it?",
      items: ["stop and save", "keep training", "cancel"], selected: 1, footer: "⏎ choose",
      width: 24
    ).draw(on: &canvas, in: canvas.bounds)
    #expect(
      canvas.text == """
        .....┌─ Quit? ──────────────┐.....
        .....│ Training runs. What  │.....
        .....│ should become of it? │.....
        .....│                      │.....
        .....│ stop and save        │.....
        .....│>keep training        │.....
        .....│ cancel               │.....
        .....└─ ⏎ choose ───────────┘.....
        ..................................
        """)
  }

  @Test func aScreenThatDoesNotFitSaysWhatItNeeds() {
    let card = TooSmall(neededWidth: 60, neededHeight: 16)
    #expect(card.applies(to: Rect(width: 52, height: 24)))
    #expect(!card.applies(to: Rect(width: 60, height: 16)))
    #expect(drawn(card, 20, 5) == "\n     too small\n     need 60x16\n     have 20x5\n")
    #expect(drawn(card, 4, 1).count <= 4)
  }
}

@Suite struct ColumnsTests {
  private func drawn(
    _ values: [Double], _ width: Int, _ height: Int, _ capabilities: Capabilities = .full
  ) -> String {
    var canvas = Canvas(width: width, height: height, capabilities: capabilities)
    Columns(values).draw(on: &canvas, in: canvas.bounds)
    return canvas.text
  }

  @Test func barsStandOnTheFloor() {
    #expect(drawn([4, 2, 1, 0], 4, 2) == "█\n██▅")
    #expect(drawn([4, 2, 1, 0], 4, 2, .plain) == "#\n##+")
  }

  @Test func marksStandOnTheBarsOrAboveThem() {
    var canvas = Canvas(width: 3, height: 4, capabilities: .plain)
    Columns([4, 2, 0], marks: [1, 3.5, 0]).draw(on: &canvas, in: canvas.bounds)
    #expect(canvas.text == "#-\n#\n-#\n##")
    #expect(canvas[0, 2].style.reverse && !canvas[1, 0].style.reverse)
    // The highest of both fills the height.
    Columns([1], marks: [2]).draw(on: &canvas, in: Rect(width: 1, height: 4))
    #expect(canvas[0, 0].glyph.text == "-")
  }

  @Test func fewValuesTakeEquallyManyColumnsAndManyShowTheHighest() {
    #expect(drawn([1, 2], 5, 2) == "  ██\n████")
    #expect(drawn([1, 9, 2, 3], 2, 3) == "█\n█\n██")
  }

  @Test func theSmallestValueIsSeenAndWhatIsNoneIsNot() {
    #expect(drawn([1e9, 1e-9], 2, 2) == "█\n█▁")
    #expect(drawn([.nan, -1, 0], 3, 2) == "\n")
    #expect(drawn([], 3, 2) == "\n" && drawn([1], 0, 0) == "")
  }
}
