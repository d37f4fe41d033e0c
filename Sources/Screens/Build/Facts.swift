import Canvas
import Data
import Engine
import Layers
import Training
import Workbench

/// What follows from the settings of a group: shapes, parameters, or what the data are.
struct Facts: Widget {
  /// The session that is shown.
  let session: SessionView
  /// The model, with a value that is being typed.
  let preview: ModelPreview
  /// Which settings.
  let group: SettingGroup
  /// Whether a form is open, so that whatever is wrong is said here.
  let isEdited: Bool

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let lines = lines(width: rect.width, canvas.palette)
    for (row, line) in lines.prefix(rect.height).enumerated() {
      canvas.write(line, x: rect.x, y: rect.y + row, limit: rect.width)
    }
    if let curve, lines.count <= rect.height {
      let row = Rect(
        x: rect.x, y: rect.y + lines.count - 1, width: min(rect.width, Self.curveWidth), height: 1)
      Sparkline(curve.preview(row.width).map(\.factor), range: 0...1).draw(on: &canvas, in: row)
    }
  }

  /// The facts, what is wrong first, in lines of `width` columns.
  func lines(width: Int, _ palette: Palette) -> [StyledText] {
    let wrong = problem.map { "! " + $0 }.map { WordWrap.lines(of: $0, width: width) } ?? []
    let reason = wrong.map { StyledText($0, palette[.error]) }
    let facts: [StyledText] =
      switch group {
      case .data: data(width, palette)
      case .layer(let index): layer(index, palette)
      case .training: training(palette)
      }
    return reason + (reason.isEmpty || facts.isEmpty ? [] : [""]) + facts
  }

  /// How the learning rate goes over the run, if it does not stay; it is drawn on the last line.
  private var curve: LearningRateSchedule? {
    let curve = preview.document.training.curve
    return group == .training && !curve.isConstant ? curve : nil
  }

  private static let curveWidth = 60

  private var problem: String? {
    if isEdited {
      let isTyped = preview.isChanged || preview.refusal != nil
      return isTyped ? preview.problem : session.obstacle
    }
    switch group {
    case .data: return session.input == nil ? session.dataSummary : nil
    case .layer(let index):
      return preview.rows.indices.contains(index) ? preview.rows[index].error?.description : nil
    case .training: return preview.misfit
    }
  }

  private func data(_ width: Int, _ palette: Palette) -> [StyledText] {
    if preview.hasOtherData(than: session) {
      return [StyledText("Enter loads these data.", palette[.muted])]
    }
    guard let target = session.target else { return [] }
    let unit = target.metric.noun
    let predicts = Self.text(of: target)
    let isShort = 9 + DisplayWidth.of(predicts + ", " + unit) <= width
    let names = session.baselines.map { DisplayWidth.of($0.name) }.max() ?? 0
    return WordWrap.lines(of: session.dataSummary, width: width).map { StyledText($0) } + [""]
      + [fact("predicts", isShort ? "\(predicts), \(unit)" : predicts, palette)]
      + (isShort ? [] : [fact("metric", unit, palette)])
      + session.baselines.enumerated().map { index, baseline in
        let text = baseline.name.padded(to: names) + "  " + NumberText.short(baseline.value)
        return fact(index == 0 ? "baseline" : "", text, palette)
      } + padding(palette)
  }

  /// How much of training batches is padding, with buckets and without.
  private func padding(_ palette: Palette) -> [StyledText] {
    session.padding.map { padding in
      let note = "\(NumberText.percent(padding.inBuckets)) with buckets"
      return [fact("padding", NumberText.percent(padding.plain), palette, note: note)]
    } ?? []
  }

  /// What is predicted: `1 of 10 classes`, `temperature a step`.
  private static func text(of target: Target) -> String {
    let often = target.isPerStep ? " a step" : ""
    switch target.kind {
    case .classes(let labels) where target.metric == .bitsPerCharacter:
      return "next of \(labels.count) characters"
    case .classes(let labels): return "1 of \(labels.count) classes" + often
    case .flags(let labels): return "\(labels.count) flags" + often
    case .points(let labels): return "points near those of \(labels.count) classes"
    case .values(let quantities):
      return quantities.count == 1
        ? quantities[0].name + often : "\(quantities.count) values" + often
    }
  }

  private func layer(_ index: Int, _ palette: Palette) -> [StyledText] {
    guard preview.rows.indices.contains(index) else { return [] }
    let row = preview.rows[index]
    let before = session.rows.indices.contains(index) ? session.rows[index] : nil
    var lines: [StyledText] = []
    if let place = preview.document.model.placeInside(of: row.path) {
      lines.append(fact("place", place, palette))
    }
    if let input = row.input { lines.append(fact("in", "\(input)", palette)) }
    if let output = row.output {
      let was = before?.output.flatMap { $0 == output ? nil : "was \($0)" }
      lines.append(fact("out", "\(output)", palette, note: was))
    }
    if row.seesLaterSteps {
      lines.append(fact("causal", "no: a step sees later ones", palette))
    }
    let inside = preview.rows.filter { row.path.contains($0.path) && $0.path != row.path }
    if !inside.isEmpty {
      let count = NumberText.count(inside.reduce(0) { $0 + $1.parameterCount })
      let layers = inside.count == 1 ? "1 layer" : "\(inside.count) layers"
      lines.append(fact("inside", layers, palette))
      lines.append(fact("", "\(count) parameters", palette))
    }
    guard row.output != nil else { return lines }
    if !inside.isEmpty && row.parameters.isEmpty { return lines }
    return lines + [""] + parameters(row, before, palette)
  }

  /// Every parameter with its shape and count, and their sum.
  private func parameters(
    _ row: ModelSpec.Row, _ before: ModelSpec.Row?, _ palette: Palette
  ) -> [StyledText] {
    guard !row.parameters.isEmpty else { return [StyledText("no parameters", palette[.muted])] }
    let shapes = row.parameters.map { "\($0.shape)" }
    let counts = row.parameters.map { NumberText.count($0.shape.count) }
    let total = NumberText.count(row.parameterCount)
    let nameWidth = row.parameters.map { DisplayWidth.of($0.name) }.max() ?? 0
    let shapeWidth = shapes.map { DisplayWidth.of($0) }.max() ?? 0
    let before = before.flatMap { old in
      old.parameterCount == row.parameterCount ? nil : NumberText.count(old.parameterCount)
    }
    let countWidth = ([total, before ?? ""] + counts).map(\.count).max() ?? 0
    var lines = row.parameters.indices.map { index in
      StyledText(
        row.parameters[index].name.padded(to: nameWidth) + "  "
          + shapes[index].padded(to: shapeWidth) + "  " + counts[index].padded(to: -countWidth))
    }
    let start = nameWidth + shapeWidth + 4
    if row.parameters.count > 1 {
      lines.append(StyledText("total".padded(to: start) + total.padded(to: -countWidth)))
    }
    if let before {
      lines.append(
        StyledText("was".padded(to: start) + before.padded(to: -countWidth), palette[.muted]))
    }
    return lines
  }

  private func training(_ palette: Palette) -> [StyledText] {
    var lines: [StyledText] = []
    if let target = preview.target { lines.append(fact("needs", target.outputText, palette)) }
    if let output = preview.output { lines.append(fact("gets", "\(output)", palette)) }
    let frozen = preview.frozenCount
    let note = frozen > 0 ? "\(NumberText.count(frozen)) of them frozen" : nil
    lines.append(
      fact("model", "\(NumberText.count(preview.parameterCount)) parameters", palette, note: note))
    if let memory = preview.memory(session) {
      lines.append(fact("memory", NumberText.withUnit(Double(memory), "B"), palette))
    }
    if let curve { lines += [fact("schedule", "\(curve)", palette), StyledText()] }
    return lines
  }

  private func fact(
    _ name: String, _ text: String, _ palette: Palette, note: String? = nil
  ) -> StyledText {
    var line = StyledText(name.padded(to: 9), palette[.muted])
    line.append(text)
    if let note { line.append("  " + note, palette[.muted]) }
    return line
  }
}
