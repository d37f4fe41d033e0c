import Canvas
import Glibc
import Testing

/// Whatever the numbers, the rectangle and the terminal: nothing traps, nothing is drawn outside.
///
/// `UNROLL_ROUNDS=250` makes it 250 times as many; meant for release builds.
@Suite struct TotalityTests {
  static let rounds = getenv("UNROLL_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1

  static let odd: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e308,
    -1e308, .greatestFiniteMagnitude, 1, -1, 1e-300, .ulpOfOne, 9.007e15, 1e19, -1e19,
  ]

  static func number(_ random: inout TestRandom) -> Double {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: odd[Int.random(in: 0..<odd.count, using: &random)]
    case 1: Double(bitPattern: random.next())
    default: .random(in: -10...10, using: &random)
    }
  }

  static func capabilities(_ random: inout TestRandom) -> Capabilities {
    Capabilities(
      colors: Capabilities.Colors.allCases[Int.random(in: 0..<3, using: &random)],
      glyphs: Capabilities.Glyphs.allCases[Int.random(in: 0..<3, using: &random)],
      light: Bool.random(using: &random))
  }

  /// Draws in a random rectangle of a canvas of stars and looks at every star outside.
  static func check(_ widget: some Widget, _ random: inout TestRandom) {
    let width = Int.random(in: 0...30, using: &random)
    let height = Int.random(in: 0...10, using: &random)
    let rect = Rect(
      x: .random(in: -6...30, using: &random), y: .random(in: -6...10, using: &random),
      width: .random(in: -1...40, using: &random), height: .random(in: -1...14, using: &random))
    var canvas = Canvas(width: width, height: height, capabilities: capabilities(&random))
    let stars = String(repeating: "*", count: width)
    for y in 0..<height { canvas.write(stars, x: 0, y: y) }
    widget.draw(on: &canvas, in: rect)
    for y in 0..<height {
      for x in 0..<width where !rect.contains(x: x, y: y) {
        guard canvas[x, y].glyph.text == "*", canvas[x, y].style == .plain else {
          Issue.record("\(widget) drew at \(x), \(y), outside of \(rect)")
          return
        }
      }
    }
  }

  static func values(_ random: inout TestRandom, most: Int) -> [Double] {
    let count = Int.random(in: 0...most, using: &random)
    return (0..<count).map { _ in number(&random) }
  }

  static func range(_ random: inout TestRandom) -> ClosedRange<Double>? {
    let ends = [number(&random), number(&random)].filter { !$0.isNaN }.sorted()
    guard ends.count == 2, Bool.random(using: &random) else { return nil }
    return ends[0]...ends[1]
  }

  static func plot(_ random: inout TestRandom) -> LinePlot {
    let series = (0..<Int.random(in: 0...3, using: &random)).map { index in
      var data = SeriesPyramid(smoothing: number(&random))
      for value in values(&random, most: 40) {
        data.append(value, at: Bool.random(using: &random) ? nil : number(&random))
      }
      return LinePlot.Series("s", data, index: index * 5, rank: index % 2)
    }
    var plot = LinePlot(series)
    plot.detail = LinePlot.Detail.allCases[Int.random(in: 0..<3, using: &random)]
    plot.isLogX = Bool.random(using: &random)
    plot.isLogY = Bool.random(using: &random)
    plot.isRobust = Bool.random(using: &random)
    plot.xRange = range(&random)
    plot.yRange = range(&random)
    plot.selection = range(&random)
    plot.cursor = Bool.random(using: &random) ? number(&random) : nil
    plot.levels = values(&random, most: 2)
    plot.marks = values(&random, most: 2).map { .init(x: $0, label: "lr") }
    return plot
  }

  @Test func plots() {
    var random = TestRandom(seed: 20)
    for _ in 0..<(400 * Self.rounds) {
      let plot = Self.plot(&random)
      Self.check(plot, &random)
      _ = plot.readout(Palette(.full)).text + plot.notes.joined()
      _ = plot.x(
        atColumn: .random(in: -5...50, using: &random), in: Rect(width: 30, height: 9),
        of: Rect(width: 40, height: 20))
    }
  }

  @Test func heatMaps() {
    var random = TestRandom(seed: 21)
    for _ in 0..<(600 * Self.rounds) {
      let values = Self.values(&random, most: 60).map { Float($0) }
      let fitted = Bool.random(using: &random)
      var map = HeatMap(
        values, units: .random(in: -1...20, using: &random),
        steps: .random(in: -1...20, using: &random),
        scale: fitted ? .signed(fitting: values) : .gate)
      map.cursorUnit = Bool.random(using: &random) ? .random(in: -3...30, using: &random) : nil
      map.cursorStep = Bool.random(using: &random) ? .random(in: -3...30, using: &random) : nil
      map.validSteps = .random(in: -3...30, using: &random)
      map.stepsPerColumn = Bool.random(using: &random) ? .random(in: -1...9, using: &random) : nil
      map.rowOffset = .random(in: -9...30, using: &random)
      map.stepOffset = .random(in: -9...30, using: &random)
      map.order = Bool.random(using: &random) ? [3, 1, -7, .max, 0] : nil
      Self.check(map, &random)
      _ = map.place(x: 9, y: 3, in: Rect(width: 30, height: 9), .full)
    }
  }

  @Test func everyOtherWidget() {
    var random = TestRandom(seed: 22)
    let words = ["", "a", "日本語テキスト", "e\u{301}\u{202E}", "a long sentence of many words"]
    for _ in 0..<(200 * Self.rounds) {
      func word() -> String { words[Int.random(in: 0..<words.count, using: &random)] }
      func integer() -> Int { [Int.min, -1, 0, 1, 7, Int.max].randomElement(using: &random) ?? 0 }
      let values = Self.values(&random, most: 30)
      let lines = (0..<Int.random(in: 0...9, using: &random)).map { _ in StyledText(word()) }
      Self.check(Frame(StyledText(word()), note: "n", footer: StyledText(word())), &random)
      Self.check(HintBar(lines.map { .init($0.text, word()) }), &random)
      Self.check(Tabs(lines.map { .init($0.text, short: "x") }, selected: integer()), &random)
      Self.check(List(lines, selected: integer(), offset: integer()), &random)
      let columns: [Table.Column] = [
        .init(word(), minimum: integer(), grows: true), .init(word(), alignment: .right),
        .init(word(), alignment: .center, priority: integer()),
      ]
      Self.check(
        Table(
          columns: columns, rows: lines.map { [$0, "x"] }, selected: integer(), offset: integer()),
        &random)
      Self.check(TextField(word(), prompt: word(), placeholder: word()), &random)
      Self.check(Gauge(fraction: Self.number(&random)), &random)
      Self.check(
        Bars(values.map { .init(word(), $0) }, limit: Self.number(&random), offset: integer()),
        &random)
      Self.check(Sparkline(values, range: Self.range(&random)), &random)
      Self.check(
        Popup(
          StyledText(word()), message: word(), items: lines, selected: integer(), width: integer()),
        &random)
      Self.check(TooSmall(neededWidth: integer(), neededHeight: integer()), &random)
    }
  }
}
