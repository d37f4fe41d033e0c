import Canvas
import Inspection

/// How a recording was made: with the weights of which step, and what keeps it from being what the
/// network does by itself.
struct RecordingNote {
  private let recording: SequenceRecording
  private let runStep: Int
  private let comparison: ClampComparison?

  /// The note of `recording`, of a run that is at `runStep`, and of what its clamps change.
  init(_ recording: SequenceRecording, runStep: Int, _ comparison: ClampComparison?) {
    self.recording = recording
    self.runStep = runStep
    self.comparison = comparison
  }

  /// The words, in the colours of `palette`.
  func text(_ palette: Palette) -> StyledText {
    let training =
      recording.isAsInTraining
      ? StyledText("as in training  ", palette[.warning]) : StyledText()
    if let comparison {
      let text = ClampText(comparison)
      let silence = silence(palette).map { $0 + StyledText("  ") } ?? StyledText()
      return training + silence + StyledText("! \(text.short)", palette[.warning])
        + StyledText("  " + text.effect.joined(separator: "  "))
    }
    return training
      + (silence(palette) ?? WeightsAge(recording.weightsStep, runStep: runStep).text(palette))
  }

  /// Which layers put out zeros; nil when none does.
  private func silence(_ palette: Palette) -> StyledText? {
    guard let first = recording.silenced.first else { return nil }
    let more = recording.silenced.count > 1 ? " and \(recording.silenced.count - 1) more" : ""
    return StyledText("! SILENCED: \(first.shortened(to: 16))\(more)", palette[.warning])
  }
}
