import Canvas
import Inspection

/// What every layer put out for an example: a list of them, the numbers of one, and what one of these
/// sees of the input.
struct LayersView: Widget {
  private let state: InspectScreen.State
  private let recording: SequenceRecording
  private let runStep: Int

  /// What `state` looks at of `recording`.
  init(_ state: AppState, _ recording: SequenceRecording) {
    self.state = state.inspect
    self.recording = recording
    runStep = state.run.step
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let count = recording.outputs.count + 1
    for (pane, place) in LayersLayout(state.layers, count: count, in: rect).panes {
      widget(for: pane).draw(on: &canvas, in: place)
    }
  }

  private func widget(for pane: LayersState.Pane) -> any Widget {
    let output = state.layers.view?.output
    return switch pane {
    case .list: LayerListPane(state, recording, runStep: runStep)
    case .map: LayerMapPane(state.layers, recording)
    case .input: FieldPane(state.layers, recording, t: state.t)
    case .effect:
      EffectPane(
        state.ablation, silenced: state.silenced, isFocused: state.layers.focus == .effect)
    case .histogram:
      HistogramPane(
        output?.histogram, output?.summary,
        title: "\(output?.name ?? ""), all steps", isFocused: state.layers.focus == .histogram)
    }
  }
}
