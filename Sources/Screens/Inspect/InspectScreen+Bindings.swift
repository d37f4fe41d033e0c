import Canvas

extension InspectScreen {
  /// The keys of the Inspect screen.
  static let bindings: [Binding] =
    stepBindings + unitBindings + recordBindings + paneBindings

  /// Steps or units that a wide move goes.
  private static let wide = 10

  /// The cursor in time, or from left to right in the weights or in an image.
  private static let stepBindings: [Binding] = [
    bind(
      [.character("h"), .left], hint: "step", help: "one time step back",
      weights: Move(help: "one column to the left") { $0.weights.moveRight(by: -1) },
      layers: Move(hint: "step", help: "one time step back; in an image one column to the left") {
        $0.moveAcross(by: -1)
      }
    ) { $0.moveCursor(to: $0.t - 1) },
    bind(
      [.character("l"), .right], hint: "step", help: "one time step on",
      weights: Move(help: "one column to the right") { $0.weights.moveRight(by: 1) },
      layers: Move(hint: "step", help: "one time step on; in an image one column to the right") {
        $0.moveAcross(by: 1)
      }
    ) { $0.moveCursor(to: $0.t + 1) },
    bind(
      [.character("H")], help: "ten time steps back",
      weights: Move(help: "ten columns to the left") { $0.weights.moveRight(by: -wide) },
      layers: Move(help: "ten time steps back; in an image one time step back") {
        $0.moveWide(by: -1, wide: wide)
      }
    ) { $0.moveCursor(to: $0.t - wide) },
    bind(
      [.character("L")], help: "ten time steps on",
      weights: Move(help: "ten columns to the right") { $0.weights.moveRight(by: wide) },
      layers: Move(help: "ten time steps on; in an image one time step on") {
        $0.moveWide(by: 1, wide: wide)
      }
    ) { $0.moveCursor(to: $0.t + wide) },
    bind(
      [.home, .character("g")], help: "to the first time step",
      weights: Move(help: "to the first weight, or to the first column") {
        $0.weights.moveToStart()
      },
      layers: Move(help: "to the first time step") { $0.moveCursor(to: 0) }
    ) { $0.moveCursor(to: 0) },
    bind(
      [.end, .character("G")], help: "to the last time step",
      weights: Move(help: "to the last weight, or to the last column") { $0.weights.moveToEnd() },
      layers: Move(help: "to the last time step") { $0.moveCursor(to: $0.length) }
    ) { $0.moveCursor(to: $0.length) },
  ]

  /// The unit and what is shown of it, or the weight, or the layer.
  private static let unitBindings: [Binding] = [
    bind(
      [.character("j"), .down], hint: "unit", help: "the unit below",
      weights: Move(hint: "move", help: "the weight below; in the map the next row or channel") {
        $0.weights.moveDown(by: 1)
      },
      layers: Move(hint: "move", help: "the layer below; in the map the next feature or row") {
        $0.moveDown(by: 1)
      }
    ) { $0.moveUnit(by: 1) },
    bind(
      [.character("k"), .up], hint: "unit", help: "the unit above",
      weights: Move(hint: "move", help: "the weight above; in the map the row or channel before") {
        $0.weights.moveDown(by: -1)
      },
      layers: Move(hint: "move", help: "the layer above; in the map the feature or row before") {
        $0.moveDown(by: -1)
      }
    ) { $0.moveUnit(by: -1) },
    look([.character("v")], by: 1), look([.character("V")], by: -1),
    silence, clampBinding, changeBinding, pipelineBinding, normBinding,
    bind(
      [.pageDown], help: "ten units down",
      weights: Move(help: "ten weights, rows or channels down") { $0.weights.moveDown(by: wide) },
      layers: Move(help: "ten layers, features or rows down") { $0.moveDown(by: wide) }
    ) { $0.moveUnit(by: wide) },
    bind(
      [.pageUp], help: "ten units up",
      weights: Move(help: "ten weights, rows or channels up") { $0.weights.moveDown(by: -wide) },
      layers: Move(help: "ten layers, features or rows up") { $0.moveDown(by: -wide) }
    ) { $0.moveUnit(by: -wide) },
    bind(
      [.character("w")], hint: "signal", help: "the next signal of the layer",
      weights: Move(hint: "gate", help: "the next gate of a matrix or channel of kernels") {
        $0.weights.turnPage(by: 1)
      },
      layers: Move(hint: "channel", help: "the next channel or feature of the layer") {
        $0.layers.changeUnit(by: 1)
      }
    ) { $0.changeSignal(by: 1) },
    bind(
      [.character("W")], help: "the previous signal of the layer",
      weights: Move(help: "the previous gate of a matrix or channel of kernels") {
        $0.weights.turnPage(by: -1)
      },
      layers: Move(help: "the previous channel or feature of the layer") {
        $0.layers.changeUnit(by: -1)
      }
    ) { $0.changeSignal(by: -1) },
    bind(
      [.character("[")], hint: "layer", help: "the previous recurrent layer",
      weights: Move(help: "the weight above") { $0.weights.chooseWeight(by: -1) },
      layers: Move(hint: "layer", help: "the layer above") { $0.chooseLayer(by: -1) }
    ) { $0.changeLayer(by: -1) },
    bind(
      [.character("]")], hint: "layer", help: "the next recurrent layer",
      weights: Move(help: "the weight below") { $0.weights.chooseWeight(by: 1) },
      layers: Move(hint: "layer", help: "the layer below") { $0.chooseLayer(by: 1) }
    ) { $0.changeLayer(by: 1) },
    bind(
      [.character("s")], hint: "sort",
      help: "sort units by number, variance, correlation with this one, or memory",
      weights: Move(hint: "sort", help: "sort vectors by value, or by number") {
        $0.weights.sortDifferently()
      }
    ) { $0.sortDifferently() },
    bind(
      [.character("o")], help: "the forecast of the next value, where there are several",
      layers: Move(help: "the next input, where a layer sees several") { $0.layers.source += 1 }
    ) { $0.output += 1 },
    bind(
      [.character("z")], hint: "overview", help: "the whole sequence, or one step a column",
      weights: Move(help: "the whole matrix, or every column by itself") {
        $0.weights.isOverview.toggle()
      },
      layers: Move(help: "the whole sequence, or one step a column") {
        $0.layers.isOverview.toggle()
      }
    ) { $0.isOverview.toggle() },
  ]

