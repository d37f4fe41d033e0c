import Canvas

/// Settings, one a row: name, value, what it takes, what it means.
struct SettingsList: Widget {
  /// The settings.
  let settings: [Setting]
  /// The setting under the cursor; nil while no form is open.
  let selected: Int?
  /// What is typed in place of its value.
  let draft: TextField?

  /// The columns that names, values and domains take, with the cursor.
  var width: Int { narrowWidth + 2 + domains }

  /// The columns that names and values take, with the cursor.
  var narrowWidth: Int { 1 + names + 2 + values }

  /// The rows that the settings take in `width` columns and at most `height` rows: more than one
  /// each where there is room for their meanings only below them.
  func rows(width: Int, height: Int) -> Int {
    settings.count + meanings(width: width, height: height).reduce(0) { $0 + $1.count }
  }

  /// Whether every setting's meaning is on screen in `rect`.
  func showsMeanings(in rect: Rect) -> Bool {
    isBeside(rect.width) || rows(width: rect.width, height: rect.height) > settings.count
  }

  /// Whether what the settings take is on screen in `width` columns.
  func showsDomains(width: Int) -> Bool { self.width <= width }

  private func isBeside(_ width: Int) -> Bool { self.width + 2 + summaries <= width }

  /// The lines below each setting that say what it means; none where that stands beside it, or
  /// where there is no room for all.
  private func meanings(width: Int, height: Int) -> [[String]] {
    let lines = settings.map { WordWrap.lines(of: $0.summary, width: width - 4) }
    let rows = lines.reduce(settings.count) { $0 + $1.count }
    return isBeside(width) || rows > height ? settings.map { _ in [] } : lines
  }

  private var names: Int { settings.map { DisplayWidth.of($0.name) }.max() ?? 0 }
  private var domains: Int { settings.map { DisplayWidth.of($0.domainText) }.max() ?? 0 }
  private var summaries: Int { settings.map { DisplayWidth.of($0.summary) }.max() ?? 0 }
  private var values: Int {
    min(max(settings.map { DisplayWidth.of($0.value.description) }.max() ?? 0, 8), 24)
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    if settings.isEmpty {
      canvas.write("no settings", x: rect.x + 1, y: rect.y, style: canvas.palette[.muted])
      return
    }
    let meanings = meanings(width: rect.width, height: rect.height)
    let window = MarkedWindow(total: settings.count, visible: rect.height, cursor: selected)
    let muted = canvas.palette[.muted]
    var row = 0
    canvas.clipped(to: rect) { canvas in
      if let above = window.above {
        canvas.write(above, x: rect.x + 1, y: rect.y, style: muted)
        row = 1
      }
      for index in window.range {
        draw(settings[index], isSelected: index == selected, in: rect.row(row), on: &canvas)
        row += 1
        for line in meanings[index] {
          canvas.write(line, x: rect.x + 3, y: rect.y + row, style: muted)
          row += 1
        }
      }
      if let below = window.below {
        canvas.write(below, x: rect.x + 1, y: rect.y + row, style: muted)
      }
    }
  }

  private func draw(
    _ setting: Setting, isSelected: Bool, in line: Rect, on canvas: inout Canvas
  ) {
    let muted = canvas.palette[.muted]
    let value = line.x + 1 + names + 2
    canvas.write(setting.name, x: line.x + 1, y: line.y)
    if !isSelected || draft == nil {
      canvas.write(
        setting.value.description, x: value, y: line.y, limit: values, ellipsis: true)
    }
    let domain = value + values + 2
    if domain + domains <= line.endX {
      canvas.write(setting.domainText, x: domain, y: line.y, style: muted)
      // All meanings or none: the form says the one under its cursor.
      let summary = domain + domains + 2
      if summary + summaries <= line.endX {
        canvas.write(setting.summary, x: summary, y: line.y, style: muted)
      }
    }
    guard isSelected else { return }
    canvas.write(">", x: line.x, y: line.y)
    if let draft {
      draft.draw(
        on: &canvas,
        in: Rect(x: value, y: line.y, width: min(values + 1, line.endX - value), height: 1))
    } else {
      canvas.overlay(canvas.palette[.cursor], in: line)
    }
  }
}
