/// Rows and columns under a heading; scrolls, and drops the least important columns to fit.
public struct Table: Widget {
  /// One column.
  public struct Column: Equatable, Sendable {
    /// The heading.
    public var title: String
    /// Where the cells stand.
    public var alignment: Alignment
    /// Fewest columns of the terminal it can do with; `nil` takes what its cells need.
    public var minimum: Int?
    /// Whether it takes room that is left over.
    public var grows: Bool
    /// The column with the lowest priority is dropped first.
    public var priority: Int

    /// Describes a column.
    public init(
      _ title: String, alignment: Alignment = .left, minimum: Int? = nil, grows: Bool = false,
      priority: Int = 0
    ) {
      self.title = title
      self.alignment = alignment
      self.minimum = minimum
      self.grows = grows
      self.priority = priority
    }
  }

  /// The columns from left to right.
  public var columns: [Column]
  /// The cells, row by row; a row may be shorter than the columns.
  public var rows: [[StyledText]]
  /// The index of the chosen row, if there is one.
  public var selected: Int?
  /// The row that should be the first on screen, as far as the chosen one allows.
  public var offset: Int
  /// Whether the keys go to this table.
  public var isFocused: Bool
  /// Whether the headings are drawn.
  public var showsHeader: Bool

  /// A table.
  public init(
    columns: [Column], rows: [[StyledText]], selected: Int? = nil, offset: Int = 0,
    isFocused: Bool = true, showsHeader: Bool = true
  ) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
    self.offset = offset
    self.isFocused = isFocused
    self.showsHeader = showsHeader
  }

  private static let gap = 2

  /// Draws the rows in sight; the chosen one is marked by `>` and reverse video.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let window = window(in: rect)
    let inner = rect.inset(left: gutter)
    let widths = widths(for: window.range, in: inner.width)
    canvas.clipped(to: rect) { canvas in
      var body = rect
      if showsHeader && rect.height > 0 {
        let titles = columns.map { StyledText($0.title) }
        line(titles, in: inner.row(0), widths: widths, style: palette[.muted], on: &canvas)
        body = rect.inset(top: 1)
      }
      for (row, index) in window.range.enumerated() {
        let place = body.row(row)
        line(
          rows[index], in: place.inset(left: gutter), widths: widths, style: palette[.text],
          on: &canvas)
        guard index == selected else { continue }
        canvas.write(">", x: place.x, y: place.y)
        canvas.overlay(palette[isFocused ? .cursor : .selection], in: place)
      }
    }
  }

  /// The index of the row at row `y` of the canvas when drawn in `rect`.
  public func row(y: Int, in rect: Rect) -> Int? {
    let window = window(in: rect)
    let line = y - rect.y - (showsHeader ? 1 : 0)
    return line >= 0 && line < window.count ? window.start + line : nil
  }

  private var gutter: Int { selected == nil ? 0 : 1 }

  private func window(in rect: Rect) -> ScrollWindow {
    ScrollWindow(
      total: rows.count, visible: rect.height - (showsHeader ? 1 : 0), offset: offset,
      cursor: selected)
  }

  /// The width of every column; `nil` for one that was dropped.
  private func widths(for range: Range<Int>, in room: Int) -> [Int?] {
    let slots = columns.enumerated().map { index, column in
      let needed = range.reduce(showsHeader ? DisplayWidth.of(column.title) : 0) {
        index < rows[$1].count ? max($0, rows[$1][index].width) : $0
      }
      let minimum = min(column.minimum ?? needed, max(needed, 1))
      return Slot.flexible(
        minimum: minimum + Self.gap, maximum: column.grows ? .max : needed + Self.gap,
        weight: column.grows ? 3 : 1, priority: column.priority)
    }
    return Rect.sizes(slots, in: room + Self.gap).map { $0.map { $0 - Self.gap } }
  }

  private func line(
    _ cells: [StyledText], in rect: Rect, widths: [Int?], style: Style, on canvas: inout Canvas
  ) {
    var x = rect.x
    for (index, width) in widths.enumerated() {
      guard let width else { continue }
      if index < cells.count {
        let place = Rect(x: x, y: rect.y, width: width, height: rect.height)
        canvas.write(cells[index], in: place, align: columns[index].alignment, style: style)
      }
      x += width + Self.gap
    }
  }
}
