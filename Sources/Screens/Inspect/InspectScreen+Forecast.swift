import Inspection

/// How the network goes on by itself from the step under the cursor.
extension InspectScreen {
  /// Asks how the network goes on by itself from the step under the cursor, or from the middle of the
  /// sequence when the cursor has not left its first step, which is too little to go by: for as many
  /// steps as were asked for before, or to the end of the sequence, but for 10 at least.
  static func forecast(_ state: inout AppState) -> [Effect] {
    if state.inspect.t == 0 { state.inspect.moveCursor(to: state.inspect.length / 2) }
    state.inspect.focus = .predictions  // on a small screen only the focused pane has room
    let (t, length) = (state.inspect.t, state.inspect.length)
    let steps = state.inspect.fanSteps > 0 ? state.inspect.fanSteps : max(10, length - 1 - t)
    return [.forecast(FanWish(after: t, steps: steps), example: state.inspect.example)]
  }

  /// Why the network cannot go on by itself from what is looked at; nil: it can.
  static func forecastObstacle(_ state: AppState) -> String? {
    guard let recording = state.inspect.recording else {
      return "No sequence was recorded yet. Press f."
    }
    guard recording.target.isPerStep, case .values = recording.target.kind else {
      return "A forecast of many steps needs a target that is the next value of a series."
    }
    guard recording.length > 1 else {
      return "A forecast needs 2 steps or more to read, and this sequence has one."
    }
    guard state.inspect.clamps.isEmpty else {
      return
        "A forecast of many steps holds no signals. Let go of the clamps first: press . for that."
    }
    return state.session.obstacle
  }

  /// How the network goes on by itself.
  static let forecastBinding = Binding(
    .screen(.inspect), [.character("F")],
    help: "go on by itself from here: a forecast of many steps with its fan, or no more of it",
    others: [
      .init(
        hint: "go on", help: "a forecast of many steps from here with its fan, or no more of it",
        applies: { state in
          state.inspect.aspect == .signals && state.inspect.recording?.forecasts.isEmpty == false
        })
    ],
    disabled: { state in
      guard state.inspect.aspect == .signals else {
        return "This key is for signals: v leads there."
      }
      return forecastObstacle(state)
    }
  ) { state in
    if state.inspect.fan?.after == state.inspect.t {
      state.inspect.forgetFan()
      return []
    }
    return forecast(&state)
  }
}
