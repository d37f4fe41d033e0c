import Canvas
import Inspection
import Workbench

/// The line after `:`, with completion, history and its own errors.
struct CommandLine: Modal {
  /// The text so far.
  private(set) var field = TextField("", prompt: ":", placeholder: "add lstm hidden_size=128")
  /// What would fit where the cursor is.
  private(set) var completion: Completion
  /// The candidate that Tab put in; nil before Tab.
  private(set) var chosen: Int?
  /// What is wrong with the line that was entered last.
  private(set) var problem: String?
  /// Whether the line was entered and is still there, which is because it was refused.
  private var isRefused = false
  /// The place in the history; its count while a new line is typed.
  private var place: Int
  /// The new line while the history is shown.
  private var draft = ""

  /// An empty line.
  init(_ state: AppState) {
    completion = Completion(of: "", in: state.session.document)
    place = state.commandHistory.count
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [
      .init("Tab", "complete"), .init("↑/↓", "history"), .init("Enter", "do it"),
      .init("Esc", "leave"),
    ] + (isRefused ? [.init(":", "new line")] : [])
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    problem = nil
    defer { isRefused = key == .enter }
    switch key {
    case .escape: return .close
    case .enter: return enter(&state)
    case .character(":") where isRefused: startAnew(state)
    case .tab: complete(by: 1)
    case .backTab: complete(by: -1)
    case .up, .control("p"): recall(place - 1, state)
    case .down, .control("n"): recall(place + 1, state)
    case .backspace where field.string.isEmpty: return .close
    default:
      if field.handle(key) { renew(state) }
    }
    return .stay
  }

  /// An empty line, as whoever presses the key of the command line expects; the history has the old
  /// one.
  private mutating func startAnew(_ state: AppState) {
    field.set("")
    place = state.commandHistory.count
    renew(state)
  }

  private mutating func renew(_ state: AppState) {
    completion = Completion(of: field.string, in: state.session.document)
    chosen = nil
  }

  private mutating func complete(by step: Int) {
    let count = completion.candidates.count
    guard count > 0 else { return }
    let next = chosen.map { $0 + step } ?? (step > 0 ? 0 : count - 1)
    let index = (next + count) % count
    chosen = index
    field.set(completion.head + completion.candidates[index].text)
  }

  private mutating func recall(_ wanted: Int, _ state: AppState) {
    let history = state.commandHistory
    let next = min(max(wanted, 0), history.count)
    guard next != place else { return }
    if place == history.count { draft = field.string }
    place = next
    field.set(next == history.count ? draft : history[next])
    renew(state)
  }

  private mutating func enter(_ state: inout AppState) -> Reaction {
    let line = field.string.trimmingSpaces
    guard !line.isEmpty else { return .close }
    if state.commandHistory.last != line { state.commandHistory.append(line) }
    place = state.commandHistory.count
    do throws(SessionError) {
      return try act(TypedCommand(parsing: line), &state)
    } catch {
      problem = error.description
      return .stay
    }
  }

  /// Shows the text that the network writes after `change`, or says why there is none.
  private mutating func write(
    _ state: inout AppState, _ change: (inout TextWish) -> Void
  ) -> Reaction {
    guard state.session.isText else {
      problem = "Writing needs a model of a text, got \(state.session.document.data.sourceText)."
      return .stay
    }
    if let obstacle = state.session.obstacle {
      problem = obstacle
      return .stay
    }
    let ended: [Effect] = state.inspect.aspect == .weights ? [.stopReadingWeights] : []
    state.screen = .inspect
    state.inspect.look(at: .text)
    return .close(ended + InspectScreen.write(&state, change))
  }

  /// Shows what the network does with `text`, or says why there is nothing to show.
  private mutating func look(at text: String, _ state: inout AppState) -> Reaction {
    if let obstacle = state.session.obstacle {
      problem = obstacle
      return .stay
    }
    let ended: [Effect] = state.inspect.aspect == .weights ? [.stopReadingWeights] : []
    state.screen = .inspect
    if ![.signals, .layers].contains(state.inspect.aspect) { state.inspect.look(at: .signals) }
    return .close(ended + InspectScreen.record(.text(text), &state))
  }

  /// Shows how the network goes on for `steps` steps from where the cursor is, or says why it cannot.
  private mutating func forecast(_ steps: Int, _ state: inout AppState) -> Reaction {
    state.inspect.fanSteps = steps
    guard state.inspect.recording != nil else {
      problem = "A forecast goes on from a step of a sequence: press 3 and choose one."
      return .stay
    }
    if let obstacle = InspectScreen.forecastObstacle(state) {
      problem = obstacle
      return .stay
    }
    state.screen = .inspect
    state.inspect.look(at: .signals)
    return .close(InspectScreen.forecast(&state))
  }

  /// Holds what `words` say, or lets go of everything, or says why there is nothing to hold.
  private mutating func clamp(_ words: ClampWords?, _ state: inout AppState) -> Reaction {
    if let obstacle = state.session.obstacle ?? InspectScreen.clampObstacle(words, state) {
      problem = obstacle
      return .stay
    }
    let ended: [Effect] = state.inspect.aspect == .weights ? [.stopReadingWeights] : []
    state.screen = .inspect
    if ![.signals, .layers].contains(state.inspect.aspect) { state.inspect.look(at: .signals) }
    return .close(ended + InspectScreen.clamp(words, &state))
  }

  private mutating func act(_ command: TypedCommand, _ state: inout AppState) -> Reaction {
    switch command {
    case .session(let command): return .closeWhenDone([.command(command)])
    case .write(let file?, let quits, let isForced):
      state.quitsWhenSaved = quits
      return .closeWhenDone([.save(as: file, replacing: isForced)])
    case .write(nil, let quits, _): return .close(App.save(&state, thenQuit: quits))
    case .quit(let isForced): return .close(isForced ? [.quit] : App.quit(&state))
    case .generate(let prompt): return write(&state) { $0.prompt = prompt }
    case .temperature(let value): return write(&state) { $0.rule.temperature = value }
    case .topK(let count): return write(&state) { $0.rule.topK = count }
    case .topP(let share): return write(&state) { $0.rule.topP = share }
    case .tryText(let text): return look(at: text, &state)
    case .forecast(let steps): return forecast(steps, &state)
    case .clamp(let words): return clamp(words, &state)
    case .help(let words):
      state.popups.append(App.helpMenu(state, filter: words))
      return .close
    }
  }
}
