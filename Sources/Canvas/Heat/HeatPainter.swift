/// Draws a heat map in its layout.
struct HeatPainter {
  let map: HeatMap
  let layout: HeatLayout
  let rect: Rect

  private static let upper = Glyph(safe: "▀", width: 1)
  private static let lower = Glyph(safe: "▄", width: 1)
  private static let padding = Glyph(safe: "░", width: 1)

  /// The row of the cursor in the order of the map.
  private let cursorRow: Int?
  /// The columns of the canvas with the cursor.
  private let cursorColumns: Range<Int>?

  init(map: HeatMap, layout: HeatLayout, in rect: Rect) {
    self.map = map
    self.layout = layout
    self.rect = rect
    cursorRow = map.cursorUnit.flatMap { map.row(ofUnit: $0) }
    cursorColumns = map.cursorStep.flatMap { step in
      guard layout.steps.range.contains(step) else { return nil }
      let first = layout.column(of: step)
      return first..<first + layout.stepWidth
    }
  }

  func draw(on canvas: inout Canvas) {
    let isColored = map.isColored(canvas.capabilities)
    for y in 0..<layout.area.height {
      drawLabel(row: y, on: &canvas)
      for x in 0..<layout.area.width {
        let isAtColumn =
          map.seen == nil && cursorColumns?.contains(layout.area.x + x) == true
        if layout.unitsPerRow == 2 {
          drawPair(x: x, y: y, isAtColumn: isAtColumn, on: &canvas)
        } else {
          drawValue(x: x, y: y, isAtColumn: isAtColumn, isColored: isColored, on: &canvas)
        }
      }
    }
    if let axis = layout.axis { drawAxis(in: axis, on: &canvas) }
    if let legend = layout.legend {
      canvas.write(legendText(canvas.palette), in: legend)
    }
  }

  private func drawLabel(row y: Int, on canvas: inout Canvas) {
    let first = layout.rows.start + y * layout.unitsPerRow
    let atCursor = cursorRow.map { $0 >= first && $0 < first + layout.unitsPerRow } ?? false
    let row = atCursor ? cursorRow ?? first : first
    guard row < map.units else { return }
    let place = layout.gutter.row(y).inset(left: 1, right: 1)
    let label = map.label(ofUnit: map.unit(atRow: row))
    let palette = canvas.palette
    canvas.write(StyledText(label), in: place, align: .right, style: palette[.text])
    guard atCursor, !place.isEmpty else { return }
    canvas.write(">", x: layout.gutter.x, y: place.y)
    canvas.overlay(palette[.cursor], in: layout.gutter.row(y).inset(right: 1))
  }

  /// Whether what stands at a place is among what the map is about.
  private func isSeen(row: Int, x: Int) -> Bool {
    guard map.seen != nil, row < map.units else { return true }
    return map.isSeen(
      unit: map.unit(atRow: row), step: layout.step(inColumn: x), count: layout.stepsPerColumn)
  }

  private func color(_ value: Double, row: Int, x: Int, _ palette: Palette) -> UInt8? {
    isSeen(row: row, x: x) ? map.scale.color(value, palette) : map.scale.grey(value, palette)
  }

  private func value(row: Int, x: Int) -> Double? {
    guard row < map.units else { return nil }
    return map.value(
      unit: map.unit(atRow: row), step: layout.step(inColumn: x), count: layout.stepsPerColumn)
  }

  private func drawValue(
    x: Int, y: Int, isAtColumn: Bool, isColored: Bool, on canvas: inout Canvas
  ) {
    let row = layout.rows.start + y
    let atCursor = isAtColumn || row == cursorRow
    let place = (x: layout.area.x + x, y: layout.area.y + y)
    guard let value = value(row: row, x: x) else {
      let style = canvas.palette[.muted].overlaid(with: Style(reverse: atCursor))
      return canvas.put(Self.padding, x: place.x, y: place.y, style: style)
    }
    var style = map.scale.codeStyle(value)
    var text = map.scale.code(value)
    if isColored, let color = color(value, row: row, x: x, canvas.palette) {
      if atCursor {
        style.foreground = color
        style.background = map.scale.contrast(value, canvas.palette)
      } else {
        text = " "
        style = Style(background: color)
      }
    }
    if atCursor { style.reverse = true }
    if !isColored, map.seen != nil {
      style = isSeen(row: row, x: x) ? style.reversed : canvas.palette[.muted]
    }
    canvas.write(text, x: place.x, y: place.y, style: style)
  }

  /// Two units in one cell; reverse video would exchange them, so that only the cell where the
  /// cursor's row and column meet is drawn as a character.
  private func drawPair(x: Int, y: Int, isAtColumn: Bool, on canvas: inout Canvas) {
    let row = layout.rows.start + 2 * y
    let place = (x: layout.area.x + x, y: layout.area.y + y)
    let values = (value(row: row, x: x), value(row: row + 1, x: x))
    let palette = canvas.palette
    if isAtColumn, let cursorRow, cursorRow / 2 == row / 2,
      let value = cursorRow == row ? values.0 : values.1
    {
      var style = map.scale.codeStyle(value)
      style.foreground = map.scale.color(value, palette)
      style.background = style.foreground.map { _ in map.scale.contrast(value, palette) }
      style.reverse = true
      canvas.write(map.scale.code(value), x: place.x, y: place.y, style: style)
      return
    }
    if let odd = [values.0, values.1].compactMap({ $0 }).first(where: { !$0.isFinite }) {
      canvas.write(
        map.scale.code(odd), x: place.x, y: place.y, style: map.scale.codeStyle(odd))
      return
    }
    let colors = (
      values.0.flatMap { color($0, row: row, x: x, palette) },
      values.1.flatMap { color($0, row: row + 1, x: x, palette) }
    )
    switch colors {
    case (nil, nil): canvas.put(Self.padding, x: place.x, y: place.y, style: palette[.muted])
    case (nil, let lower):
      canvas.put(Self.lower, x: place.x, y: place.y, style: Style(foreground: lower))
    case (let upper, let lower):
      let style = Style(foreground: upper, background: lower)
      canvas.put(Self.upper, x: place.x, y: place.y, style: style)
    }
  }

  private func drawAxis(in axis: Rect, on canvas: inout Canvas) {
    let palette = canvas.palette
    var labels = AxisLabels(from: axis.x, to: axis.endX)
    if let first = cursorColumns?.first {
      labels.reserve("▲", at: first + (layout.stepWidth - 1) / 2)
    }
    let last = layout.steps.range.last ?? layout.steps.start
    let ticks = Ticks.linear(
      LinearScale(Double(layout.steps.start)...Double(last)), most: min(8, axis.width / 8 + 1))
    for tick in ticks where tick.value == tick.value.rounded() {
      let step = Int(tick.value)
      guard layout.steps.range.contains(step) else { continue }
      labels.center(tick.label, at: layout.column(of: step) + (layout.stepWidth - 1) / 2)
    }
    for (column, text, isMark) in labels.placed {
      canvas.write(text, x: column, y: axis.y, style: palette[isMark ? .keyHint : .muted])
    }
  }

  private func legendText(_ palette: Palette) -> StyledText {
    var text = map.scale.legend(palette, isColored: map.isColored(palette.capabilities))
    if layout.stepsPerColumn > 1 {
      text.append("  max |x| of \(layout.stepsPerColumn) \(map.stepsName)", palette[.muted])
    }
    return text
  }
}
