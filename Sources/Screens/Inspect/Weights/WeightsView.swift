import Canvas
import Inspection

/// The weights in memory: a list of them, and the numbers of one.
struct WeightsView: Widget {
  private let state: WeightsState
  private let runStep: Int

  /// What `state` looks at.
  init(_ state: AppState) {
    self.state = state.inspect.weights
    runStep = state.run.step
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    for (pane, place) in WeightsLayout(state, in: rect).panes {
      widget(for: pane).draw(on: &canvas, in: place)
    }
  }

  private func widget(for pane: WeightsState.Pane) -> any Widget {
    switch pane {
    case .list: WeightListPane(state, runStep: runStep)
    case .map: WeightMapPane(state)
    case .histogram:
      HistogramPane(
        state.weight?.histogram, state.weight?.summary, isFocused: state.focus == .histogram)
    case .spectrum: SpectrumPane(state)
    case .components: ComponentsPane(state)
    }
  }
}
