import Canvas
import Workbench

/// What happened last, else what is in the way of training, else where the session is kept.
struct StatusLine: Widget {
  /// Most rows that a sentence takes.
  private static let most = 3

  /// The sentence, in as many lines as it takes.
  let lines: [String]
  /// What kind of news it is.
  let role: Palette.Role

  /// The number of rows it takes.
  var rows: Int { lines.count }

  /// The news of `state` in lines of `width` columns; one line while something is typed there.
  init(_ state: AppState, width: Int) {
    let session = state.session
    let (text, role): (String, Palette.Role) =
      if let message = state.message {
        (message.text, message.isError ? .error : .text)
      } else if let obstacle = session.obstacle {
        (obstacle, .error)
      } else {
        (Self.place(of: session), .muted)
      }
    self.role = role
    // Something is typed there, or a form says the same where it matters.
    let isSilent =
      state.popups.last is CommandLine || state.popups.last is Prompt
      || state.message == nil && state.popups.last is SettingsForm
    let rows = state.message == nil && !state.popups.isEmpty ? 1 : Self.most
    lines = isSilent ? [""] : text.wrapped(to: width, rows: rows)
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: rect.x + 1, y: rect.y + row, style: canvas.palette[role])
    }
  }

  private static func place(of session: SessionView) -> String {
    let file = session.file ?? "no file yet"
    let edits = session.undoDepth == 1 ? "1 edit" : "\(session.undoDepth) edits"
    return session.undoDepth == 0 ? file : "\(file) · \(edits) to undo"
  }
}
