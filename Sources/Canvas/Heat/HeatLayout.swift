/// Where the parts of a heat map stand.
struct HeatLayout {
  /// The cells of the values.
  let area: Rect
  /// The labels left of them.
  let gutter: Rect
  /// The row of the time axis; `nil` if there is no room for it.
  let axis: Rect?
  /// The row of the legend; `nil` if there is no room for it.
  let legend: Rect?
  /// Units in one row: 1 or 2.
  let unitsPerRow: Int
  /// Time steps in one column.
  let stepsPerColumn: Int
  /// Columns of one time step; 1 where a column has several.
  let stepWidth: Int
  /// The rows of units on screen, in the order of the map.
  let rows: ScrollWindow
  /// The time steps on screen.
  let steps: ScrollWindow

  init(_ map: HeatMap, in rect: Rect, isColored: Bool) {
    let hasLegend = map.showsLegend && rect.height >= 4
    let hasAxis = rect.height >= 5
    let height = rect.height - (hasLegend ? 1 : 0) - (hasAxis ? 1 : 0)
    unitsPerRow = isColored && map.units > height ? 2 : 1

    let visible = min(map.units, height * unitsPerRow)
    let cursorRow = map.cursorUnit.flatMap { map.row(ofUnit: $0) }
    let window = ScrollWindow(
      total: map.units, visible: visible, offset: map.rowOffset, cursor: cursorRow)
    // Pairs begin at even rows, or every step down would change all of them.
    let isOdd = unitsPerRow == 2 && window.start % 2 == 1
    let rows =
      isOdd
      ? ScrollWindow(total: map.units + 1, visible: visible, offset: window.start + 1) : window
    self.rows = rows

    let widest = rows.range.map { DisplayWidth.of(map.label(ofUnit: map.unit(atRow: $0))) }.max()
    let labelWidth = min((widest ?? 0) + 2, max(0, rect.width - 8))
    let room = max(1, rect.width - labelWidth)
    let fitting = (map.steps + room - 1) / room
    let stepsPerColumn = min(max(1, map.stepsPerColumn ?? fitting), Rect.limit)
    self.stepsPerColumn = stepsPerColumn
    let allColumns = (map.steps - 1) / stepsPerColumn + 1
    let stepWidth = max(1, min(map.widestStep, room / max(1, allColumns)))
    self.stepWidth = stepWidth
    let columns = ScrollWindow(
      total: allColumns, visible: room / stepWidth, offset: map.stepOffset / stepsPerColumn,
      cursor: map.cursorStep.map { $0 / stepsPerColumn })
    let firstStep = columns.start * stepsPerColumn
    steps = ScrollWindow(
      total: map.steps, visible: min(columns.count * stepsPerColumn, map.steps - firstStep),
      offset: firstStep)

    let shownRows = (rows.count + unitsPerRow - 1) / unitsPerRow
    gutter = Rect(x: rect.x, y: rect.y, width: labelWidth, height: shownRows)
    area = Rect(
      x: rect.x + labelWidth, y: rect.y,
      width: min(columns.count * stepWidth, rect.width - labelWidth),
      height: shownRows)
    axis = hasAxis ? Rect(x: area.x, y: area.endY, width: room, height: 1) : nil
    legend = hasLegend ? rect.row(rect.height - 1) : nil
  }

  /// The first time step in column `column` of the area.
  func step(inColumn column: Int) -> Int { steps.start + column / stepWidth * stepsPerColumn }

  /// The first column of the canvas with time step `step`.
  func column(of step: Int) -> Int {
    area.x + (step - steps.start) / stepsPerColumn * stepWidth
  }
}
