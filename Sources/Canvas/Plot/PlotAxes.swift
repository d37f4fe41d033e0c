/// The axes of a plot: what range it shows, and where its curves are drawn.
struct PlotAxes {
  let x: AxisScale
  let y: AxisScale
  /// The cells of the curves.
  let area: Rect
  private let xTicks: [Ticks.Tick]
  private let yTicks: [Ticks.Tick]
  private let hasXAxis: Bool

  /// The samples of a fitted axis are looked at in this many columns, whatever the width, so that
  /// the axis does not change when the window does.
  private static let fitColumns = 256

  /// The axes of `plot` in `rect`; `nil` if there is nothing to show.
  init?(_ plot: LinePlot, in rect: Rect, of canvas: Rect) {
    guard let x = Self.xScale(of: plot), let y = Self.yScale(of: plot, x: x) else { return nil }
    self.x = x
    self.y = y
    hasXAxis = rect.height >= 5
    let rows = rect.height - (hasXAxis ? 2 : 0)
    let yTicks = rows >= 2 ? y.ticks(most: min(6, max(rows >= 3 ? 3 : 2, rows / 2))) : []
    let gutter = (yTicks.map { DisplayWidth.of($0.label) }.max() ?? 0) + 2
    let hasYAxis = !yTicks.isEmpty && rect.width >= gutter + 8
    self.yTicks = hasYAxis ? yTicks : []
    // A rectangle larger than its canvas would cost as much as it claims to hold.
    let left = hasYAxis ? gutter : 0
    area = Rect(
      x: rect.x + left, y: rect.y, width: min(rect.width - left, canvas.width),
      height: min(rows, canvas.height))
    xTicks = hasXAxis ? x.ticks(most: min(6, max(2, area.width / 10))) : []
  }

  /// The column of the canvas that shows `x`; `nil` if it is not shown.
  func column(of value: Double) -> Int? {
    guard value >= x.range.low, value <= x.range.high, !area.isEmpty else { return nil }
    return area.x + min(Int(x.fraction(value) * Double(area.width)), area.width - 1)
  }

  /// The row of the canvas nearest to `value`.
  private func row(of value: Double) -> Int {
    let fraction = 1 - y.fraction(value)
    return area.y + min(Int(fraction * Double(area.height)), area.height - 1)
  }

  /// Draws lines, ticks and labels.
  func draw(on canvas: inout Canvas, marks: [LinePlot.Mark]) {
    let style = canvas.palette[.muted]
    if !yTicks.isEmpty { drawYAxis(on: &canvas, style: style) }
    guard hasXAxis else { return }
    let line = area.endY
    let start = yTicks.isEmpty ? area.x : area.x - 1
    canvas.write(
      (yTicks.isEmpty ? "" : "└") + String(repeating: "─", count: area.width), x: start, y: line,
      style: style)
    let ticks = xTicks.compactMap { tick in column(of: tick.value).map { ($0, tick.label) } }
    for (column, _) in ticks { canvas.write("┬", x: column, y: line, style: style) }
    var labels = AxisLabels(from: min(start, area.x), to: area.endX)
    let places = marks.compactMap { mark in column(of: mark.x).map { ($0, mark.label) } }
    for (column, _) in places { labels.reserve("▲", at: column) }
    for (column, label) in ticks { labels.center(label, at: column) }
    for (column, label) in places.reversed() { labels.beside(label, mark: column) }
    for (column, text, isMark) in labels.placed {
      canvas.write(
        text, x: column, y: line + 1, style: isMark ? canvas.palette[.warning] : style)
    }
  }

  private func drawYAxis(on canvas: inout Canvas, style: Style) {
    for y in area.y..<area.endY { canvas.write("│", x: area.x - 1, y: y, style: style) }
    var taken = Set<Int>()
    for tick in yTicks {
      let row = row(of: tick.value)
      guard taken.insert(row).inserted else { continue }
      canvas.write("┤", x: area.x - 1, y: row, style: style)
      let width = DisplayWidth.of(tick.label)
      canvas.write(tick.label, x: area.x - 2 - width, y: row, style: style)
    }
  }

  private static func xScale(of plot: LinePlot) -> AxisScale? {
    let filled = plot.series.filter { !$0.data.isEmpty }
    guard !filled.isEmpty else { return nil }
    var low = filled.compactMap(\.data.xs.first).min() ?? 0
    var high = filled.compactMap(\.data.xs.last).max() ?? 0
    if let range = plot.xRange {
      low = range.lowerBound
      high = range.upperBound
    }
    if plot.isLogX && low <= 0 {
      // Step 0 has no place on a logarithmic axis: it starts at the first one that has.
      let positive = filled.compactMap { one in one.data.xs.first { $0 > 0 } }.min()
      low = positive ?? low
    }
    return AxisScale(low: low, high: high, isLogarithmic: plot.isLogX)
  }

  private static func yScale(of plot: LinePlot, x: AxisScale) -> AxisScale? {
    if let range = plot.yRange {
      return AxisScale(
        low: range.lowerBound, high: range.upperBound, isLogarithmic: plot.isLogY)
    }
    let edges = (0...fitColumns).map { x.value(at: Double($0) / Double(fitColumns)) }
    var values: [Double] = []
    for one in plot.series {
      let smooth = (one.detail ?? plot.detail) == .smooth
      for column in one.data.columns(edges: edges) where column.summary.finite > 0 {
        if smooth {
          if let value = column.smoothed { values.append(value) }
          continue
        }
        let low = plot.isLogY ? column.summary.smallestPositive : column.summary.minimum
        values += [low, column.summary.maximum]
      }
    }
    values = values.filter { $0.isFinite && (!plot.isLogY || $0 > 0) }.sorted()
    values += plot.levels.filter { plot.series.isEmpty && $0.isFinite }
    guard let first = values.first, let last = values.last else {
      // Only markers to show, still on an axis.
      return AxisScale(low: plot.isLogY ? 0.1 : 0, high: 1, isLogarithmic: plot.isLogY)
    }
    guard plot.isRobust && values.count >= 3 else {
      return AxisScale(low: first, high: last, isLogarithmic: plot.isLogY)
    }
    let cut = max(1, values.count / 100)
    let kept = values[min(cut, values.count - 1)...].dropLast(cut)
    return AxisScale(
      low: kept.first ?? first, high: kept.last ?? last, isLogarithmic: plot.isLogY)
  }
}
