import Canvas
import Inspection
import Workbench

/// Steps through a real sequence and shows what every unit of a recurrent layer did at every step, what
/// every layer made of it, or the weights that did it.
enum InspectScreen {
  /// What the screen can show, in the order in which one leads to the next.
  enum Aspect: String, CaseIterable, Sendable {
    /// The units of a recurrent layer over time.
    case signals
    /// The weights in memory.
    case weights
    /// What every layer put out.
    case layers
    /// What the network writes, if it is a model of a text.
    case text

    /// What there is to be shown of `session`.
    static func all(for session: SessionView) -> [Aspect] {
      allCases.filter { $0 != .text || session.isText }
    }
  }

  /// A part of the view of signals.
  enum Pane: String, CaseIterable, Sendable {
    case map, trace, timeScales, reading, predictions
  }

  /// How the units of the map are sorted.
  enum Sorting: String, CaseIterable, Sendable {
    /// By number.
    case number
    /// Those that move most first.
    case variance
    /// Those that move with the chosen unit, or against it, first.
    case correlation
    /// Those that keep longest what they hold first.
    case memory
  }

  /// Takes a recording in; cursor, layer and signal stay where they were, as far as they exist.
  static func received(_ recording: SequenceRecording, _ state: inout AppState) {
    state.inspect.take(recording)
    if recording.isAsInTraining, !recording.hasMasks {
      state.say("As in training; but this model drops and holds nothing then. d goes back.")
    }
  }

  /// Asks for what is shown when it is not there and can be; for whoever opens the screen.
  static func entered(_ state: inout AppState) -> [Effect] {
    let isThere =
      switch state.inspect.aspect {
      case .weights: state.inspect.weights.reading != nil
      case .signals, .layers: state.inspect.recording != nil
      case .text: state.inspect.text.text?.weightsStep == state.run.step
      }
    return isThere || state.session.obstacle != nil ? [] : refresh(&state)
  }

  /// Asks for the same example, for the weights or for a text, as they are now.
  static func refresh(_ state: inout AppState) -> [Effect] {
    switch state.inspect.aspect {
    case .weights: [.readWeights]
    case .signals, .layers: record(state.inspect.example, &state)
    case .text: write(&state) { _ in }
    }
  }

  /// Asks for a text, after `change` to how it is to be written.
  static func write(
    _ state: inout AppState, _ change: (inout TextWish) -> Void
  ) -> [Effect] {
    [.write(state.inspect.text.begin(at: state.run.seconds, change))]
  }

  /// Asks for the text that is shown once more when the run has gone on for a while.
  static func followRun(_ state: inout AppState) -> [Effect] {
    let isWaiting = ![.starting, .running].contains(state.session.status.phase)
    guard state.screen == .inspect, state.inspect.aspect == .text, state.session.isText,
      state.inspect.text.isDue(
        step: state.run.step, seconds: isWaiting ? .infinity : state.run.seconds)
    else { return [] }
    return refresh(&state)
  }

  /// Asks for another example.
  static func record(_ example: ChosenExample, _ state: inout AppState) -> [Effect] {
    state.inspect.wanted = example
    state.inspect.keepInterventions(among: Set(state.session.document.model.tree.map(\.entry.name)))
    let (silenced, clamps) = (state.inspect.silenced, state.inspect.clamps)
    let asInTraining = state.inspect.isAsInTraining
    let wish: Effect =
      clamps.isEmpty
      ? .record(example: example, asInTraining: asInTraining, without: silenced)
      : .clamp(clamps, example: example, asInTraining: asInTraining, without: silenced)
    return [wish] + (silenced.isEmpty ? [] : [.ablate(silenced, example: example)])
  }

  /// Silences the layer under the cursor, or lets it speak again, and asks what changes.
  static func toggleSilence(_ state: inout AppState) -> [Effect] {
    guard let output = state.inspect.layers.view?.output, output.path != nil else { return [] }
    state.inspect.toggleSilence(of: output.name)
    return (state.inspect.silenced.isEmpty ? [.stopAblating] : [])
      + record(state.inspect.example, &state)
  }

  /// Draws the screen.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    canvas.clipped(to: rect) { canvas in
      if state.inspect.aspect == .weights, state.inspect.weights.reading != nil {
        return WeightsView(state).draw(on: &canvas, in: rect)
      }
      if state.inspect.aspect == .text, state.session.isText {
        return TextPane(state.inspect.text, runStep: state.run.step).draw(on: &canvas, in: rect)
      }
      guard state.inspect.aspect != .weights, let recording = state.inspect.recording,
        recording.length > 0
      else {
        return drawInvitation(state, on: &canvas, in: rect)
      }
      if state.inspect.aspect == .layers {
        return LayersView(state, recording).draw(on: &canvas, in: rect)
      }
      let layout = InspectLayout(state.inspect, in: rect)
      if let place = layout.sequence {
        SequencePane(state, recording, isFramed: layout.isWide).draw(on: &canvas, in: place)
      }
      if let place = layout.readingLine {
        ReadingLine(state.inspect, recording).draw(on: &canvas, in: place)
      }
      for (pane, place) in layout.panes {
        widget(for: pane, of: state.inspect, recording).draw(on: &canvas, in: place)
      }
    }
  }

  private static func widget(
    for pane: Pane, of state: State, _ recording: SequenceRecording
  ) -> any Widget {
    switch pane {
    case .map: MapPane(state)
    case .trace: TracePane(state, recording)
    case .timeScales: TimeScalesPane(state, recording)
    case .reading: ReadingPane(state, recording)
    case .predictions: PredictionsPane(state, recording)
    }
  }

  private static func drawInvitation(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    let lines: [String] =
      if let obstacle = state.session.obstacle {
        WordWrap.lines(of: obstacle, width: rect.width - 4)
      } else if state.inspect.aspect == .weights {
        ["No weights were read yet.", "f reads them as they are now."]
      } else if state.inspect.recording != nil {
        ["This sequence has no steps: n shows the next one."]
      } else {
        ["No sequence was recorded yet.", "f records one with the weights as they are now."]
      }
    let home = rect.centered(width: rect.width, height: lines.count)
    for (row, line) in lines.enumerated() {
      canvas.write(
        StyledText(line), in: home.row(row), align: .center, style: canvas.palette[.muted])
    }
  }
}
