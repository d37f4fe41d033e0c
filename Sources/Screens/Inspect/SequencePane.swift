import Canvas
import Inspection

/// The sequence as text in the colours of one unit, what was predicted of it, and the cursor.
struct SequencePane: Widget {
  private let recording: SequenceRecording
  private let state: InspectScreen.State
  private let runStep: Int
  /// The steps of a window of training, and of the pieces that it is cut into; 0: of none.
  private let window: Int, piece: Int
  /// Whether windows go on one after another, as those of a text do, and whether the state does, too.
  private let isStream: Bool, carriesState: Bool
  private let isFramed: Bool

  /// The recording that `state` looks at.
  init(_ state: AppState, _ recording: SequenceRecording, isFramed: Bool) {
    self.recording = recording
    self.state = state.inspect
    runStep = state.run.step
    window = max(1, state.session.batchTime ?? recording.length)
    piece = state.session.document.training.tbpttSteps
    isStream = state.session.isText
    carriesState = state.session.document.training.carriesState
    self.isFramed = isFramed
  }

  /// Most columns of one step; a longer text ends in an ellipsis.
  private static let widestStep = 9
  /// Alternatives that are listed beside the cursor.
  private static let alternatives = 3

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let title = "t \(state.t)/\(recording.length - 1)  \(recording.example.title)"
    let weights = RecordingNote(recording, runStep: runStep, state.comparison).text(palette)
    var body = rect
    if isFramed {
      Frame(StyledText(title), note: weights).draw(on: &canvas, in: rect)
      body = Frame.content(of: rect)
    } else {
      let row = rect.row(0).inset(left: 1, right: 1)
      canvas.write(weights, in: row, align: .right)
      canvas.write(
        StyledText(title, palette[.title]), in: row.inset(right: weights.width + 2))
      body = rect.inset(top: 1)
    }
    drawSteps(on: &canvas, in: body)
    canvas.write(information(palette), in: body.row(cursorRow + 1).inset(left: 1, right: 1))
  }

  // MARK: The steps

  /// Columns of one step, a gap included where steps are longer than a character.
  private var stepWidth: Int {
    let texts = recording.example.steps.lazy.map { DisplayWidth.of($0) }.max() ?? 1
    let widest = max(texts, recording.hasTags ? recording.tagWidth : 1)
    return widest <= 1 ? 1 : min(widest, Self.widestStep) + 1
  }

  private func drawSteps(on canvas: inout Canvas, in rect: Rect) {
    let names =
      [state.view.map { "\($0.name)[\(state.unit)]" } ?? ""] + outcomeNames
      + (state.marksChanges ? ["changed"] : []) + [hasBorders ? "cut" : ""]
    let gutter = (names.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let width = stepWidth
    let room = max(0, (rect.width - gutter - 1) / width)
    // The cursor stays in the middle, so that past and future are both seen.
    let window = ScrollWindow(
      total: recording.length, visible: room, offset: state.t - room / 2, cursor: state.t)
    let muted = canvas.palette[.muted]
    canvas.clipped(to: rect) { canvas in
      for (row, name) in names.enumerated() {
        canvas.write(name, x: rect.x + 1, y: rect.y + 1 + row, style: muted)
      }
      for (place, t) in window.range.enumerated() {
        let x = rect.x + gutter + place * width
        let place = Rect(x: x, y: rect.y, width: max(width - 1, 1), height: cursorRow + 1)
        draw(t, on: &canvas, in: place)
      }
    }
  }

  /// The row below the steps that has the cursor and the borders.
  private var cursorRow: Int { outcomeNames.count + (state.marksChanges ? 3 : 2) }

  /// What training does between a step and the one before it.
  private enum Border {
    /// No gradient goes back, but the state goes on.
    case cut
    /// The state starts anew.
    case anew
  }

  /// What training does before step `t`; nil where it goes on as everywhere.
  private func border(before t: Int) -> Border? {
    guard t > 0 else { return nil }
    if recording.example.begins.contains(t) { return .anew }
    if isStream, t % window == 0 { return carriesState ? .cut : .anew }
    return cuts && t % window % piece == 0 ? .cut : nil
  }

  /// Whether training cuts windows into pieces.
  private var cuts: Bool { piece > 0 && piece < min(window, recording.length) }

  /// Whether there are borders that the row of the cursor marks.
  private var hasBorders: Bool {
    cuts || isStream && window < recording.length || !recording.example.begins.isEmpty
  }

  /// The names of the rows that compare predictions with what was to be predicted.
  private var outcomeNames: [String] {
    guard recording.target.isPerStep, !recording.outcomes.isEmpty else { return [""] }
    return recording.hasTags ? ["wanted", "said"] : ["right"]
  }

  /// One step, downwards: its text, the unit's value, whether the prediction was right, the cursor.
  private func draw(_ t: Int, on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let style = shade(of: t, palette)
    canvas.fill(rect.row(0), style: style)
    canvas.write(text(of: t), x: rect.x, y: rect.y, style: style, limit: rect.width, ellipsis: true)
    if let view = state.view, let value = view.value(t, state.unit) {
      canvas.write(
        view.scale.code(value), x: rect.x, y: rect.y + 1, style: view.scale.codeStyle(value))
    }
    if recording.hasTags {
      drawTags(t, on: &canvas, in: rect)
    } else if recording.target.isPerStep, let isRight = recording.outcome(at: t)?.isRight {
      canvas.write(
        isRight ? "·" : "×", x: rect.x, y: rect.y + 2, style: palette[isRight ? .muted : .error])
    }
    if state.marksChanges, state.comparison?.isChanged(at: t) == true {
      canvas.write("*", x: rect.x, y: rect.y + cursorRow - 1, style: palette[.warning])
    }
    if let border = border(before: t) {
      canvas.write(
        border == .cut ? "│" : "┊", x: rect.x, y: rect.y + cursorRow, style: palette[.warning])
    }
    guard t == state.t else { return }
    canvas.overlay(palette[.cursor], in: rect.inset(bottom: 1))
    canvas.write("▲", x: rect.x, y: rect.y + cursorRow, style: palette[.keyHint])
  }

  /// The tag that was wanted of a step and below it the one that was said: a dot where they are the same,
  /// so that what is wrong is seen without colours.
  private func drawTags(_ t: Int, on canvas: inout Canvas, in rect: Rect) {
    guard let outcome = recording.outcome(at: t) else { return }
    let palette = canvas.palette
    func write(_ tag: String, row: Int, _ style: Style) {
      let text = DisplayWidth.of(tag) <= rect.width ? tag : String(tag.prefix(rect.width))
      canvas.write(text, x: rect.x, y: rect.y + row, style: style, limit: rect.width)
    }
    if let wanted = recording.targetLabel(at: t) { write(wanted, row: 2, palette[.text]) }
    guard let said = outcome.predicted.map({ recording.target.labels[$0] }) else {
      return write("×", row: 3, palette[.error])
    }
    switch outcome.isRight {
    case true: write("·", row: 3, palette[.muted])
    case false: write(said, row: 3, palette[.error])
    case nil: write(said, row: 3, palette[.text])
    }
  }

  private func text(of t: Int) -> String {
    recording.example.steps.indices.contains(t) ? recording.example.steps[t] : "?"
  }

  private func shade(of t: Int, _ palette: Palette) -> Style {
    guard let view = state.view, let value = view.value(t, state.unit) else { return .plain }
    guard value.isFinite else { return view.scale.codeStyle(value) }
    guard let color = view.scale.color(value, palette) else { return .plain }
    return Style(foreground: view.scale.contrast(value, palette), background: color)
  }

  // MARK: The step under the cursor

  private func information(_ palette: Palette) -> StyledText {
    let t = state.t
    // The numbers of many features would leave no room for what is said of them.
    var text = StyledText("in '\(self.text(of: t).shortened(to: 24))'", palette[.title])
    switch border(before: t) {
    case .cut: text.append("  cut before it, the state goes on", palette[.warning])
    case .anew: text.append("  the state starts anew here", palette[.warning])
    case nil: break
    }
    if let forecast = recording.forecast(at: t) {
      let words = ForecastText(recording.target)
      text.append(words.line(of: forecast, count: Self.alternatives))
      if let before = state.comparison?.free.forecast(at: t)?.values.first {
        text.append("  unclamped \(words.number(before, 0))", palette[.warning])
      }
      return text
    }
    guard let outcome = recording.outcome(at: t) else { return text }
    if let target = recording.targetLabel(at: t) { text.append("  target '\(target)'") }
    guard let predicted = outcome.predicted else {
      text.append("  × scores are not finite", palette[.error])
      return text
    }
    text.append(
      "  predicted '\(recording.target.labels[predicted])'",
      outcome.isRight == false ? palette[.error] : nil)
    if let comparison = state.comparison, comparison.isChanged(at: t),
      let before = comparison.free.outcome(at: t)?.predicted
    {
      text.append(", unclamped '\(recording.target.labels[before])'", palette[.warning])
    }
    if let target = outcome.target {
      text.append("  p \(NumberText.short(Double(outcome.probabilities[target])))")
    }
    if let loss = outcome.loss { text.append("  loss \(NumberText.short(loss))") }
    text.append("  top", palette[.muted])
    for other in recording.alternatives(at: t, count: Self.alternatives) {
      text.append(" '\(other.label)' \(NumberText.short(Double(other.probability)))")
    }
    return text
  }
}

extension SequenceRecording {
  /// Whether every step has a tag: a class that is not the step to come.
  var hasTags: Bool {
    target.isPerStep && !outcomes.isEmpty && target.metric != .bitsPerCharacter
  }

  /// The fewest first characters that tell tags apart.
  fileprivate var tagWidth: Int {
    let labels = Set(target.labels)
    let longest = labels.map(\.count).max() ?? 1
    return (1...max(longest, 1)).first { width in
      Set(labels.map { $0.prefix(width) }).count == labels.count
    } ?? longest
  }
}
