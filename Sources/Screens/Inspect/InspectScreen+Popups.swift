import Inspection

/// Closer looks at a recording, over the screen.
extension InspectScreen {
  /// What the normalisations inside a cell do.
  static let normBinding = Binding(
    .screen(.inspect), [.character("N")],
    help: "variances before and after the normalisations inside layer_norm_lstm, and their gains",
    disabled: { state in
      guard state.inspect.aspect == .signals else {
        return "This key is for signals: v leads there."
      }
      guard let recording = state.inspect.recording else {
        return "No sequence was recorded yet. Press f."
      }
      return recording.norms.isEmpty
        ? "This shows the normalisations inside a layer_norm_lstm, and this model has none. The "
          + "statistics of a bn_lstm are among the weights: v leads there." : nil
    }
  ) { state in
    if let popup = state.inspect.recording.flatMap(NormPopup.init) { state.popups.append(popup) }
    return []
  }

  /// Frames, feature maps and the state in one view.
  static let pipelineBinding = Binding(
    .screen(.inspect), [.character("P")],
    help: "the way from frames through feature maps to the state, with gradients on it",
    disabled: { state in
      guard [.signals, .layers].contains(state.inspect.aspect) else {
        return "This key is for signals and layers: v leads there."
      }
      guard let recording = state.inspect.recording else {
        return "No sequence was recorded yet. Press f."
      }
      return recording.length > 0 && Pipeline(recording) != nil
        ? nil : "This shows the way to the state of a recurrent layer, and this model has none."
    }
  ) { state in
    if let popup = state.inspect.recording.flatMap(PipelinePopup.init) {
      state.popups.append(popup)
    }
    return []
  }
}
