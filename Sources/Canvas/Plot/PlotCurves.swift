/// Draws the curves of a plot inside of its axes.
struct PlotCurves {
  let plot: LinePlot
  let axes: PlotAxes

  /// What one column of cells says beside its dots.
  private struct Markers {
    var nan = false
    var infinite = false
    var negativeInfinite = false
    var above = false
    var below = false

    mutating func add(_ summary: SeriesSummary, y: AxisScale, fitted: Bool) {
      nan = nan || summary.nan > 0
      infinite = infinite || summary.infinite > 0
      negativeInfinite = negativeInfinite || summary.negativeInfinite > 0
      guard summary.finite > 0 else { return }
      if y.isLogarithmic && summary.nonPositive > 0 { below = true }
      guard !fitted else { return }
      above = above || summary.maximum > y.range.high
      let lowest = y.isLogarithmic ? summary.smallestPositive : summary.minimum
      below = below || lowest < y.range.low
    }
  }

  /// Draws levels, curves and markers; later ranks over earlier ones.
  func draw(on canvas: inout Canvas) {
    let palette = canvas.palette
    let area = axes.area
    guard !area.isEmpty else { return }
    drawLevels(on: &canvas)
    var grid = DotGrid(
      columns: area.width, rows: area.height, glyphs: canvas.capabilities.glyphs)
    let order = plot.series.indices.sorted {
      (plot.series[$0].rank, $0) < (plot.series[$1].rank, $1)
    }
    let edges = (0...grid.width).map { axes.x.value(at: Double($0) / Double(grid.width)) }
    var markers = plot.series.map { _ in [Int: Markers]() }
    for index in order {
      let columns = plot.series[index].data.columns(edges: edges)
      draw(columns, of: index, palette: palette, on: &grid)
      markers[index] = collectMarkers(columns, dotsPerColumn: grid.dotsPerColumn)
    }
    for row in 0..<area.height {
      for column in 0..<area.width {
        guard let cell = grid.cell(column: column, row: row) else { continue }
        var style = palette.series(plot.series[cell.owner / 2].index)
        style.dim = cell.owner % 2 == 0
        canvas.write(cell.glyph, x: area.x + column, y: area.y + row, style: style)
      }
    }
    for index in order {
      draw(markers[index], style: palette.series(plot.series[index].index), on: &canvas)
    }
  }

  private func drawLevels(on canvas: inout Canvas) {
    for level in plot.levels where level >= axes.y.range.low && level <= axes.y.range.high {
      let row = min(
        Int((1 - axes.y.fraction(level)) * Double(axes.area.height)), axes.area.height - 1)
      canvas.write(
        String(repeating: "┈", count: axes.area.width), x: axes.area.x, y: axes.area.y + row,
        style: canvas.palette[.muted])
    }
  }

  /// Owner 2·index is the dim part of a curve, 2·index + 1 the bright one.
  private func draw(
    _ columns: [SeriesPyramid.Column], of index: Int, palette: Palette, on grid: inout DotGrid
  ) {
    let series = plot.series[index]
    let detail = series.detail ?? plot.detail
    let stroke = LinePlot.Stroke(index: series.index, palette: palette)
    if detail != .smooth {
      let owner = 2 * index + (detail == .raw ? 1 : 0)
      drawSamples(columns, owner: owner, stroke: stroke, on: &grid)
    }
    if detail != .raw { drawAverage(columns, owner: 2 * index + 1, stroke: stroke, on: &grid) }
  }

  /// Every sample: a run from the lowest to the highest of each column, joined by lines. A line is
  /// not drawn across a sample that is not finite.
  private func drawSamples(
    _ columns: [SeriesPyramid.Column], owner: Int, stroke: LinePlot.Stroke, on grid: inout DotGrid
  ) {
    var previous: (x: Int, y: Int)?
    for (x, column) in columns.enumerated() {
      let summary = column.summary
      if summary.nonFinite > 0 { previous = nil }
      guard summary.finite > 0 else { continue }
      let start = (x: x, y: dot(summary.first, rows: grid.height))
      if let previous { grid.line(from: previous, to: start, owner: owner, stroke: stroke.shows) }
      let top = dot(summary.maximum, rows: grid.height)
      let bottom = dot(summary.minimum, rows: grid.height)
      if stroke.shows(at: x) || previous == nil {
        grid.run(x: x, from: top, to: bottom, owner: owner)
      }
      previous = (x, dot(summary.last, rows: grid.height))
    }
  }

  private func drawAverage(
    _ columns: [SeriesPyramid.Column], owner: Int, stroke: LinePlot.Stroke, on grid: inout DotGrid
  ) {
    var previous: (x: Int, y: Int)?
    for (x, column) in columns.enumerated() {
      guard let value = column.smoothed else { continue }
      let place = (x: x, y: dot(value, rows: grid.height))
      grid.line(from: previous ?? place, to: place, owner: owner) {
        stroke.shows(at: $0) || previous == nil
      }
      previous = place
    }
  }

  private func dot(_ value: Double, rows: Int) -> Int {
    Int(((1 - axes.y.fraction(value)) * Double(rows - 1)).rounded())
  }

  private func collectMarkers(
    _ columns: [SeriesPyramid.Column], dotsPerColumn: Int
  ) -> [Int: Markers] {
    var found: [Int: Markers] = [:]
    let fitted = plot.yRange == nil && !plot.isRobust
    for (dot, column) in columns.enumerated() where column.summary.count > 0 {
      var markers = Markers()
      markers.add(column.summary, y: axes.y, fitted: fitted)
      guard
        markers.nan || markers.infinite || markers.negativeInfinite || markers.above
          || markers.below
      else { continue }
      found[dot / dotsPerColumn, default: Markers()].add(
        column.summary, y: axes.y, fitted: fitted)
    }
    return found
  }

  private func draw(_ markers: [Int: Markers], style: Style, on canvas: inout Canvas) {
    let top = axes.area.y
    let floor = axes.area.endY - 1
    for (column, marker) in markers {
      let x = axes.area.x + column
      if marker.below { canvas.write("▾", x: x, y: floor, style: style) }
      if marker.negativeInfinite { canvas.write("↓", x: x, y: floor, style: style.reversed) }
      if marker.above { canvas.write("▴", x: x, y: top, style: style) }
      if marker.infinite { canvas.write("↑", x: x, y: top, style: style.reversed) }
      if marker.nan { canvas.write("×", x: x, y: top, style: style.reversed) }
    }
  }
}
