import Canvas
import Workbench

extension App {
  /// The keys that work on every screen.
  static let bindings: [Binding] =
    screenKeys + [
      Binding(
        .everywhere, [.character("u")], hint: "undo", help: "take the last edit back",
        disabled: { $0.session.undoDepth > 0 ? nil : "There is nothing to undo." }
      ) { _ in [.command(.undo)] },
      Binding(.everywhere, [.control("r")], help: "do the undone edit again") { _ in
        [.command(.redo)]
      },
      Binding(
        .everywhere, [.function(5)], hint: "train", help: "start training or go on",
        disabled: whyNotTrain
      ) { state in
        state.screen = .train
        return [.command(.train)]
      },
      Binding(.everywhere, [.control("s")], help: "save the session") { state in
        save(&state)
      },
      Binding(.everywhere, [.character(":")], hint: "cmd", help: "type a command") { state in
        state.popups.append(CommandLine(state))
        return []
      },
      Binding(
        .everywhere, [.character("?"), .function(1)], hint: "keys",
        help: "list the keys of this screen; Enter runs one"
      ) { state in
        state.popups.append(helpMenu(state))
        return []
      },
      Binding(.everywhere, [.control("l")], help: "redraw the screen") { _ in [.redraw] },
      Binding(
        .everywhere, [.control("z")], help: "suspend the program; training waits as well"
      ) { _ in [.suspend] },
      Binding(
        .everywhere, [.character("q"), .control("c")], hint: "quit",
        help: "quit; asks if something is unsaved or running"
      ) { state in quit(&state) },
    ]

  private static let screenKeys: [Binding] = ScreenName.allCases.enumerated().map { index, screen in
    Binding(
      .everywhere, [.character(Character(String(index + 1)))],
      help: "go to the \(screen.rawValue) screen"
    ) { state in
      state.screen = screen
      return screen == .inspect ? InspectScreen.entered(&state) : []
    }
  }

  /// Why training cannot start; nil when it can.
  @Sendable private static func whyNotTrain(_ state: AppState) -> String? {
    switch state.session.status.phase {
    case .starting, .running: "Training is already running."
    default: state.session.obstacle
    }
  }

  /// Every key of the screen as a menu.
  static func helpMenu(_ state: AppState, filter: String = "") -> Menu {
    Menu(
      "keys · \(state.screen.rawValue)", filter: filter,
      KeyTable.bindings(on: state.screen).map { binding in
        Menu.Item(
          name: binding.keys.map(\.label).joined(separator: " "), detail: binding.help(in: state),
          keywords: [binding.hint(in: state) ?? ""] + binding.keys.map(\.notation),
          reason: binding.disabled(state), action: { binding.action(&$0) })
      })
  }
}
