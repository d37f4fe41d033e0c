import Canvas
import Inspection
import Layers

/// How long units keep what they hold: for every recurrent cell the share of its units that keep up to
/// so many steps; of an IndRNN its weights besides, in the band that they are kept to.
struct TimeScalesPane: Widget {
  private let all: [TimeScales]
  private let chosen: TimeScales?
  private let unit: Int
  private let isFocused: Bool

  /// The unit that `state` points at, among those of `recording`.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    all = recording.timeScales
    chosen = state.view.flatMap { recording.timeScales(of: $0.layer, $0.signal.name) }
    unit = state.unit
    isFocused = state.focus == .timeScales
  }

  /// Where the axis begins: who keeps less forgets within the step.
  private static let shortest = 0.1
  /// Columns from which on there is room for the weights besides.
  private static let widthForWeights = 60

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    Frame(
      "time scales: share of units over steps", note: note,
      footer: footer(palette), isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard let weights, inside.width >= Self.widthForWeights else {
      return plot.draw(on: &canvas, in: inside)
    }
    let half = inside.width / 2
    plot.draw(on: &canvas, in: inside.inset(right: inside.width - half + 1))
    let beside = inside.inset(left: half + 1)
    canvas.write(weights.words, in: beside.row(0), style: palette[.muted])
    weights.plot.draw(on: &canvas, in: beside.inset(top: 1))
  }

  /// The unit under the cursor.
  private var note: StyledText {
    guard let length else { return StyledText() }
    return StyledText("unit \(unit) " + MemoryText.sentence(length))
  }

  private var length: MemoryLength? {
    chosen.flatMap { $0.units.indices.contains(unit) ? $0.units[unit] : nil }
  }

  // MARK: Every cell

  private var plot: LinePlot {
    var plot = LinePlot(
      all.enumerated().map { index, scales in
        .init(label(scales), Self.curve(scales), index: index, rank: scales == chosen ? 1 : 0)
      })
    plot.detail = .raw
    plot.isLogX = true
    plot.yRange = 0...1
    if let steps = length?.steps {
      plot.cursor = max(steps, Self.shortest)
      plot.marks = [.init(x: max(steps, Self.shortest), label: "unit \(unit)")]
    }
    plot.placeholder = all.isEmpty ? "no recurrent layer" : "no unit forgets"
    return plot
  }

  /// The share of all units that keep at most so many steps; those that never forget are the rest.
  private static func curve(_ scales: TimeScales) -> SeriesPyramid {
    var curve = SeriesPyramid(smoothing: 0)
    let steps = scales.units.compactMap(\.steps).sorted()
    for (index, step) in steps.enumerated() {
      curve.append(
        Double(index + 1) / Double(scales.units.count), at: max(step, shortest))
    }
    return curve
  }

  /// The cell in the legend: its layer, with an arrow where there are two.
  private func label(_ scales: TimeScales) -> String {
    let lanes = all.filter { $0.layer == scales.layer }.count
    return scales.layer + (lanes < 2 ? "" : scales.lane == .forward ? "→" : "←")
  }

  /// The cells, and of the chosen one what is shortest, in the middle and longest.
  private func footer(_ palette: Palette) -> StyledText {
    var text = all.count > 1 ? plot.legend(palette) + "  " : StyledText()
    guard let chosen else { return text }
    text.append(label(chosen) + " ", palette[.muted])
    if let median = chosen.median { text.append("median " + MemoryText.number(median)) }
    if let longest = chosen.order.first(where: { chosen.units[$0].steps != nil }) {
      text.append("  longest \(MemoryText.number(chosen.units[longest])) (unit \(longest))")
    }
    for (word, count) in [
      ("endless", count { $0 == .endless }),
      ("growing", count { if case .growing = $0 { true } else { false } }),
      ("unknown", count { $0 == .unknown }),
    ] where count > 0 {
      text.append("  \(count) \(word)", word == "growing" ? palette[.warning] : nil)
    }
    text.append("  " + MemoryText.source(chosen), palette[.muted])
    return text
  }

  private func count(where isSo: (MemoryLength) -> Bool) -> Int {
    chosen?.units.count(where: isSo) ?? 0
  }

  // MARK: The weights of an IndRNN

  /// The sorted weights of the chosen cell between the bounds of the band, and the words above them.
  private var weights: (plot: LinePlot, words: StyledText)? {
    guard case .weights(let weights, let bound)? = chosen?.source else { return nil }
    let order = weights.indices.sorted { weights[$0] < weights[$1] }
    let sorted = order.map { Double(weights[$0]) }
    var plot = LinePlot([.init("u", SeriesPyramid(sorted, smoothing: 0), index: 0)])
    plot.detail = .raw
    plot.levels = [-bound, bound]
    // The band is seen on both sides only where there are weights of both signs.
    let finite = sorted.filter(\.isFinite)
    let lowest = min(finite.min() ?? 0, 0)
    plot.yRange = (lowest < 0 ? min(lowest, -bound) : 0)...max(finite.max() ?? 0, bound)
    plot.cursor = order.firstIndex(of: unit).map(Double.init)
    let edge = weights.count { Double(abs($0)) >= bound * (1 - 1e-6) }
    // Bounds are so near 1 that three digits would not tell them from it.
    let digits = (bound * 1e4).rounded() / 1e4
    let words =
      "u sorted, band |u| ≤ \(digits)"
      + (edge > 0 ? ", \(edge) at its edge" : "")
    return (plot, StyledText(words))
  }
}
