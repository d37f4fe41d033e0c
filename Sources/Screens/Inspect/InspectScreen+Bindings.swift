import Canvas

extension InspectScreen {
  /// The keys of the Inspect screen.
  static let bindings: [Binding] =
    stepBindings + unitBindings + recordBindings + paneBindings

  /// Steps or units that a wide move goes.
  private static let wide = 10

  /// The cursor in time, or from left to right in the weights.
  private static let stepBindings: [Binding] = [
    bind(
      [.character("h"), .left], hint: "step", help: "one time step back",
      weights: Move(help: "one column to the left") { $0.moveRight(by: -1) }
    ) { $0.moveCursor(to: $0.t - 1) },
    bind(
      [.character("l"), .right], hint: "step", help: "one time step on",
      weights: Move(help: "one column to the right") { $0.moveRight(by: 1) }
    ) { $0.moveCursor(to: $0.t + 1) },
    bind(
      [.character("H")], help: "ten time steps back",
      weights: Move(help: "ten columns to the left") { $0.moveRight(by: -wide) }
    ) { $0.moveCursor(to: $0.t - wide) },
    bind(
      [.character("L")], help: "ten time steps on",
      weights: Move(help: "ten columns to the right") { $0.moveRight(by: wide) }
    ) { $0.moveCursor(to: $0.t + wide) },
    bind(
      [.home, .character("g")], help: "to the first time step",
      weights: Move(help: "to the first weight, or to the first column") { $0.moveToStart() }
    ) { $0.moveCursor(to: 0) },
    bind(
      [.end, .character("G")], help: "to the last time step",
      weights: Move(help: "to the last weight, or to the last column") { $0.moveToEnd() }
    ) { $0.moveCursor(to: $0.length) },
  ]

  /// The unit and what is shown of it, or the weight.
  private static let unitBindings: [Binding] = [
    bind(
      [.character("j"), .down], hint: "unit", help: "the unit below",
      weights: Move(hint: "move", help: "the weight below; in the map the next row or channel") {
        $0.moveDown(by: 1)
      }
    ) { $0.moveUnit(by: 1) },
    bind(
      [.character("k"), .up], hint: "unit", help: "the unit above",
      weights: Move(hint: "move", help: "the weight above; in the map the row or channel before") {
        $0.moveDown(by: -1)
      }
    ) { $0.moveUnit(by: -1) },
    toggle,
    bind(
      [.pageDown], help: "ten units down",
      weights: Move(help: "ten weights, rows or channels down") { $0.moveDown(by: wide) }
    ) { $0.moveUnit(by: wide) },
    bind(
      [.pageUp], help: "ten units up",
      weights: Move(help: "ten weights, rows or channels up") { $0.moveDown(by: -wide) }
    ) { $0.moveUnit(by: -wide) },
    bind(
      [.character("w")], hint: "signal", help: "the next signal of the layer",
      weights: Move(hint: "gate", help: "the next gate of a matrix or channel of kernels") {
        $0.turnPage(by: 1)
      }
    ) { $0.changeSignal(by: 1) },
    bind(
      [.character("W")], help: "the previous signal of the layer",
      weights: Move(help: "the previous gate of a matrix or channel of kernels") {
        $0.turnPage(by: -1)
      }
    ) { $0.changeSignal(by: -1) },
    bind(
      [.character("[")], hint: "layer", help: "the previous recurrent layer",
      weights: Move(help: "the weight above") { $0.chooseWeight(by: -1) }
    ) { $0.changeLayer(by: -1) },
    bind(
      [.character("]")], hint: "layer", help: "the next recurrent layer",
      weights: Move(help: "the weight below") { $0.chooseWeight(by: 1) }
    ) { $0.changeLayer(by: 1) },
    bind(
      [.character("s")], hint: "sort",
      help: "sort units by number, by variance, or by correlation with this one",
      weights: Move(hint: "sort", help: "sort vectors by value, or by number") {
        $0.sortDifferently()
      }
    ) { $0.sortDifferently() },
    bind([.character("o")], help: "the forecast of the next value, where there are several") {
      $0.output += 1
    },
    bind(
      [.character("z")], hint: "overview", help: "the whole sequence, or one step a column",
      weights: Move(help: "the whole matrix, or every column by itself") {
        $0.isOverview.toggle()
      }
    ) { $0.isOverview.toggle() },
  ]

