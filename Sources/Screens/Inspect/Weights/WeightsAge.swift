import Canvas

/// Which weights are looked at, and whether the run has newer ones.
struct WeightsAge {
  private let step: Int?
  private let runStep: Int

  /// Weights after `step` training steps, if that is known, of a run that is at `runStep`.
  init(_ step: Int?, runStep: Int) {
    self.step = step
    self.runStep = runStep
  }

  /// The words, in the colours of `palette`.
  func text(_ palette: Palette) -> StyledText {
    guard let step else { return "weights of an unknown step" }
    var text = StyledText(step == 0 ? "untrained weights" : "weights of step \(step)")
    if runStep > step { text.append(", run at \(runStep)", palette[.warning]) }
    return text
  }
}
