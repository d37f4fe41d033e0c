import Canvas
import Testing

@Suite struct HeatMapTests {
  static let values: [Float] = [
    -1, -0.5, -0.06, 0, 0.06, 0.5, 1, .nan,
    1.5, -1.5, .infinity, 0.25, -0.25, 0.75, -0.75, 0.1,
    0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2,
  ]

  static func map(units: Int = 3) -> HeatMap {
    HeatMap(values, units: units, steps: 8, scale: .signed(limit: 1))
  }

  @Test func charactersTellSignAndSize() {
    var map = Self.map()
    map.validSteps = 7
    map.cursorUnit = 1
    map.labels = ["17", "3", "f"]
    let mono = Capabilities(colors: .mono, glyphs: .braille)
    #expect(
      drawn(map, 24, 5, mono) == """
         17 iea·159░
        > 3 +-I2b7g░
          f 8765543░
            0    5
        -1.00 i..a · 1..9 +1.00
        """)
    #expect(drawn(map, 24, 2, .plain) == " 17 iea.159:\n> 3 +-I2b7g:")
  }

  @Test func whatIsNotSeenIsGreyOrNotInReverseVideo() {
    var map = Self.map()
    map.seen = (0..<24).map { $0 % 8 < 3 }
    map.cursorStep = 5
    var canvas = Canvas(width: 11, height: 5)
    map.draw(on: &canvas, in: canvas.bounds)
    let palette = canvas.palette
    // Labels of a digit take three columns.
    #expect(canvas[4, 0].style.background == map.scale.color(-0.5, palette))
    #expect(canvas[6, 0].style.background == map.scale.grey(0, palette))
    #expect(canvas[8, 0].style.background == map.scale.grey(0.5, palette))
    #expect(map.scale.grey(1, palette) != map.scale.grey(0, palette))
    #expect(map.scale.grey(.nan, palette) == nil)
    var mono = Canvas(width: 11, height: 5, capabilities: .plain)
    map.draw(on: &mono, in: mono.bounds)
    #expect(mono[4, 0].style.reverse && !mono[8, 0].style.reverse)
    #expect(mono[8, 3].glyph.text == "^")
  }

  @Test func fewStepsTakeSeveralColumnsEach() {
    var map = HeatMap([1, -1, 0.5, 0], units: 2, steps: 2, scale: .signed(limit: 1))
    map.widestStep = 3
    map.cursorStep = 1
    #expect(
      drawn(map, 12, 5, .plain) == """
         0 999iii
         1 555...
            0  ^

        -1.00 i..a ~
        """)
    #expect(map.place(x: 8, y: 0, in: Rect(width: 12, height: 5), .plain)?.step == 1)
    map.widestStep = 100
    let place = map.place(x: 10, y: 1, in: Rect(width: 12, height: 5), .plain)
    #expect(place?.step == 1 && place?.unit == 1)
  }

  @Test func positiveValuesHaveAScaleOfTheirOwn() {
    let scale = HeatScale.fitting([0, 2, 4])
    #expect(scale.kind == .positive && scale.limit == 4 && !scale.isClipped)
    #expect([0, 2, 4, 5, -1].map(scale.code) == ["0", "5", "9", "+", "-"])
    #expect(scale.color(4, Palette(.full)) == Palette(.full).gateRamp.last)
    #expect(scale.legend(Palette(.plain), isColored: false).text == "0 0..9 4.00")
    #expect(HeatScale.fitting([0, 0.5, 1]) == .gate && HeatScale.fitting([.nan]) == .gate)
    #expect(HeatScale.fitting([-1, 5]).kind == .signed)
    #expect(HeatScale.positive(fitting: [Float](repeating: 0, count: 99) + [1]).isClipped)
  }

  @Test func theCursorIsReverseVideoAndWhatIsBeyondTheLimitUnderlined() {
    var map = Self.map()
    map.cursorUnit = 0
    map.cursorStep = 3
    var canvas = Canvas(width: 11, height: 3, capabilities: .plain)
    map.draw(on: &canvas, in: canvas.bounds)
    #expect(
      canvas.styleRuns == """
        0 0..<2 reverse
        0 3..<10 reverse
        0 10..<11 bold reverse
        1 3..<5 underline
        1 5..<6 bold reverse
        1 6..<7 reverse
        2 6..<7 reverse
        """)
  }

  @Test func coloursAreThoseOfTheRamp() {
    var canvas = Canvas(width: 11, height: 3)
    Self.map().draw(on: &canvas, in: canvas.bounds)
    #expect((3..<10).map { canvas[$0, 0].style.background } == [81, 26, 234, 234, 234, 130, 214])
    #expect(canvas[10, 0].glyph.text == "X")
    var gates = HeatMap([0, 0.5, 1, 2], units: 1, steps: 4, scale: .gate)
    gates.showsLegend = false
    canvas = Canvas(width: 11, height: 1)
    gates.draw(on: &canvas, in: canvas.bounds)
    #expect((3..<7).map { canvas[$0, 0].style.background } == [17, 101, 227, 227])
  }

  @Test func twoUnitsShareACellWhereThereIsNotRoomForOneRowEach() {
    var canvas = Canvas(width: 11, height: 2)
    Self.map().draw(on: &canvas, in: canvas.bounds)
    #expect(canvas.text == " 0 ▀▀I▀▀▀▀X\n 2 ▀▀▀▀▀▀▀▀")
    #expect(canvas[3, 0].style == Style(foreground: 81, background: 214))
    #expect(canvas[3, 1].style == Style(foreground: 208))
  }

  @Test func zoomedOutTheLargestSizeStandsAndTheLegendSaysSo() {
    let map = HeatMap(
      [0.1, -0.9, 0.2, 0.3, .nan, 1, 0, 0], units: 1, steps: 8, scale: .signed(limit: 1))
    let mono = Capabilities(colors: .mono, glyphs: .braille)
    var canvas = Canvas(width: 60, height: 4, capabilities: mono)
    var zoomed = map
    zoomed.stepsPerColumn = 2
    zoomed.draw(on: &canvas, in: canvas.bounds)
    #expect(
      canvas.text == """
         0 h3X·


        -1.00 i..a · 1..9 +1.00  max |x| of 2 steps
        """)
  }

  @Test func theLimitOfAFittedScaleIsTheSpread() {
    #expect(HeatScale.signed(fitting: [1, -1, 1]).limit == 1)
    let spiky = HeatScale.signed(fitting: [Float](repeating: 0.1, count: 999) + [50])
    #expect(spiky.isClipped && spiky.limit < 5 && spiky.limit > 4)
    #expect(spiky.code(50) == "+")
    #expect(HeatScale.signed(fitting: [.nan, 0]).limit == 1)
  }

  @Test func unitsAreShownInTheGivenOrderAndFoundAgain() {
    var map = Self.map()
    map.order = [2, 0, 1]
    let mono = Capabilities(colors: .mono, glyphs: .braille)
    #expect(drawn(map, 12, 2, mono) == " 2 87655432\n 0 iea·159X")
    let rect = Rect(x: 5, y: 5, width: 12, height: 2)
    let place = map.place(x: 5 + 3 + 4, y: 6, in: rect, mono)
    #expect(place?.unit == 0 && place?.step == 4)
    #expect(map.place(x: 5, y: 6, in: rect, mono) == nil)
  }

  @Test func theCursorIsAlwaysInSight() {
    let values = [Float](repeating: 0.5, count: 50 * 300)
    var map = HeatMap(values, units: 50, steps: 300, scale: .gate)
    map.stepsPerColumn = 1
    for capabilities in [Capabilities.full, .plain] {
      for (unit, step) in [(0, 0), (49, 299), (31, 150), (32, 17)] {
        map.cursorUnit = unit
        map.cursorStep = step
        let text = drawn(map, 40, 9, capabilities)
        #expect(text.contains(">"))
        #expect(text.contains(capabilities.glyphs == .ascii ? "^" : "▲"))
      }
    }
  }
}
