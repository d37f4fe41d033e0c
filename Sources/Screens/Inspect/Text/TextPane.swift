import Canvas
import Formats
import Inspection

/// A text that the network wrote, after the prompt that it goes on from.
struct TextPane: Widget {
  private let state: TextState
  private let runStep: Int

  /// What `state` has, of a run that is at `runStep`.
  init(_ state: TextState, runStep: Int) {
    self.state = state
    self.runStep = runStep
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let age = state.text.map { WeightsAge($0.weightsStep, runStep: runStep).text(palette) }
    Frame("text", note: age ?? "", footer: StyledText(settings, palette[.muted]), isFocused: true)
      .draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect).inset(left: 1, right: 1)
    if let failure = state.failure {
      let lines = WordWrap.lines(of: failure, width: inside.width).prefix(inside.height)
      for (row, line) in lines.enumerated() {
        canvas.write(line, x: inside.x, y: inside.y + row, style: palette[.error])
      }
      return
    }
    guard let text = state.text else {
      canvas.write("writing …", x: inside.x, y: inside.y, style: palette[.muted])
      return
    }
    let parts = [(text.wish.prompt, palette[.title]), (text.text, palette[.text])]
    for (row, line) in Self.lines(parts, width: inside.width).prefix(inside.height).enumerated() {
      canvas.write(line, in: inside.row(row))
    }
  }

  /// How it is written, and what changes that.
  private var settings: String {
    let rule = state.wish.rule
    let likeliest = rule.topK == 0 ? "all" : "\(rule.topK)"
    let nucleus = rule.topP == 1 ? "all" : NumberText.short(rule.topP)
    return "temperature \(NumberText.short(rule.temperature))  top-k \(likeliest)  "
      + "top-p \(nucleus)  seed \(state.wish.seed)"
  }

  /// The parts one after another in lines of `width` columns, broken at line feeds and where a line is
  /// full: spaces are part of what a network writes. What would steer a terminal becomes `\u{FFFD}`.
  static func lines(_ parts: [(text: String, style: Style)], width: Int) -> [StyledText] {
    guard width > 0 else { return [] }
    var lines = [StyledText()]
    var used = 0
    for (text, style) in parts {
      var piece = ""
      func flush() {
        lines[lines.count - 1].append(piece, style)
        piece = ""
      }
      for scalar in text.unicodeScalars {
        let isSafe = SafeText.isSafe(scalar)
        let shown = scalar == "\t" ? " " : isSafe ? String(scalar) : "\u{FFFD}"
        let size = scalar == "\n" ? 0 : DisplayWidth.of(shown)
        if scalar == "\n" || used + size > width {
          flush()
          lines.append(StyledText())
          used = 0
        }
        if scalar != "\n" { piece += shown }
        used += size
      }
      flush()
    }
    return lines
  }
}
