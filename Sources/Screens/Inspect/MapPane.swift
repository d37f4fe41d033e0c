import Canvas
import Inspection
import Layers

/// One signal of one layer: units by time steps.
struct MapPane: Widget {
  private let state: InspectScreen.State

  /// The signal that `state` shows.
  init(_ state: InspectScreen.State) { self.state = state }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let inside = Frame.content(of: rect)
    guard let view = state.view else {
      Frame("signals", isFocused: state.focus == .map).draw(on: &canvas, in: rect)
      canvas.write(
        "This model has no recurrent layer to look into.", in: inside.row((inside.height - 1) / 2),
        align: .center, style: canvas.palette[.muted])
      return
    }
    let note = note(view, canvas.palette)
    let lanes = lanes(of: view, in: inside)
    let name = StyledText(
      "\(view.layer).\(lanes.map(\.name).joined(separator: " ")) "
        + (lanes.first ?? view).signal.meaning)
    let axes = StyledText(", unit × time")
    // What the axes are is the first thing that one can do without.
    let hasAxes = name.width + axes.width + note.width + 7 <= rect.width
    Frame(
      hasAxes ? name + axes : name, note: note,
      footer: sources(view, canvas.palette), isFocused: state.focus == .map
    ).draw(on: &canvas, in: rect)
    let rooms = inside.rows(lanes.map { _ in .flexible(minimum: 1, weight: 1) })
    for (lane, room) in zip(lanes, rooms) {
      guard var room else { continue }
      if lanes.count > 1 {
        canvas.write(
          StyledText("\(lane.name)  \(lane.extent)", canvas.palette[.muted]), in: room.row(0))
        room = room.inset(top: 1)
      }
      map(of: lane, in: room).draw(on: &canvas, in: room)
    }
  }

  /// Rows from which on both ways of reading have room for their units.
  private static let rowsForLanes = 10

  /// What is shown, one below the other: both cells of a layer that reads both ways, if they have room.
  private func lanes(of view: SignalView, in rect: Rect) -> [SignalView] {
    guard let twin = state.twin, rect.height >= Self.rowsForLanes else { return [view] }
    return Lane(of: view.signal.name) == .forward ? [view, twin] : [twin, view]
  }

  /// How values become colours and how units are sorted; a badge where the past is not all there is.
  private func note(_ view: SignalView, _ palette: Palette) -> StyledText {
    let badge = StyledText(view.seesLaterSteps ? "not causal  " : "", palette[.warning])
    return badge + StyledText("\(view.extent)  by \(state.sorting.rawValue)", palette[.muted])
  }

  /// Rows from which on one of them is better spent on a legend than on a unit.
  private static let rowsForLegend = 10

  private func map(of view: SignalView, in rect: Rect) -> HeatMap {
    var map = HeatMap(
      view.byUnit, units: view.matrix.units, steps: view.matrix.steps, scale: view.scale)
    map.order = view.order
    map.cursorUnit = state.unit
    map.cursorStep = state.t
    map.stepsPerColumn = state.isOverview ? nil : 1
    // The cursor stays in the middle, so that what is around it is seen on every side.
    map.stepOffset = max(0, state.t - rect.width / 2)
    map.rowOffset = max(0, (view.order.firstIndex(of: state.unit) ?? 0) - rect.height / 2)
    map.showsLegend = rect.height >= Self.rowsForLegend
    return map
  }

  /// The layer's signals, the one that is shown in brackets; then the layers.
  private func sources(_ view: SignalView, _ palette: Palette) -> StyledText {
    let signals = state.recording?.signals(of: view.layer).map(\.signal.name) ?? []
    let layers = state.recording?.layers ?? []
    let text = Self.choice(
      of: signals.map { LaneText.name($0, among: signals) }, chosen: view.name, palette)
    guard layers.count > 1 else { return text }
    return text + "  of " + Self.choice(of: layers, chosen: view.layer, palette)
  }

  static func choice(
    of names: [String], chosen: String, _ palette: Palette
  ) -> StyledText {
    var text = StyledText()
    for name in names {
      let isChosen = name == chosen
      text.append(isChosen ? "[\(name)]" : " \(name) ", isChosen ? palette[.focus] : nil)
    }
    return text
  }
}
