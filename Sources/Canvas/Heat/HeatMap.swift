/// Units by time steps, each value a colour or a character.
///
/// Where every unit has a row of its own, a column and a row in reverse video are the cursor. Where
/// there are more units than rows, a cell holds two units as `▀`, the upper one in the foreground.
/// Without colours and in ASCII, values are the characters of `HeatScale.code(_:)`.
public struct HeatMap: Widget {
  /// The values, unit by unit: index `unit * steps + step`.
  public var values: [Float]
  /// The number of units.
  public var units: Int
  /// The number of time steps.
  public var steps: Int
  /// How values become colours.
  public var scale: HeatScale
  /// The number of steps that are data; later ones are padding and drawn as `░`.
  public var validSteps: Int
  /// The units from top to bottom; `nil` is their own order.
  public var order: [Int]?
  /// Which values the map is about, in the order of the values: the others are grey, or these are in
  /// reverse video, and the cursor marks the time axis only; `nil` is all of them.
  public var seen: [Bool]?
  /// What stands before the row of each unit; `nil` is its number.
  public var labels: [String]?
  /// The unit of the cursor.
  public var cursorUnit: Int?
  /// The time step of the cursor.
  public var cursorStep: Int?
  /// Time steps in one column; `nil` shows the whole sequence.
  public var stepsPerColumn: Int?
  /// The most columns of one step, for short sequences.
  public var widestStep = 1
  /// The row that should be the first on screen, as far as the cursor allows.
  public var rowOffset = 0
  /// The step that should be the first on screen, as far as the cursor allows.
  public var stepOffset = 0
  /// What the legend calls the steps, should a column hold several.
  public var stepsName = "steps"
  /// Whether characters are drawn even where there are colours.
  public var usesCharacters = false
  /// Whether a row tells what the colours mean.
  public var showsLegend = true

  /// A map of `values`, unit by unit; values that are missing are drawn as padding.
  public init(_ values: [Float], units: Int, steps: Int, scale: HeatScale) {
    self.values = values
    self.units = min(max(0, units), Rect.limit)
    self.steps = min(max(0, steps), Rect.limit)
    self.scale = scale
    validSteps = self.steps
  }

  /// Draws labels, values, time axis and legend; the latter two where there is room.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    canvas.clipped(to: rect) { canvas in
      guard units > 0 && steps > 0 else {
        let middle = rect.row((rect.height - 1) / 2)
        canvas.write("no recording", in: middle, align: .center, style: canvas.palette[.muted])
        return
      }
      HeatPainter(map: self, layout: layout(in: rect, canvas.capabilities), in: rect).draw(
        on: &canvas)
    }
  }

  /// The unit and step under column `x`, row `y` when drawn in `rect`; `nil` beside the map.
  public func place(
    x: Int, y: Int, in rect: Rect, _ capabilities: Capabilities
  ) -> (unit: Int, step: Int)? {
    let layout = layout(in: rect, capabilities)
    guard layout.area.contains(x: x, y: y) else { return nil }
    let row = layout.rows.start + (y - layout.area.y) * layout.unitsPerRow
    let step = layout.step(inColumn: x - layout.area.x)
    guard row < units, step < steps else { return nil }
    return (unit(atRow: row), step)
  }

  /// Whether the map is drawn in colours.
  func isColored(_ capabilities: Capabilities) -> Bool {
    capabilities.colors != .mono && capabilities.glyphs != .ascii && !usesCharacters
  }

  func layout(in rect: Rect, _ capabilities: Capabilities) -> HeatLayout {
    HeatLayout(self, in: rect, isColored: isColored(capabilities))
  }

  func unit(atRow row: Int) -> Int {
    guard let order else { return row }
    return order.indices.contains(row) ? order[row] : row
  }

  func row(ofUnit unit: Int) -> Int? {
    guard let order else { return unit }
    return order.firstIndex(of: unit)
  }

  func label(ofUnit unit: Int) -> String {
    guard let labels, labels.indices.contains(unit) else { return String(unit) }
    return labels[unit]
  }

  /// Whether the map is about one of `count` steps from `step` on.
  func isSeen(unit: Int, step: Int, count: Int) -> Bool {
    guard let seen, (0..<units).contains(unit) else { return true }
    return (step..<min(step + count, steps)).contains { step in
      let index = unit * steps + step
      return seen.indices.contains(index) && seen[index]
    }
  }

  /// The value that stands for `count` steps from `step` on; `nil` for padding.
  func value(unit: Int, step: Int, count: Int) -> Double? {
    guard (0..<units).contains(unit) else { return nil }
    let end = min(step + count, steps, validSteps)
    var pooled: Double?
    for step in step..<max(step, end) {
      let index = unit * steps + step
      guard values.indices.contains(index) else { break }
      let value = Double(values[index])
      pooled = pooled.map { HeatScale.pooled($0, value) } ?? value
    }
    return pooled
  }
}
