import Canvas
import Inspection

/// What the normalisations inside a recurrent cell do: variances before and after over the steps, and
/// gate by gate beside the gains.
struct NormPopup: Modal {
  private let norms: [CellNorm]
  private let note: String
  /// The norm that is shown.
  private var index = 0

  /// The norms of `recording`; nil when it has none.
  init?(_ recording: SequenceRecording) {
    guard !recording.norms.isEmpty else { return nil }
    norms = recording.norms
    note = recording.weightsStep.map { "weights of step \($0)" } ?? ""
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("w", "next norm"), .init("h/l", "step"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    switch key {
    case .escape, .enter, .character("q"), .character("N"): return .close
    case .tab, .character("w"), .character("j"), .down: index = (index + 1) % norms.count
    case .backTab, .character("W"), .character("k"), .up:
      index = (index + norms.count - 1) % norms.count
    case .character("l"), .right: state.inspect.moveCursor(to: state.inspect.t + 1)
    case .character("h"), .left: state.inspect.moveCursor(to: state.inspect.t - 1)
    default: break
    }
    return .stay
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let (norm, palette) = (norms[index], canvas.palette)
    let plot = plot(norm, at: state.inspect.t)
    let inside = Popup.open(
      Frame(
        StyledText("\(norm.layer): LN(\(norm.name)) of \(norm.width) numbers"),
        note: plot.readout(palette), footer: plot.legend(palette) + choice(palette),
        isFocused: true), width: layout.body.width - 4, height: layout.body.height - 2,
      on: &canvas, in: layout.body)
    let rows = norm.gates.count + 1
    let top = Rect(
      x: inside.x, y: inside.y, width: inside.width, height: max(0, inside.height - rows - 1))
    plot.draw(on: &canvas, in: top)
    canvas.clipped(to: inside) { canvas in
      draw(norm.gates, on: &canvas, in: inside.inset(top: top.height + 1))
    }
  }

  /// A row for every gate: variances, gains in numbers, and the gains themselves from low to high.
  private func draw(_ gates: [CellNorm.Gate], on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let words = ["", "var", "after", "γ mean", "min", "max"].map { $0.padded(to: -9) }.joined()
    canvas.write(
      StyledText(words + "   γ of every unit, sorted", palette[.muted]), in: rect.row(0))
    let limit = gates.flatMap(\.gains).filter(\.isFinite).map(\.magnitude).max() ?? 1
    for (row, gate) in gates.enumerated() {
      let numbers = [
        gate.before, gate.after, gate.summary.mean, gate.summary.minimum, gate.summary.maximum,
      ].map { NumberText.short($0).padded(to: -9) }.joined()
      let place = rect.row(row + 1)
      canvas.write(StyledText(gate.name.padded(to: -9) + numbers), in: place)
      let strip = place.inset(left: Self.columns)
      Sparkline(
        Self.thinned(gate.gains.filter(\.isFinite).sorted(), to: strip.width).map { Double($0) },
        range: 0...Double(max(limit, .leastNormalMagnitude))
      ).draw(on: &canvas, in: strip)
    }
  }

  /// The columns of the numbers and a gap.
  private static let columns = 57

  /// As many of `values` as there are columns, evenly.
  private static func thinned(_ values: [Float], to width: Int) -> [Float] {
    guard width > 0, values.count > width else { return values }
    return (0..<width).map { values[$0 * values.count / width] }
  }

  private func plot(_ norm: CellNorm, at t: Int) -> LinePlot {
    var plot = LinePlot(
      [("before", norm.before), ("after", norm.after)].enumerated().map { index, series in
        .init(series.0, SeriesPyramid(series.1, smoothing: 0), index: index, rank: -index)
      })
    plot.detail = .raw
    plot.isLogY = true
    plot.cursor = Double(t)
    plot.placeholder = "no steps"
    return plot
  }

  private func choice(_ palette: Palette) -> StyledText {
    let names = norms.map { $0.layer == norms[0].layer ? $0.name : "\($0.layer) \($0.name)" }
    var text = StyledText("  variance over t  ", palette[.muted])
    for (place, name) in names.enumerated() {
      text.append(
        place == index ? "[\(name)]" : " \(name) ", place == index ? palette[.focus] : nil)
    }
    return text + StyledText("  " + note, palette[.muted])
  }
}