  /// Keys that go `count` views on, with their words in every view that another one follows.
  private static func look(_ keys: [Key], by count: Int) -> Binding {
    @Sendable func follows(_ state: AppState) -> Aspect {
      Aspect.all(for: state.session).element(count, after: state.inspect.aspect)
    }
    return Binding(
      .screen(.inspect), keys, help: (count > 0 ? Aspect.weights : .text).summary,
      others: Aspect.allCases.map { next in
        .init(
          hint: count > 0 ? next.rawValue : nil, help: next.summary,
          applies: { follows($0) == next })
      },
      disabled: { $0.inspect.aspect == .signals ? $0.session.obstacle : nil }
    ) { state in
      let ended: [Effect] = state.inspect.aspect == .weights ? [.stopReadingWeights] : []
      state.inspect.look(at: follows(state))
      // Weights are read whenever they come into sight: they may have moved on.
      return ended + (state.inspect.aspect == .weights ? refresh(&state) : entered(&state))
    }
  }

  /// What is looked at.
  private static let recordBindings: [Binding] = [
    Binding(
      .screen(.inspect), [.character("n")], hint: "example",
      help: "the next example, round and round",
      others: [
        .init(hint: "text", help: "another text, by the next seed", applies: showsText)
      ], disabled: whyNoExample
    ) { another(by: 1, &$0) },
    Binding(
      .screen(.inspect), [.character("p")], hint: "example", help: "the previous example",
      others: [.init(hint: "text", help: "the text by the previous seed", applies: showsText)],
      disabled: whyNoExample
    ) { another(by: -1, &$0) },
    Binding(
      .screen(.inspect), [.character("e")], help: "say how a text begins; only where one is shown",
      others: [.init(hint: "begin", help: "say how the text begins", applies: showsText)],
      disabled: { showsText($0) ? nil : "This key is for text: v leads there." }
    ) { state in
      let prompt = state.inspect.text.wish.prompt
      var line = Prompt("text begins:", text: prompt, verb: "write") { text, state in
        write(&state) { $0.prompt = text }
      }
      line.closesAtOnce = true
      state.popups.append(line)
      return []
    },
    Binding(
      .screen(.inspect), [.character("f")], hint: "refresh",
      help: "the same sequence with the weights as they are now",
      others: [
        .init(
          hint: "refresh", help: "the weights as they are now",
          applies: { $0.inspect.aspect == .weights }),
        .init(
          hint: "refresh", help: "the same text with the weights as they are now",
          applies: showsText),
      ],
      disabled: { $0.session.obstacle }
    ) { refresh(&$0) },
    noise, forecastBinding,
  ]

  /// Whether a text is shown.
  @Sendable private static func showsText(_ state: AppState) -> Bool {
    state.inspect.aspect == .text
  }

  /// Asks for the example, or for the text by the seed, `count` places further.
  private static func another(by count: Int, _ state: inout AppState) -> [Effect] {
    guard showsText(state) else {
      // From a text of the user's, back to the example before it.
      let isTyped = if case .text = state.inspect.example { true } else { false }
      return record(.validation(state.inspect.number + (isTyped ? 0 : count)), &state)
    }
    return write(&state) { $0.seed &+= UInt64(bitPattern: Int64(count)) }
  }