  /// From signals to weights and back.
  private static let toggle = Binding(
    .screen(.inspect), [.character("v")], hint: "weights",
    help: "the weights in memory: heat maps, histograms, singular values",
    other: .init(
      hint: "signals", help: "back to what units do over time",
      applies: { $0.inspect.weights.isShown }),
    disabled: { $0.inspect.weights.isShown ? nil : $0.session.obstacle }
  ) { state in
    state.inspect.weights.isShown.toggle()
    // Weights are read whenever they come into sight: they may have moved on.
    return state.inspect.weights.isShown ? refresh(&state) : entered(&state)
  }

  /// What is looked at.
  private static let recordBindings: [Binding] = [
    Binding(
      .screen(.inspect), [.character("n")], hint: "example",
      help: "the next example, round and round", disabled: whyNoExample
    ) { record($0.inspect.example + 1, &$0) },
    Binding(
      .screen(.inspect), [.character("p")], hint: "example", help: "the previous example",
      disabled: whyNoExample
    ) { record($0.inspect.example - 1, &$0) },
    Binding(
      .screen(.inspect), [.character("f")], hint: "refresh",
      help: "the same sequence with the weights as they are now",
      other: .init(
        hint: "refresh", help: "the weights as they are now",
        applies: { $0.inspect.weights.isShown }),
      disabled: { $0.session.obstacle }
    ) { refresh(&$0) },
  ]

  private static let paneBindings: [Binding] = [
    bind(
      [.tab], hint: "pane", help: "the next pane",
      weights: Move(hint: "pane", help: "the next pane") { $0.moveFocus(by: 1) }
    ) { $0.moveFocus(by: 1) },
    bind(
      [.backTab], help: "the previous pane",
      weights: Move(help: "the previous pane") { $0.moveFocus(by: -1) }
    ) { $0.moveFocus(by: -1) },
    bind(
      [.enter], hint: "enlarge", help: "this pane alone, or all of them",
      weights: Move(hint: "enlarge", help: "this pane alone, or all of them") {
        $0.isEnlarged.toggle()
      }
    ) { $0.isEnlarged.toggle() },
  ]

  /// What a key does while weights are shown.
  private struct Move: Sendable {
    var hint: String?
    let help: String
    let change: @Sendable (inout WeightsState) -> Void
  }

  private static let forSignals = "This key is for signals. Press v to see them."

  @Sendable private static func whyNoExample(_ state: AppState) -> String? {
    state.inspect.weights.isShown ? forSignals : state.session.obstacle
  }

  /// Keys that change what is seen of a recording, or of the weights.
  private static func bind(
    _ keys: [Key], hint: String? = nil, help: String, weights: Move? = nil,
    change: @escaping @Sendable (inout State) -> Void
  ) -> Binding {
    Binding(
      .screen(.inspect), keys, hint: hint, help: help,
      other: weights.map { move in
        .init(hint: move.hint, help: move.help, applies: { $0.inspect.weights.isShown })
      },
      disabled: { state in
        guard state.inspect.weights.isShown else {
          return state.inspect.recording == nil ? "No sequence was recorded yet. Press f." : nil
        }
        if weights == nil { return forSignals }
        return state.inspect.weights.reading == nil ? "No weights were read yet. Press f." : nil
      }
    ) { state in
      if state.inspect.weights.isShown {
        weights?.change(&state.inspect.weights)
      } else {
        change(&state.inspect)
      }
      return []
    }
  }
}
