import Canvas
import Layers
import Workbench

extension TrainScreen {
  /// The keys of the Train screen.
  static let bindings: [Binding] = runBindings + knobBindings + plotBindings + paneBindings

  /// Start, pause, step, stop, save.
  private static let runBindings: [Binding] = [
    Binding(
      .screen(.train), [.character(" ")], hint: "run/pause", help: "start, pause or go on",
      disabled: { $0.session.status.isActive ? nil : $0.session.obstacle }
    ) { state in
      switch state.session.status.phase {
      case .running, .starting: [.command(.pause)]
      case .paused: [.command(.resume)]
      case .idle, .finished, .failed: [.command(.train)]
      }
    },
    Binding(
      .screen(.train), [.character("s")], hint: "step", help: "do one step, then wait",
      disabled: { $0.session.status.isActive ? nil : $0.session.obstacle }
    ) { _ in [.command(.step(1))] },
    Binding(
      .screen(.train), [.character("S")], help: "go on to the end of the epoch, then wait",
      disabled: { state in
        state.run.stepsPerEpoch > 0
          ? nil : "The length of an epoch is known once training has started. Press space."
      }
    ) { state in [.command(.step(stepsLeftInEpoch(state.run)))] },
    Binding(
      .screen(.train), [.character("x")], hint: "stop", help: "save and end the run",
      disabled: needsRun
    ) { _ in [.command(.stop)] },
    Binding(
      .screen(.train), [.character("c")], hint: "checkpoint", help: "save the weights now",
      disabled: needsRun
    ) { _ in [.command(.checkpoint)] },
    Binding(
      .screen(.train), [.character("i")], hint: "inspect",
      help: "look into the weights as they are now"
    ) { state in
      state.screen = .inspect
      return InspectScreen.refresh(&state)
    },
  ]

  /// The settings that change while a run goes on.
  private static let knobBindings: [Binding] = [
    Binding(
      .screen(.train), [.character("-")], hint: "lr", help: "divide the learning rate by 1.25"
    ) { state in setLearningRate(of: state, times: 1 / 1.25) },
    Binding(
      .screen(.train), [.character("+"), .character("=")], hint: "lr",
      help: "multiply the learning rate by 1.25"
    ) { state in setLearningRate(of: state, times: 1.25) },
    Binding(
      .screen(.train), [.character("e")], hint: "edit", help: "type a new value for a setting"
    ) { state in
      var line = CommandLine(state)
      _ = line.handle(.paste("set training."), &state)
      state.popups.append(line)
      return []
    },
  ]

  /// What the large plot shows.
  private static let plotBindings: [Binding] = [
    Binding(
      .screen(.train), [.character("m")], hint: "metric",
      help: "plot the loss, the metric, the norm of the gradient, or another metric"
    ) { state in
      state.train.quantity = Quantity.all(for: state.session.target)
        .element(1, after: state.train.quantity)
      return []
    },
    Binding(
      .screen(.train), [.character("v")], hint: "view",
      help: "draw samples and average, only samples, or only the average"
    ) { state in
      let order: [LinePlot.Detail] = [.envelope, .raw, .smooth]
      state.train.detail = order.element(1, after: state.train.detail)
      return []
    },
    Binding(.screen(.train), [.character("L")], hint: "log", help: "logarithmic y axis on or off") {
      state in
      state.train.isLogY.toggle()
      return []
    },
    Binding(.screen(.train), [.character("<")], hint: "smooth", help: "smooth the curves less") {
      state in
      state.run.setSmoothing(state.run.smoothing(-1, along: State.smoothings))
      return []
    },
    Binding(.screen(.train), [.character(">")], hint: "smooth", help: "smooth the curves more") {
      state in
      state.run.setSmoothing(state.run.smoothing(1, along: State.smoothings))
      return []
    },
    Binding(
      .screen(.train), [.character("h"), .left], hint: "cursor", help: "cursor to earlier steps",
      disabled: needsStep
    ) { state in
      if let extent = state.run.extent { state.train.moveCursor(by: -1, over: extent) }
      return []
    },
    Binding(
      .screen(.train), [.character("l"), .right], hint: "cursor", help: "cursor to later steps",
      disabled: needsStep
    ) { state in
      if let extent = state.run.extent { state.train.moveCursor(by: 1, over: extent) }
      return []
    },
    Binding(
      .screen(.train), [.character("z")], hint: "zoom", help: "show half as many steps",
      disabled: needsStep
    ) { state in
      if let extent = state.run.extent { state.train.zoom(by: 0.5, over: extent) }
      return []
    },
    Binding(
      .screen(.train), [.character("Z")], hint: "zoom", help: "show twice as many steps",
      disabled: needsStep
    ) { state in
      if let extent = state.run.extent { state.train.zoom(by: 2, over: extent) }
      return []
    },
    Binding(.screen(.train), [.character("0")], help: "show all steps, without cursor") { state in
      state.train.range = nil
      state.train.cursor = nil
      return []
    },
  ]

