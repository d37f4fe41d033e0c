import Canvas
import Training

/// How often predictions of every tenth of probability came true, beside what was said of them.
struct ReliabilityDiagram: Widget {
  private let calibration: Calibration
  private let step: Int
  private let areFlags: Bool

  /// The diagram of the validation after `step` steps; `areFlags` says that probabilities are those of
  /// being so, and not of the likeliest class.
  init(_ calibration: Calibration, step: Int, areFlags: Bool) {
    self.calibration = calibration
    self.step = step
    self.areFlags = areFlags
  }

  private static let widest = 72

  /// Draws it as a popup in the middle of `rect`.
  func draw(on canvas: inout Canvas, in rect: Rect) {
    let inside = Popup.open(
      Frame(
        StyledText("calibration · validation at step \(step)"), footer: footer(canvas.palette),
        isFocused: true), width: min(Self.widest, rect.width - 4),
      height: min(Calibration.binCount + 1, rect.height - 2), on: &canvas, in: rect
    ).inset(left: 1, right: 1)
    let muted = canvas.palette[.muted]
    canvas.clipped(to: inside) { canvas in
      canvas.write(StyledText(heading, muted), in: inside.row(0))
      canvas.write(StyledText(columns, muted), in: inside.row(0), align: .right)
      Bars(bars, limit: 1).draw(on: &canvas, in: inside.inset(top: 1))
    }
  }

  private var heading: String {
    areFlags ? "p(so)  bar: share that was so, │ said" : "confidence  bar: share right, │ said"
  }

  private var columns: String { Self.row("said", areFlags ? "so" : "right", "count") }

  private static func row(_ said: String, _ share: String, _ count: String) -> String {
    said.padded(to: -5) + share.padded(to: -7) + count.padded(to: -8)
  }

  private var bars: [Bars.Bar] {
    calibration.bins.enumerated().map { index, bin in
      let count =
        bin.weight == bin.weight.rounded() && bin.weight < 1e7
        ? NumberText.count(Int(bin.weight)) : NumberText.short(bin.weight)
      let text = Self.row(
        bin.confidence.map(NumberText.percent) ?? "–", bin.share.map(NumberText.percent) ?? "–",
        bin.weight > 0 ? count : "·")
      return Bars.Bar(
        "\(index * 10)–\(index * 10 + 10)%".padded(to: -7), bin.share, text: text,
        mark: bin.confidence)
    }
  }

  /// The error, and what it means.
  private func footer(_ palette: Palette) -> StyledText {
    guard let error = calibration.error, let said = calibration.confidence,
      let right = calibration.accuracy
    else { return StyledText("nothing counted", palette[.muted]) }
    var text = StyledText("ECE \(NumberText.short(error * 100))%  ")
    switch calibration.verdict {
    case .overConfident: text.append("over-confident", palette[.warning])
    case .underConfident: text.append("under-confident", palette[.warning])
    case .balanced:
      text.append(error < 0.05 ? "well calibrated" : "balanced on the whole", palette[.good])
    }
    text.append(": says \(NumberText.percent(said)), right \(NumberText.percent(right))")
    if calibration.unknown > 0 {
      text.append("  × \(NumberText.short(calibration.unknown)) not finite", palette[.error])
    }
    return text
  }
}
