import Canvas

extension InspectScreen {
  /// The keys of the Inspect screen.
  static let bindings: [Binding] = stepBindings + unitBindings + recordBindings + paneBindings

  /// Steps or units that a wide move goes.
  private static let wide = 10

  /// The cursor in time.
  private static let stepBindings: [Binding] = [
    bind([.character("h"), .left], hint: "step", help: "one time step back") {
      $0.moveCursor(to: $0.t - 1)
    },
    bind([.character("l"), .right], hint: "step", help: "one time step on") {
      $0.moveCursor(to: $0.t + 1)
    },
    bind([.character("H")], help: "ten time steps back") { $0.moveCursor(to: $0.t - wide) },
    bind([.character("L")], help: "ten time steps on") { $0.moveCursor(to: $0.t + wide) },
    bind([.home, .character("g")], help: "to the first time step") { $0.moveCursor(to: 0) },
    bind([.end, .character("G")], help: "to the last time step") { $0.moveCursor(to: $0.length) },
  ]

  /// The unit and what is shown of it.
  private static let unitBindings: [Binding] = [
    bind([.character("j"), .down], hint: "unit", help: "the unit below") { $0.moveUnit(by: 1) },
    bind([.character("k"), .up], hint: "unit", help: "the unit above") { $0.moveUnit(by: -1) },
    bind([.pageDown], help: "ten units down") { $0.moveUnit(by: wide) },
    bind([.pageUp], help: "ten units up") { $0.moveUnit(by: -wide) },
    bind([.character("w")], hint: "signal", help: "the next signal of the layer") {
      $0.changeSignal(by: 1)
    },
    bind([.character("W")], help: "the previous signal of the layer") { $0.changeSignal(by: -1) },
    bind([.character("[")], hint: "layer", help: "the previous recurrent layer") {
      $0.changeLayer(by: -1)
    },
    bind([.character("]")], hint: "layer", help: "the next recurrent layer") {
      $0.changeLayer(by: 1)
    },
    bind(
      [.character("s")], hint: "sort",
      help: "sort units by number, by variance, or by correlation with this one"
    ) { $0.sortDifferently() },
    bind([.character("o")], help: "the forecast of the next value, where there are several") {
      $0.output += 1
    },
    bind([.character("z")], hint: "overview", help: "the whole sequence, or one step a column") {
      $0.isOverview.toggle()
    },
  ]

  /// What is looked at.
  private static let recordBindings: [Binding] = [
    Binding(
      .screen(.inspect), [.character("n")], hint: "example",
      help: "the next example, round and round",
      disabled: { $0.session.obstacle }
    ) { record($0.inspect.example + 1, &$0) },
    Binding(
      .screen(.inspect), [.character("p")], hint: "example", help: "the previous example",
      disabled: { $0.session.obstacle }
    ) { record($0.inspect.example - 1, &$0) },
    Binding(
      .screen(.inspect), [.character("f")], hint: "refresh",
      help: "the same sequence with the weights as they are now",
      disabled: { $0.session.obstacle }
    ) { refresh(&$0) },
  ]

  private static let paneBindings: [Binding] = [
    bind([.tab], hint: "pane", help: "the next pane") { $0.moveFocus(by: 1) },
    bind([.backTab], help: "the previous pane") { $0.moveFocus(by: -1) },
    bind([.enter], hint: "enlarge", help: "this pane alone, or all of them") {
      $0.isEnlarged.toggle()
    },
  ]

  /// Keys that change what is seen of a recording.
  private static func bind(
    _ keys: [Key], hint: String? = nil, help: String,
    change: @escaping @Sendable (inout State) -> Void
  ) -> Binding {
    Binding(
      .screen(.inspect), keys, hint: hint, help: help,
      disabled: { $0.inspect.recording == nil ? "No sequence was recorded yet. Press f." : nil }
    ) { state in
      change(&state.inspect)
      return []
    }
  }
}