  /// Between evaluation and training, where chance drops and holds.
  private static let noise = Binding(
    .screen(.inspect), [.character("d")], hint: "as in training",
    help: "record as in training, with the masks of dropout and zoneout, or as in evaluation",
    disabled: {
      showsText($0) ? "This key is for signals and layers: v leads there." : whyNoExample($0)
    }
  ) { state in
    state.inspect.isAsInTraining.toggle()
    return record(state.inspect.example, &state)
  }

  /// What the network is worth without a layer.
  private static let silence = Binding(
    .screen(.inspect), [.character("a")], help: "take a layer's part away; only in the layers",
    others: [
      .init(
        hint: "silence", help: "silence this layer or let it speak again: what is it good for?",
        applies: { $0.inspect.aspect == .layers })
    ],
    disabled: { state in
      guard state.inspect.aspect == .layers else { return "This key is for layers: v leads there." }
      guard let output = state.inspect.layers.view?.output else {
        return "No sequence was recorded yet. Press f."
      }
      return output.path == nil
        ? "The data cannot be silenced, layers can. Choose one with j." : state.session.obstacle
    }
  ) { toggleSilence(&$0) }

  private static let paneBindings: [Binding] = [
    bind(
      [.tab], hint: "pane", help: "the next pane",
      weights: Move(hint: "pane", help: "the next pane") { $0.weights.moveFocus(by: 1) },
      layers: Move(hint: "pane", help: "the next pane") { $0.layers.moveFocus(by: 1) }
    ) { $0.moveFocus(by: 1) },
    bind(
      [.backTab], help: "the previous pane",
      weights: Move(help: "the previous pane") { $0.weights.moveFocus(by: -1) },
      layers: Move(help: "the previous pane") { $0.layers.moveFocus(by: -1) }
    ) { $0.moveFocus(by: -1) },
    bind(
      [.enter], hint: "enlarge", help: "this pane alone, or all of them",
      weights: Move(hint: "enlarge", help: "this pane alone, or all of them") {
        $0.weights.isEnlarged.toggle()
      },
      layers: Move(hint: "enlarge", help: "this pane alone, or all of them") {
        $0.layers.isEnlarged.toggle()
      }
    ) { $0.isEnlarged.toggle() },
  ]

  /// What a key does while something other than signals is shown.
  private struct Move: Sendable {
    var hint: String?
    let help: String
    let change: @Sendable (inout State) -> Void
  }

  @Sendable private static func whyNoExample(_ state: AppState) -> String? {
    state.inspect.aspect == .weights
      ? "This key is for signals and layers: v leads there." : state.session.obstacle
  }

  /// Keys that change what is seen of a recording, of the weights or of the layers.
  private static func bind(
    _ keys: [Key], hint: String? = nil, help: String, weights: Move? = nil, layers: Move? = nil,
    change: @escaping @Sendable (inout State) -> Void
  ) -> Binding {
    let moves: [(Aspect, Move?)] = [(.weights, weights), (.layers, layers)]
    return Binding(
      .screen(.inspect), keys, hint: hint, help: help,
      others: moves.compactMap { aspect, move in
        move.map { move in
          .init(hint: move.hint, help: move.help, applies: { $0.inspect.aspect == aspect })
        }
      },
      disabled: { state in
        let aspect = state.inspect.aspect
        if aspect != .signals, moves.first(where: { $0.0 == aspect })?.1 == nil {
          let users = [("signals", true), ("weights", weights != nil), ("layers", layers != nil)]
          let names = users.filter(\.1).map(\.0).joined(separator: " and ")
          return "This key is for \(names): v leads there."
        }
        if aspect == .weights {
          return state.inspect.weights.reading == nil ? "No weights were read yet. Press f." : nil
        }
        return state.inspect.recording == nil ? "No sequence was recorded yet. Press f." : nil
      }
    ) { state in
      switch state.inspect.aspect {
      case .text: break
      case .signals: change(&state.inspect)
      case .weights: weights?.change(&state.inspect)
      case .layers:
        layers?.change(&state.inspect)
        state.inspect.prepareLayers()
      }
      return []
    }
  }
}

extension InspectScreen.Aspect {
  /// What it shows, in a line.
  fileprivate var summary: String {
    switch self {
    case .signals: "back to what units do over time"
    case .weights: "the weights in memory: heat maps, histograms, singular values"
    case .layers: "what every layer put out: feature maps, histograms, receptive fields"
    case .text: "a text that the network writes, anew while it trains"
    }
  }
}