  /// Which panes are seen, and what of them.
  private static let paneBindings: [Binding] = [
    Binding(
      .screen(.train), [.character("w")], hint: "layer",
      help: "gradient and gates of the next recurrent layer"
    ) { state in
      let flows = state.train.showsFlow ? state.train.flow?.layers.count ?? 0 : 0
      let count = max(state.run.detail?.recurrentLayers.count ?? 0, flows)
      state.train.layer = count > 0 ? (state.train.layer + 1) % count : 0
      return []
    },
    Binding(
      .screen(.train), [.character("J")], hint: "jacobian",
      help: "gradient of the loss, or of the state over lags with the weights as they are now",
      disabled: { $0.session.obstacle }
    ) { state in
      state.train.showsFlow.toggle()
      guard state.train.showsFlow else { return [] }
      state.train.focus = .gradient
      return [.followGradients(example: state.inspect.example)]
    },
    Binding(
      .screen(.train), [.character("T")], hint: "truncation",
      help: "how far gradients that go back fewer steps are off, with the weights as they are now",
      disabled: whyNoTruncation
    ) { measureTruncation(&$0) },
    stopMeasuring,
    Binding(
      .screen(.train), [.character("C")], hint: "confusion",
      help: "which classes were taken for which, and whether probabilities are what they say",
      disabled: { ConfusionPopup.reasonForNone($0) }
    ) { state in
      if let popup = state.run.validation.flatMap(ConfusionPopup.init) {
        state.popups.append(popup)
      }
      return []
    },
    Binding(
      .screen(.train), [.character("B")], hint: "batch",
      help: "the batch that was read last, sequence by sequence, and what of it is padding",
      disabled: { state in
        state.session.obstacle
          ?? (state.session.input?.isSequence == true
            ? nil : "These data have no time axis, so nothing of a batch is padding.")
      }
    ) { state in
      state.popups.append(BatchPopup())
      return [.readBatch(nil)]
    },
    Binding(.screen(.train), [.tab], hint: "pane", help: "the next pane") { state in
      focus(&state.train, by: 1)
      return []
    },
    Binding(.screen(.train), [.backTab], help: "the previous pane") { state in
      focus(&state.train, by: -1)
      return []
    },
    Binding(.screen(.train), [.enter], hint: "enlarge", help: "this pane alone, or all of them") {
      state in
      state.train.isEnlarged.toggle()
      return []
    },
    Binding(.screen(.train), [.character("j"), .down], help: "scroll the pane down") { state in
      scroll(&state, by: 1)
      return []
    },
    Binding(.screen(.train), [.character("k"), .up], help: "scroll the pane up") { state in
      scroll(&state, by: -1)
      return []
    },
  ]

  /// Asks for the bias of truncated gradients.
  static func measureTruncation(_ state: inout AppState) -> [Effect] {
    state.say("Measuring truncated gradients … Esc stops it.")
    state.train.measuresTruncation = true
    return [.measureTruncation]
  }

  /// Ends a measurement that takes too long; where there is none the key is silent.
  private static let stopMeasuring = Binding(
    .screen(.train), [.escape], help: "stop measuring truncated gradients"
  ) { state in
    guard state.train.measuresTruncation else { return [] }
    state.train.measuresTruncation = false
    state.say("Truncated gradients are no longer measured.")
    return [.stopMeasuringTruncation]
  }

  private static let whyNoTruncation: @Sendable (AppState) -> String? = { state in
    guard let target = state.session.target, target.isPerStep else {
      return state.session.obstacle
        ?? "Gradients are cut between time steps with targets, and here a sequence has only one."
    }
    return state.session.obstacle
  }

  private static let needsRun: @Sendable (AppState) -> String? = { state in
    state.session.status.isActive ? nil : "Nothing is being trained. Press space to start."
  }

  private static let needsStep: @Sendable (AppState) -> String? = { state in
    state.run.extent == nil ? "There is no curve yet. Press space to start." : nil
  }

  private static func stepsLeftInEpoch(_ run: RunRecord) -> Int {
    run.stepsPerEpoch - max(run.step, 0) % max(run.stepsPerEpoch, 1)
  }

  /// The learning rate times `factor`, to three digits, as one would type it.
  private static func setLearningRate(of state: AppState, times factor: Double) -> [Effect] {
    let recipe = state.session.document.training
    guard case .decimal(let range, _)? = recipe.setting("learning_rate")?.domain else { return [] }
    let value = min(max(recipe.learningRate * factor, range.lowerBound), range.upperBound)
    let rounded = Double(NumberText.short(value)) ?? value
    let text = FieldValue.decimal(rounded).description
    return [.command(.set(.init("training.learning_rate", text)))]
  }

  private static func focus(_ state: inout State, by count: Int) {
    state.focus = Pane.allCases.element(count, after: state.focus)
    state.scroll = 0
  }

  /// Rows downwards; the journal, whose end is in sight, scrolls towards its beginning.
  private static func scroll(_ state: inout AppState, by count: Int) {
    let (rows, direction) =
      switch state.train.focus {
      case .journal: (state.session.journal.count, -1)
      case .checkpoints: (state.run.checkpoints.count, 1)
      case .health: ((state.run.detail?.parameters.count ?? 0) * 2, 1)
      case .loss, .gradient, .gates, .knobs, .metrics: (0, 1)
      }
    state.train.scroll = min(max(state.train.scroll + count * direction, 0), max(rows - 1, 0))
  }
}
