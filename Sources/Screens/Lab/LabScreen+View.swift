import Canvas
import Experiments

extension LabScreen {
  /// Draws the claims, and beside them what the chosen one's test found.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    let names = ExperimentRegistry.all.map { DisplayWidth.of($0.name) }.max() ?? 0
    let width = min(names + 7, rect.width / 2)
    let left = Rect(x: rect.x, y: rect.y, width: width, height: rect.height)
    let right = rect.inset(left: width)
    let isFocused = state.popups.isEmpty
    Frame("claims", footer: StyledText(count(state)), isFocused: isFocused)
      .draw(on: &canvas, in: left)
    list(state, canvas.palette).draw(on: &canvas, in: Frame.content(of: left))
    Frame(
      StyledText(state.lab.chosen.name),
      note: StyledText("next with seed \(state.lab.seed)", canvas.palette[.muted]), isFocused: false
    ).draw(on: &canvas, in: right)
    let inside = Frame.content(of: right).inset(left: 1, right: 1)
    let lines = findings(state, width: inside.width, canvas.palette)
    List(lines, offset: state.lab.scroll).draw(on: &canvas, in: inside)
  }

  /// How many claims were tried, and how many of these hold.
  private static func count(_ state: AppState) -> String {
    let tried = state.lab.reports.count
    return tried == 0
      ? "\(ExperimentRegistry.all.count) to try"
      : "\(state.lab.reports.values.count(where: \.passed)) of \(tried) hold"
  }

  /// Puts the cursor on the claim under column `x`, row `y`.
  static func click(x: Int, y: Int, _ state: inout AppState, in rect: Rect) {
    let inside = Frame.content(of: rect)
    guard let index = list(state, Palette(.plain)).item(y: y, in: inside), x < rect.width / 2 else {
      return
    }
    state.lab.cursor = index
    state.lab.scroll = 0
  }

  private static func list(_ state: AppState, _ palette: Palette) -> List {
    List(
      ExperimentRegistry.all.map { experiment in
        let mark = mark(of: experiment.name, state, palette)
        return mark + StyledText(" " + experiment.name)
      }, selected: state.lab.cursor)
  }

  /// One column: whether a claim was shown, failed, is under way, or was not tried yet.
  private static func mark(of name: String, _ state: AppState, _ palette: Palette) -> StyledText {
    if state.lab.running == name { return StyledText("●", palette[.keyHint]) }
    if state.lab.failures[name] != nil { return StyledText("!", palette[.error]) }
    guard let report = state.lab.reports[name] else { return " " }
    return report.passed
      ? StyledText("+", palette[.good]) : StyledText("×", palette[.error])
  }

  /// Everything about the chosen claim, top down.
  private static func findings(
    _ state: AppState, width: Int, _ palette: Palette
  ) -> [StyledText] {
    let experiment = state.lab.chosen
    func wrapped(_ text: String, _ style: Style?) -> [StyledText] {
      WordWrap.lines(of: text, width: width).map { StyledText($0, style ?? palette[.text]) }
    }
    var lines = wrapped(experiment.claim, palette[.title])
    lines += wrapped(experiment.source, palette[.muted]) + [""]
    if state.lab.running == experiment.name {
      return lines + [StyledText("under way; x stops", palette[.keyHint])]
        + state.lab.told.suffix(12).map { StyledText($0) }
    }
    if let sentence = state.lab.failures[experiment.name] {
      return lines + wrapped(sentence, palette[.error])
    }
    guard let report = state.lab.reports[experiment.name] else {
      return lines + [StyledText("not tried yet; Enter runs it", palette[.muted])]
    }
    for verdict in report.verdicts {
      lines += wrapped(
        (verdict.holds ? "holds: " : "fails: ") + verdict.text,
        palette[verdict.holds ? .good : .error])
    }
    lines.append("")
    lines += measurements(report, palette)
    for table in report.tables { lines += [""] + rows(table, palette) }
    for map in report.maps { lines += [""] + rows(map, width: width, palette) }
    for note in report.notes { lines += wrapped("note: " + note, palette[.muted]) }
    return lines + [
      "",
      StyledText(
        "seed \(report.seed), \(NumberText.duration(report.seconds))", palette[.muted]),
    ]
  }

  private static func measurements(
    _ report: ExperimentReport, _ palette: Palette
  ) -> [StyledText] {
    report.measurements.map { measurement in
      var line = StyledText(NumberText.fixed(measurement.value, width: 8) + "  ")
      line.append(measurement.name, measurement.role == .result ? nil : palette[.muted])
      if measurement.role != .result {
        line.append("  " + measurement.role.rawValue, palette[.muted])
      }
      return line
    }
  }

  /// A picture, a character a number or the mean of a few, and what its colours or characters mean.
  private static func rows(
    _ map: ExperimentReport.Map, width: Int, _ palette: Palette
  ) -> [StyledText] {
    let names = map.rows.map { DisplayWidth.of($0.name) }.max() ?? 0
    let longest = map.rows.map(\.values.count).max() ?? 0
    let room = max(1, width - names - 1)
    let share = max(1, (longest + room - 1) / room)
    let scale = HeatScale.signed(fitting: map.rows.flatMap(\.values).map { Float($0) })
    let isColored = palette.capabilities.colors != .mono
    let body = map.rows.map { row in
      var line = StyledText(row.name.padded(to: -names) + " ")
      var last = 0.0
      for begin in stride(from: 0, to: row.values.count, by: share) {
        let some = row.values[begin..<min(begin + share, row.values.count)]
        let value = some.reduce(0, +) / Double(some.count)
        let isBorder = map.axis != nil && begin > 0 && isBelow(last) != isBelow(value)
        last = value
        if isBorder {
          line.append(
            "│",
            scale.color(value, palette).map {
              Style(foreground: scale.contrast(value, palette), background: $0)
            })
        } else if let color = scale.color(value, palette) {
          line.append(" ", Style(background: color))
        } else {
          line.append(scale.code(value), scale.codeStyle(value))
        }
      }
      return line
    }
    let title = map.title + (share > 1 ? ", \(share) in a character" : "")
    var legend = scale.legend(palette, isColored: isColored)
    var axis: [StyledText] = []
    if let ends = map.axis {
      legend.append("  │ 0", palette[.muted])
      let columns = (longest + share - 1) / share
      let gap = max(1, columns - DisplayWidth.of(ends.from) - DisplayWidth.of(ends.to))
      axis = [
        StyledText(
          String(repeating: " ", count: names + 1) + ends.from
            + String(repeating: " ", count: gap) + ends.to, palette[.muted])
      ]
    }
    return WordWrap.lines(of: title, width: width).map { StyledText($0, palette[.muted]) } + body
      + axis + [legend]
  }

  /// Whether `value` is below 0 by more than rounding.
  private static func isBelow(_ value: Double) -> Bool { value < -1e-6 }

  private static func rows(
    _ table: ExperimentReport.Table, _ palette: Palette
  ) -> [StyledText] {
    let names = ([table.title] + table.rows.map(\.name)).map { DisplayWidth.of($0) }.max() ?? 0
    let widths = table.columns.map { max(DisplayWidth.of($0), 8) + 2 }
    let heading = zip(table.columns, widths).map { $0.padded(to: -$1) }.joined()
    return [StyledText(table.title.padded(to: names) + heading, palette[.muted])]
      + table.rows.map { row in
        let cells = zip(row.values, widths).map { value, width in
          (value.map { NumberText.short($0) } ?? "-").padded(to: -width)
        }
        return StyledText(row.name.padded(to: names) + cells.joined())
      }
  }
}
