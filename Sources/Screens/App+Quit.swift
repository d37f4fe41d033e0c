import Canvas
import Workbench

/// Leaving and saving: nothing that the user made is lost by one key.
extension App {
  /// Saves, after asking for a file name if there is none yet; then leaves, if that is wanted.
  static func save(_ state: inout AppState, thenQuit: Bool = false) -> [Effect] {
    if state.session.file != nil {
      state.quitsWhenSaved = thenQuit
      return [.save(as: nil)]
    }
    state.popups.append(
      Prompt(
        "save as:", text: state.session.document.name + ".json", verb: "save",
        problem: { text, _ in text.isEmpty ? "A file needs a name, got none." : nil },
        submit: { text, state in
          state.quitsWhenSaved = thenQuit
          return [.save(as: text)]
        }))
    return []
  }

  /// Leaves; asks first if something is unsaved or running.
  static func quit(_ state: inout AppState) -> [Effect] {
    let isRunning = state.session.status.isActive
    guard state.session.isDirty || isRunning else { return [.quit] }
    state.popups.append(question(isDirty: state.session.isDirty, isRunning: isRunning))
    return []
  }

  /// Control-C: asks like `quit`, and leaves at once when it is pressed at the question, which is
  /// no answer to it: unsaved edits are there the next time.
  static func interrupt(_ state: inout AppState) -> [Effect] {
    if let menu = state.popups.last as? Menu, menu.title == questionTitle { return [.interrupt] }
    return quit(&state)
  }

  private static let questionTitle = "quit"

  private static func question(isDirty: Bool, isRunning: Bool) -> Menu {
    let run = "A run is going on; its weights are saved and it can go on later."
    let edits = "There are edits that the session file does not have."
    let save = Menu.Item(name: "save and quit", detail: "") { App.save(&$0, thenQuit: true) }
    let leave = Menu.Item(
      name: isDirty ? "quit without saving" : "stop the run and quit", detail: ""
    ) { _ in [.quit] }
    let cancel = Menu.Item(name: "cancel", detail: "") { _ in [] }
    return Menu(
      questionTitle,
      message: ((isDirty ? [edits] : []) + (isRunning ? [run] : [])).joined(separator: " "),
      filtered: false, (isDirty ? [save] : []) + [leave, cancel])
  }
}
