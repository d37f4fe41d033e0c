import Canvas
import Layers
import Training

/// How the signals of one recurrent layer are distributed over the batch: saturated gates and dead
/// units.
struct GatesPane: Widget {
  private let layer: String?
  private let signals: [SignalReport]
  private let isFocused: Bool

  /// The signals of the layer that `state` points at.
  init(_ state: AppState) {
    let layer = state.run.detail?.recurrentLayer(state.train.layer)
    let all = state.run.detail?.signals ?? []
    self.layer = layer
    signals = layer.map { Self.signals(of: $0, in: all) } ?? []
    isFocused = state.train.focus == .gates
  }

  /// The signals of the cell called `layer`: those of one direction where a layer reads both ways.
  private static func signals(of layer: String, in all: [SignalReport]) -> [SignalReport] {
    let isBackward = Lane(of: layer) == .backward && !all.contains { $0.layer == layer }
    let owner = isBackward ? LaneText.base(of: layer) : layer
    let lane = isBackward ? Lane.backward : .forward
    return all.filter { $0.layer == owner && Lane(of: $0.signal) == lane }
  }

  private static let bins = 20
  private static let name = 3

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame(
      StyledText("signals" + (layer.map { "  \($0)" } ?? "")), footer: footer(canvas.palette),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard !signals.isEmpty else {
      canvas.write(
        "no recurrent layer measured yet", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.muted])
      return
    }
    // The heading is the first to go where every row is needed for a signal.
    let hasHeading = inside.height > signals.count
    if hasHeading { heading(on: &canvas, in: inside.row(0)) }
    for (row, signal) in signals.enumerated() {
      draw(signal, on: &canvas, in: inside.row(row + (hasHeading ? 1 : 0)))
    }
  }

  /// The bins that fit beside the name and the shares.
  private func bins(in rect: Rect) -> Int { max(0, min(Self.bins, rect.width - Self.name - 10)) }

  private func heading(on canvas: inout Canvas, in row: Rect) {
    let style = canvas.palette[.muted]
    let x = row.x + Self.name + bins(in: row)
    canvas.clipped(to: row) { canvas in
      canvas.write("lowest … highest", x: row.x + Self.name, y: row.y, style: style)
      canvas.write(" low high", x: x, y: row.y, style: style)
      canvas.write("dead", x: x + 10, y: row.y, style: style)
    }
  }

  private func draw(_ signal: SignalReport, on canvas: inout Canvas, in row: Rect) {
    guard !row.isEmpty else { return }
    let palette = canvas.palette
    let bins = bins(in: row)
    let x = row.x + Self.name + bins
    canvas.clipped(to: row) { canvas in
      canvas.write(
        LaneText.base(of: signal.signal), x: row.x, y: row.y, limit: Self.name - 1, ellipsis: true)
      Sparkline(signal.histogram.map { $0 == 0 ? nil : $0 }).draw(
        on: &canvas, in: Rect(x: row.x + Self.name, y: row.y, width: bins, height: 1))
      share(signal.low, x: x, y: row.y, on: &canvas)
      share(signal.high, x: x + 5, y: row.y, on: &canvas)
      if !signal.deadUnits.isEmpty {
        canvas.write(
          "×\(signal.deadUnits.count)", x: x + 10, y: row.y, style: palette[.warning])
      }
    }
  }

  /// Half of a signal's values at one end is worth a look.
  private func share(_ share: Double, x: Int, y: Int, on canvas: inout Canvas) {
    let text = NumberText.percent(share)
    let style = canvas.palette[share > 0.5 ? .warning : .text]
    canvas.write(
      StyledText(text), in: Rect(x: x, y: y, width: 4, height: 1), align: .right, style: style)
  }

  private func footer(_ palette: Palette) -> StyledText {
    guard let worst = signals.max(by: { $0.deadUnits.count < $1.deadUnits.count }) else {
      return StyledText()
    }
    guard !worst.deadUnits.isEmpty else { return StyledText("no dead units", palette[.good]) }
    let units = worst.deadUnits.prefix(12).map(String.init).joined(separator: " ")
    return StyledText("dead in \(LaneText.base(of: worst.signal)): \(units)", palette[.warning])
  }
}
