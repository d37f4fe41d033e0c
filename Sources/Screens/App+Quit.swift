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
    guard state.session.isDirty || state.session.status.isActive || state.lab.running != nil else {
      return [.quit]
    }
    state.popups.append(question(state))
    return []
  }

  /// Control-C: asks like `quit`, and leaves at once when it is pressed at the question, which is
  /// no answer to it: unsaved edits are there the next time.
  static func interrupt(_ state: inout AppState) -> [Effect] {
    if let menu = state.popups.last as? Menu, menu.title == questionTitle { return [.interrupt] }
    return quit(&state)
  }

  private static let questionTitle = "quit"

  private static func question(_ state: AppState) -> Menu {
    let isDirty = state.session.isDirty
    let edits = "There are edits that the session file does not have."
    let run = "A run is going on; its weights are saved and it can go on later."
    let experiment = "An experiment is under way; nothing of it is kept."
    let reasons =
      (isDirty ? [edits] : []) + (state.session.status.isActive ? [run] : [])
      + (state.lab.running == nil ? [] : [experiment])
    let end = state.session.status.isActive ? "stop the run and quit" : "quit"
    let save = Menu.Item(name: "save and quit", detail: "") { App.save(&$0, thenQuit: true) }
    let leave = Menu.Item(name: isDirty ? "quit without saving" : end, detail: "") { _ in [.quit] }
    let cancel = Menu.Item(name: "cancel", detail: "") { _ in [] }
    return Menu(
      questionTitle, message: reasons.joined(separator: " "), filtered: false,
      (isDirty ? [save] : []) + [leave, cancel])
  }
}
