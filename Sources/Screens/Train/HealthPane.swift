import Canvas
import Training

/// Gradient and update size of every layer, and of every matrix where there is room.
struct HealthPane: Widget {
  private let reports: [ParameterReport]
  private let parameterCount: Int
  private let warning: RunRecord.Warning?
  private let radii: [String: SeriesPyramid]
  private let step: Int?
  private let scroll: Int
  private let isFocused: Bool

  init(_ state: AppState) {
    reports = state.run.detail?.parameters ?? []
    parameterCount = state.session.rows.reduce(0) { $0 + $1.parameterCount }
    radii = state.run.spectralRadii
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
      rows += own.map { row("  " + $0.name, WeightHealth([$0]), $0, palette) }
    }
    let moments = Table.Column("|m|/√v 0 … 1", alignment: .right, priority: 0)
    let sizes = Table.Column("g 1e-10…1", priority: 0)
    let radius = Table.Column("ρ over steps", alignment: .right, priority: 0)
    return Table(
      columns: [
        .init("layer", minimum: 8, grows: true, priority: 3),
        .init("|g|", alignment: .right, priority: 1),
        .init("upd:w", alignment: .right, priority: 2), .init("health", priority: 4),
      ] + (hasMoments ? [moments] : []) + (hasSizes ? [sizes] : [])
        + (radii.isEmpty ? [] : [radius]), rows: rows, offset: scroll, isFocused: isFocused)
  }

  /// Whether it is known how large the numbers of gradients are.
  private var hasSizes: Bool { reports.contains { $0.gradientSizes != nil } }

  /// Whether the rule keeps two moments of every number.
  private var hasMoments: Bool { reports.contains { $0.momentRatio != nil } }

  private func row(
    _ name: String, _ health: WeightHealth, _ report: ParameterReport?, _ palette: Palette
  ) -> [StyledText] {
    [
      StyledText(name), StyledText(NumberText.short(health.gradientNorm)),
      StyledText(health.updateRatio.map { NumberText.short($0) } ?? "–"),
      StyledText(health.verdict.text, palette[health.verdict.role]),
    ] + (hasMoments ? [StyledText(report?.momentRatio.map { text($0, palette) } ?? "")] : [])
      + (hasSizes ? [StyledText(report?.gradientSizes.map { text($0, palette) } ?? "")] : [])
      + (radii.isEmpty ? [] : [StyledText(report.flatMap { radius(of: $0, palette) } ?? "")])
  }

  /// How many numbers of a gradient there are of each power of ten.
  private func text(_ sizes: GradientSizes, _ palette: Palette) -> String {
    Sparkline(sizes.shares.map { $0 == 0 ? nil : $0 })
      .text(width: sizes.shares.count, palette.capabilities)
  }

  /// How ρ of recurrent weights went, and what it is now.
  private func radius(of report: ParameterReport, _ palette: Palette) -> String? {
    guard let radius = report.spectralRadius else { return nil }
    let trace = (radii[report.fullName]?.values ?? []).suffix(200)
    return Sparkline(Array(trace)).text(width: 8, palette.capabilities)
      + NumberText.fixed(radius, width: 7)
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
