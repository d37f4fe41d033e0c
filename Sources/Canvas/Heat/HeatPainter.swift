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
  /// The column of the canvas with the cursor.
  private let cursorColumn: Int?

  init(map: HeatMap, layout: HeatLayout, in rect: Rect) {
    self.map = map
    self.layout = layout
    self.rect = rect
    cursorRow = map.cursorUnit.flatMap { map.row(ofUnit: $0) }
    cursorColumn = map.cursorStep.flatMap { step in
      guard layout.steps.range.contains(step) else { return nil }
      return layout.area.x + (step - layout.steps.start) / layout.stepsPerColumn
    }
  }

  func draw(on canvas: inout Canvas) {
    let isColored = map.isColored(canvas.capabilities)
    for y in 0..<layout.area.height {
      drawLabel(row: y, on: &canvas)
      for x in 0..<layout.area.width {
        let isAtColumn = layout.area.x + x == cursorColumn
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

  private func value(row: Int, x: Int) -> Double? {
    guard row < map.units else { return nil }
    return map.value(
      unit: map.unit(atRow: row), step: layout.steps.start + x * layout.stepsPerColumn,
      count: layout.stepsPerColumn)
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
    if isColored, let color = map.scale.color(value, canvas.palette) {
      if atCursor {
        style.foreground = color
        style.background = map.scale.contrast(value, canvas.palette)
      } else {
        text = " "
        style = Style(background: color)
      }
    }
    if atCursor { style.reverse = true }
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
      values.0.flatMap { map.scale.color($0, palette) },
      values.1.flatMap { map.scale.color($0, palette) }
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
    if let cursorColumn { labels.reserve("▲", at: cursorColumn) }
    let last = layout.steps.range.last ?? layout.steps.start
    let ticks = Ticks.linear(
      LinearScale(Double(layout.steps.start)...Double(last)), most: min(8, axis.width / 8 + 1))
    for tick in ticks where tick.value == tick.value.rounded() {
      let step = Int(tick.value)
      guard layout.steps.range.contains(step) else { continue }
      let column = layout.area.x + (step - layout.steps.start) / layout.stepsPerColumn
      labels.center(tick.label, at: column)
    }
    for (column, text, isMark) in labels.placed {
      canvas.write(text, x: column, y: axis.y, style: palette[isMark ? .keyHint : .muted])
    }
  }

  private func legendText(_ palette: Palette) -> StyledText {
    let scale = map.scale
    let ends =
      scale.kind == .gate
      ? ("0", "1") : ("-" + NumberText.short(scale.limit), "+" + NumberText.short(scale.limit))
    var text = StyledText(ends.0 + " ", palette[.muted])
    if map.isColored(palette.capabilities) {
      let ramp = scale.kind == .gate ? palette.gateRamp : palette.signedRamp
      for color in ramp { text.append(" ", Style(background: color)) }
    } else {
      text.append(scale.kind == .gate ? "0..9" : "i..a · 1..9")
    }
    text.append(" " + ends.1, palette[.muted])
    if scale.isClipped { text.append("  ±3σ", palette[.muted]) }
    if layout.stepsPerColumn > 1 {
      text.append("  max |x| of \(layout.stepsPerColumn) \(map.stepsName)", palette[.muted])
    }
    return text
  }
}
