import Canvas

/// One line that is typed in place of the status line: a new name, a number, a file.
struct Prompt: Modal {
  /// The text so far.
  var field: TextField
  /// What Enter does, for the hint bar.
  let verb: String
  /// Whether it closes on Enter, whatever becomes of what that does.
  var closesAtOnce = false
  /// What is wrong with a text; nil when nothing is.
  let problem: @Sendable (String, AppState) -> String?
  /// What every change of the text does at once.
  let changed: @Sendable (String, inout AppState) -> Void
  /// What Esc does.
  let cancelled: @Sendable (inout AppState) -> Void
  /// What Enter does with a text without problems; the prompt stays if an effect of it fails.
  let submit: @Sendable (String, inout AppState) -> [Effect]

  /// A line to type after `question`.
  init(
    _ question: String, text: String = "", placeholder: String = "", verb: String,
    problem: @escaping @Sendable (String, AppState) -> String? = { _, _ in nil },
    changed: @escaping @Sendable (String, inout AppState) -> Void = { _, _ in },
    cancelled: @escaping @Sendable (inout AppState) -> Void = { _ in },
    submit: @escaping @Sendable (String, inout AppState) -> [Effect]
  ) {
    field = TextField(text, prompt: question + " ", placeholder: placeholder)
    self.verb = verb
    self.problem = problem
    self.changed = changed
    self.cancelled = cancelled
    self.submit = submit
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("Enter", verb), .init("Esc", "cancel")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    switch key {
    case .escape:
      cancelled(&state)
      return .close
    case .enter:
      guard problem(field.string, state) == nil else { return .stay }
      let effects = submit(field.string, &state)
      return effects.isEmpty || closesAtOnce ? .close(effects) : .closeWhenDone(effects)
    default:
      let before = field.string
      if field.handle(key), field.string != before { changed(field.string, &state) }
      return .stay
    }
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let failure = state.message.flatMap { $0.isError ? $0.text : nil }
    TypedLine(field: field, problem: failure ?? problem(field.string, state))
      .draw(on: &canvas, in: layout)
  }
}

/// A text field in place of the status line, with what is wrong with it right above.
struct TypedLine {
  /// The text that is being typed.
  let field: TextField
  /// What is wrong; nil when nothing is.
  let problem: String?

  /// Draws the line and what is wrong with it.
  func draw(on canvas: inout Canvas, in layout: AppLayout) {
    canvas.fill(layout.status)
    field.draw(on: &canvas, in: layout.status.inset(left: 1, right: 1))
    guard let problem else { return }
    let lines = problem.wrapped(to: layout.body.width - 2, rows: 6)
    let top = layout.body.endY - lines.count
    let place = Rect(
      x: layout.body.x, y: top, width: layout.body.width, height: lines.count)
    canvas.fill(place)
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: place.x + 1, y: top + row, style: canvas.palette[.error])
    }
  }
}
