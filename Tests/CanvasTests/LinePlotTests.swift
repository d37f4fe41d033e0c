import Testing

@testable import Canvas

@Suite struct LinePlotTests {
  static let wave = SeriesPyramid((0..<60).map { (step: Int) -> Double in Double(step % 20) - 9.5 })

  @Test func aCurveHasHonestAxes() {
    var plot = LinePlot([.init("c", Self.wave, index: 0, detail: .raw)])
    plot.levels = [5]
    #expect(
      drawn(plot, 40, 8) == """
           │          ⡔⢹          ⡠⢺          ⢠⠊
         5 ┤┈┈┈┈┈┈┈⢀⠤⠊┈⢸┈┈┈┈┈┈┈┈⡠⠊┈⢸┈┈┈┈┈┈┈┈⡠⠒⠁┈
           │     ⢀⡠⠃   ⢸      ⡠⠊   ⢸      ⣀⠜
         0 ┤    ⡰⠁      ⡇   ⡠⠊      ⡇   ⢀⠎
        -5 ┤ ⢀⠔⠊        ⡇ ⡠⠊        ⡇ ⡠⠊⠁
           │⡠⠊          ⡧⠊          ⡧⠔⠁
           └┬───────────┬───────────┬───────────
            0           20          40
        """)
  }

  @Test func theSameCurveWithoutBraille() {
    let plot = LinePlot([.init("c", Self.wave, index: 0, detail: .raw)])
    #expect(
      drawn(plot, 40, 8, Capabilities(glyphs: .blocks)) == """
           │          ▄▜          ▄▟          ▗▞
         5 ┤       ▗▄▀ ▐        ▄▀ ▐        ▄▀▘
           │     ▗▄▘   ▐      ▄▀   ▐      ▄▞
         0 ┤    ▞▘      ▌   ▞▀      ▌   ▗▀
        -5 ┤ ▗▞▀        ▌▗▄▀        ▌ ▄▀▘
           │▞▘          ▛▘          ▛▀
           └┬───────────┬───────────┬───────────
            0           20          40
        """)
    #expect(
      drawn(plot, 40, 8, .plain) == """
           |          .:          .|          .|
         5 +       ..' :        .' :        .''
           |      .'   :      .'   :      .|
         0 +    |'      :   .'      :   .'
        -5 + ..'        : .'        : .''
           ||'          |'          :'
           ++-----------+-----------+-----------
            0           20          40
        """)
  }

  @Test func whatHasNoPlaceIsMarkedAndCounted() {
    let values: [Double] = [1, 0.1, 0, .nan, 0.5, .infinity, -2, 0.02, -.infinity, 0.01]
    var plot = LinePlot([.init("loss", SeriesPyramid(values), index: 0, detail: .raw)])
    plot.isLogY = true
    #expect(
      drawn(plot, 25, 7) == """
          1 ┤⢣     × ⢀  ↑
            │ ⢇
         .1 ┤ ⠈⡆
            │  ⠘⡄
        .01 ┤   ⠘▾        ▾⠔⠊ ↓ ⢀
            └┬──────────┬────────
             0          5
        """)
    #expect(plot.notes == ["loss: 3 NaN/Inf, first at 3", "loss: 2 at or below 0"])
  }

  @Test func aRobustAxisSaysThatASpikeIsCutOff() {
    var values = (0..<200).map { 1 + Double($0 % 7) / 10 }
    values[77] = 1_000
    var plot = LinePlot([.init("loss", SeriesPyramid(values), index: 0, detail: .raw)])
    let fitted = drawn(plot, 30, 6)
    #expect(fitted.contains("1000 ┤") && !fitted.contains("▴"))
    plot.isRobust = true
    let robust = drawn(plot, 30, 6)
    #expect(!robust.contains("1000") && robust.contains("▴"))
  }

  @Test func oneSpikeIsSeenAtAnyZoom() {
    var values = [Double](repeating: 1, count: 100_000)
    values[54_321] = 9
    let plot = LinePlot([.init("loss", SeriesPyramid(values), index: 0)])
    let top = drawn(plot, 40, 8).split(separator: "\n")[0]
    #expect(top.drop { $0 != "┤" && $0 != "│" }.contains { $0 >= "\u{2801}" && $0 <= "\u{28FF}" })
  }

  @Test func knobChangesAreTicksUnderTheAxis() {
    var plot = LinePlot([.init("loss", SeriesPyramid([Double](repeating: 1, count: 100)), index: 0)]
    )
    plot.marks = [.init(x: 75, label: "lr→3e-4"), .init(x: 200, label: "never")]
    let lines = drawn(plot, 50, 6).split(separator: "\n")
    #expect(lines[4].contains("┬"))
    #expect(lines[5].contains("lr→3e-4▲"))
    #expect(!lines[5].contains("never"))
  }

  @Test func theCursorReadsEveryCurve() {
    var plot = LinePlot([
      .init("train", SeriesPyramid([4, 2, 1, .nan], smoothing: 0), index: 0),
      .init("val", SeriesPyramid([3], smoothing: 0), index: 1),
    ])
    let palette = Palette(.full)
    #expect(plot.readout(palette).isEmpty)
    plot.cursor = 2
    #expect(plot.readout(palette).text == "2  train 1.00  val 3.00")
    plot.cursor = 3
    #expect(plot.readout(palette).text == "3  train NaN  val 3.00")
    var canvas = Canvas(width: 20, height: 3)
    plot.draw(on: &canvas, in: canvas.bounds)
    #expect(canvas[19, 1].style.reverse && !canvas[18, 1].style.reverse)
  }

  @Test func aColumnIsAPlaceOnTheAxis() {
    let plot = LinePlot([.init("loss", SeriesPyramid([Double](repeating: 1, count: 101)), index: 0)]
    )
    let rect = Rect(x: 10, y: 5, width: 54, height: 8)
    let screen = Rect(width: 80, height: 24)
    #expect(plot.x(atColumn: 10, in: rect, of: screen) == nil)
    let first = plot.x(atColumn: 63, in: rect, of: screen)
    #expect(first.map { $0 > 98 && $0 <= 100 } == true)
  }

  @Test func afterSixCurvesTheStrokeChangesAndNotTheColour() {
    let palette = Palette(.full)
    let plot = LinePlot(
      (0..<13).map { .init("r\($0)", SeriesPyramid([1]), index: $0) })
    let signs = plot.legend(palette).spans.filter { "━┅┈".contains($0.text) }
    #expect(signs.map(\.text).joined() == "━━━━━━┅┅┅┅┅┅┈")
    #expect(signs[0].style == signs[6].style && signs[0].style != signs[1].style)
    let mono = plot.legend(Palette(.plain)).spans.filter { "━┅┈".contains($0.text) }
    #expect(mono.map(\.text).joined().hasPrefix("━┅┈━"))
  }

  @Test func laterCurvesTakeWholeCells() {
    var grid = DotGrid(columns: 1, rows: 1, glyphs: .braille)
    grid.set(x: 0, y: 0, owner: 0)
    grid.set(x: 1, y: 3, owner: 1)
    let cell = grid.cell(column: 0, row: 0)
    #expect(cell?.glyph == "\u{2880}" && cell?.owner == 1)
  }

  @Test func withoutSamplesThereIsAWordInsteadOfAnAxis() {
    #expect(drawn(LinePlot([]), 20, 3) == "\n    no data yet\n")
    #expect(drawn(LinePlot([.init("a", SeriesPyramid(), index: 0)]), 20, 1) == "    no data yet")
  }

  @Test(arguments: [
    (0.0, 1.0, "0 .2 .4 .6 .8 1.0"), (0.0, 1199, "0 200 400 600 800 1000"),
    (-3.0, 3.0, "-3 -2 -1 0 1 2 3"), (0.41, 0.47, ".41 .42 .43 .44 .45 .46 .47"),
    (5.0, 5.0, "4.6 4.8 5.0 5.2 5.4"),
    (0.0, 1e6, "0 200k 400k 600k 800k 1M"), (1e-9, 3e-9, "1e-9 1.5e-9 2e-9 2.5e-9 3e-9"),
  ])
  func ticksAreRound(low: Double, high: Double, labels: String) {
    let ticks = Ticks.linear(LinearScale(low...high), most: 7)
    #expect(ticks.map(\.label).joined(separator: " ") == labels)
  }

  @Test(arguments: [
    (0.3, 2.5, ".5 1 2"), (1e-5, 1.0, "1e-5 1e-4 .001 .01 .1 1"),
    (0.9, 1.2, ".90 .95 1.00 1.05 1.10 1.15 1.20"),
    (1e-30, 1e30, "1e-30 1e-20 1e-10 1 10G 1e20 1e30"),
  ])
  func logarithmicTicksAreRound(low: Double, high: Double, labels: String) {
    let ticks = Ticks.logarithmic(LinearScale(low...high), most: 7)
    #expect(ticks.map(\.label).joined(separator: " ") == labels)
  }
}
