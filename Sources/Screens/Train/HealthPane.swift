import Canvas
import Training

/// Gradient and update size of every layer, and of every matrix where there is room.
struct HealthPane: Widget {
  private let reports: [ParameterReport]
  private let parameterCount: Int
  private let warning: RunRecord.Warning?
  private let step: Int?
  private let scroll: Int
  private let isFocused: Bool

  init(_ state: AppState) {
    reports = state.run.detail?.parameters ?? []
    parameterCount = state.session.rows.reduce(0) { $0 + $1.parameterCount }
    warning = state.run.warnings.last
    step = state.run.detailStep
    isFocused = state.train.focus == .health
    scroll = isFocused ? state.train.scroll : 0
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame(
      "weights", note: step.map { StyledText("step \($0)") } ?? StyledText(),
      footer: parameterCount > 0
        ? StyledText("\(NumberText.count(parameterCount)) parameters") : StyledText(),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard !reports.isEmpty else {
      canvas.write(
        "no step measured yet", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.muted])
      return
    }
    let advice = adviceLines(in: inside)
    let body = inside.inset(bottom: advice.count)
    table(in: body, canvas.palette).draw(on: &canvas, in: body)
    for (row, line) in advice.enumerated() {
      canvas.write(
        line, x: inside.x, y: body.endY + row, style: canvas.palette[.warning],
        limit: inside.width)
    }
  }

  private func table(in rect: Rect, _ palette: Palette) -> Table {
    var rows: [[StyledText]] = []
    let showsMatrices = isFocused || layers.count + reports.count + 1 <= rect.height
    for layer in layers {
      let own = reports.filter { $0.layer == layer }
      rows.append(row(layer, WeightHealth(own), nil, palette))
      guard showsMatrices else { continue }
      rows += own.map { row("  " + $0.name, WeightHealth([$0]), $0.momentRatio, palette) }
    }
    let moments = Table.Column("|m|/√v 0 … 1", alignment: .right, priority: 0)
    return Table(
      columns: [
        .init("layer", minimum: 8, grows: true, priority: 3),
        .init("|g|", alignment: .right, priority: 1),
        .init("upd:w", alignment: .right, priority: 2), .init("health", priority: 4),
      ] + (hasMoments ? [moments] : []), rows: rows, offset: scroll, isFocused: isFocused)
  }

  /// Whether the rule keeps two moments of every number.
  private var hasMoments: Bool { reports.contains { $0.momentRatio != nil } }

  private func row(
    _ name: String, _ health: WeightHealth, _ moments: MomentRatio?, _ palette: Palette
  ) -> [StyledText] {
    [
      StyledText(name), StyledText(NumberText.short(health.gradientNorm)),
      StyledText(health.updateRatio.map { NumberText.short($0) } ?? "–"),
      StyledText(health.verdict.text, palette[health.verdict.role]),
      StyledText(moments.map { text($0, palette) } ?? ""),
    ]
  }

  /// How far the rule goes: how its steps are distributed, as shares of the learning rate, and the mean.
  private func text(_ moments: MomentRatio, _ palette: Palette) -> String {
    let bars = Sparkline(moments.histogram.map { $0 == 0 ? nil : $0 })
      .text(width: 10, palette.capabilities)
    return bars + NumberText.fixed(moments.mean, width: 9)
  }

  private var layers: [String] {
    reports.reduce(into: []) { if !$0.contains($1.layer) { $0.append($1.layer) } }
  }

  /// The last warning of the run, if the layers leave room for it.
  private func adviceLines(in rect: Rect) -> [String] {
    guard let warning else { return [] }
    let lines = WordWrap.lines(of: "! step \(warning.step): \(warning.text)", width: rect.width)
    return lines.count <= min(4, rect.height - layers.count - 1) ? lines : []
  }
}
