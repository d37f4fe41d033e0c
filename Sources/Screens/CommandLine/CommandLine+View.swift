import Canvas

extension CommandLine {
  /// Most candidates on screen at a time.
  private static let visible = 8

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let failure = state.message.flatMap { $0.isError ? $0.text : nil } ?? problem
    TypedLine(field: field, problem: failure).draw(on: &canvas, in: layout)
    if failure == nil { drawCandidates(on: &canvas, in: layout.body) }
  }

  /// The candidates in a frame on top of the line, with the form of the command as its title.
  private func drawCandidates(on canvas: inout Canvas, in body: Rect) {
    let count = completion.candidates.count
    guard count > 0 else { return }
    let names = completion.candidates.map { DisplayWidth.of($0.text) }.max() ?? 0
    let details = completion.candidates.map { DisplayWidth.of($0.detail) }.max() ?? 0
    let title = usage
    let width = min(body.width, max(names + details + 6, DisplayWidth.of(title) + 6))
    let height = min(count, Self.visible, body.height - 2) + 2
    let place = Rect(x: body.x, y: body.endY - height, width: width, height: height)
    canvas.fill(place)
    Frame(
      StyledText(title), footer: count > height - 2 ? "\(count) candidates" : "", isFocused: true
    ).draw(on: &canvas, in: place)
    let palette = canvas.palette
    let lines = completion.candidates.map { candidate in
      let padding = String(
        repeating: " ", count: max(0, names - DisplayWidth.of(candidate.text)) + 2)
      return StyledText([
        .init(candidate.text, palette[.keyHint]), .init(padding + candidate.detail),
      ])
    }
    let inside = Frame.content(of: place)
    List(lines, selected: chosen)
      .draw(on: &canvas, in: inside.inset(left: chosen == nil ? 1 : 0, right: 1))
  }

  /// How the command that is being typed is written.
  private var usage: String {
    let verb = completion.head.split(separator: " ").first.map(String.init)
    guard let form = TypedCommand.forms.first(where: { $0.verb == verb }) else {
      return "commands"
    }
    return "\(form.verb) \(form.arguments)"
  }
}
