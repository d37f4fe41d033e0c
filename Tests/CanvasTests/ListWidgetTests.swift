import Canvas
import Testing

@Suite struct ListWidgetTests {
  static let table = Table(
    columns: [
      .init("#", alignment: .right, priority: 3), .init("layer", grows: true, priority: 3),
      .init("out shape", priority: 1), .init("params", alignment: .right, priority: 2),
    ],
    rows: [
      ["0", "convlstm", "[B,T,8,16,16]", "2 624"], ["1", "pool 2x2", "[B,T,8,8,8]", "0"],
      ["2", "gru 48", "[B,T,48]", "80 928"],
    ], selected: 2)

  @Test func aTableAlignsItsColumns() {
    #expect(
      drawn(Self.table, 46, 4) == """
         #  layer                out shape      params
         0  convlstm             [B,T,8,16,16]   2 624
         1  pool 2x2             [B,T,8,8,8]         0
        >2  gru 48               [B,T,48]       80 928
        """)
  }

  @Test func aMarkedWindowShowsTheCursorAndSaysWhatItLeavesOut() {
    for total in 0...12 {
      for visible in 0...14 {
        for cursor in 0..<max(total, 1) {
          let window = MarkedWindow(total: total, visible: visible, cursor: cursor)
          let signs = [window.above, window.below].compactMap(\.self)
          #expect(window.range.count + signs.count == min(total, visible))
          #expect(visible == 0 || total == 0 || window.range.contains(cursor))
          guard visible > 2 else { continue }
          let (above, below) = (window.range.lowerBound, total - window.range.upperBound)
          #expect(window.above == (above > 0 ? "▲ \(above) more" : nil))
          #expect(window.below == (below > 0 ? "▼ \(below) more" : nil))
        }
      }
    }
  }

  @Test func aWindowSaysWhatItLeavesOut() {
    #expect(ScrollWindow(total: 9, visible: 4, cursor: 5).rest(of: 9) == "▲ 2 ▼ 3 more")
    #expect(ScrollWindow(total: 9, visible: 4).rest(of: 9) == "▼ 5 more")
    #expect(ScrollWindow(total: 4, visible: 4).rest(of: 4).isEmpty)
  }

  @Test func aNarrowTableDropsTheLeastImportantColumn() {
    #expect(
      drawn(Self.table, 24, 4) == """
         #  layer         params
         0  convlstm       2 624
         1  pool 2x2           0
        >2  gru 48        80 928
        """)
    #expect(
      drawn(Self.table, 14, 4) == """
         #  layer
         0  convlstm
         1  pool 2x2
        >2  gru 48
        """)
  }

  @Test func aTableScrollsToItsChosenRow() {
    #expect(
      drawn(Self.table, 24, 2) == """
         #  layer         params
        >2  gru 48        80 928
        """)
    #expect(Self.table.row(y: 1, in: Rect(width: 24, height: 2)) == 2)
    #expect(Self.table.row(y: 0, in: Rect(width: 24, height: 2)) == nil)
  }

  @Test func aListScrollsNoFurtherThanItMust() {
    var list = List((0..<9).map { "item \($0)" }, selected: 5, offset: 1)
    #expect(drawn(list, 10, 3) == " item 3\n item 4\n>item 5")
    list.selected = 2
    #expect(drawn(list, 10, 3) == " item 1\n>item 2\n item 3")
    list.offset = 99
    #expect(drawn(list, 10, 3) == ">item 2\n item 3\n item 4")
    #expect(list.item(y: 1, in: Rect(width: 10, height: 3)) == 3)
    #expect(drawn(List([], placeholder: "no runs"), 10, 2) == "no runs\n")
  }

  @Test func barsTellAbsentFromZero() {
    let bars = Bars([.init("W_xh", 0.5), .init("W_hh", 0), .init("bias", nil), .init("U", .nan)])
    #expect(
      drawn(bars, 20, 4) == """
        W_xh ██████████ .500
        W_hh               0
        bias               -
        U                NaN
        """)
    #expect(drawn(bars, 20, 1, .plain) == "W_xh ########## .500")
  }

  @Test func sparklinesTellAbsentFromZero() {
    #expect(drawn(Sparkline([0, nil, 4, 8, .nan]), 5, 1) == "▁ ▅█×")
    #expect(drawn(Sparkline([0, nil, 4, 8, .nan]), 5, 1, .plain) == "_ +#x")
    #expect(drawn(Sparkline([0, 1, 2, 7, 3, 0]), 3, 1) == "▂█▄")
    #expect(Sparkline([0, nil, 4, 8, .nan]).text(width: 9, .full) == "▁ ▅█×")
    #expect(Sparkline([]).text(width: 9, .full).isEmpty)
    #expect(drawn(Sparkline([5, 5], range: 0...10), 2, 1) == "▅▅")
    #expect(drawn(Sparkline([-.infinity, .infinity]), 2, 1) == "▁█")
  }

  @Test func aGaugeShowsHowFarItIs() {
    #expect(drawn(Gauge(fraction: 0.5), 16, 1) == "[█████     ] 50%")
    #expect(drawn(Gauge(fraction: 0.5), 16, 1, .plain) == "[#####     ] 50%")
    #expect(drawn(Gauge(fraction: nil, label: "eta -"), 16, 1) == "[        ] eta -")
    #expect(drawn(Gauge(fraction: .nan), 8, 1) == "[    ] -")
    #expect(drawn(Gauge(fraction: 1e300), 4, 1) == "100%")
  }
}
