import Training

extension RunStatus {
  /// Moves on to where `event` says the run stands.
  mutating func follow(_ event: RunEvent) {
    switch event {
    case .started(let step, let totalSteps, let stepsPerEpoch):
      phase = .running
      self.step = step
      self.totalSteps = totalSteps
      self.stepsPerEpoch = stepsPerEpoch
    case .stepped(let report): step = report.step
    case .changed(let knob, _): totalSteps = knob.totalSteps ?? totalSteps
    case .paused: phase = .paused
    case .resumed: phase = .running
    case .finished(let step, let wasStopped):
      self.step = step
      phase = .finished(wasStopped: wasStopped)
    case .failed(let reason, let step):
      self.step = step
      phase = .failed(reason)
    case .endedEarly, .warning, .validated, .saved, .snapshot: break
    }
  }
}

extension RunEvent {
  /// What the journal says of this event; nil when it says nothing.
  var journalText: String? {
    switch self {
    case .started(let step, let total, _): "run from step \(step) of \(total)"
    case .validated(let report):
      "\(report.split.rawValue) loss \(report.loss.rounded(to: 4))"
        + (report.isBest ? ", best" : "")
    case .saved(_, let file, let isBest): "checkpoint \(file)" + (isBest ? ", best" : "")
    case .changed(let knob, _): "\(knob.name) \(knob.value) took effect"
    case .warning(let text, _): "warning: \(text)"
    case .endedEarly(let patience, _): "no better validation for \(patience): the run ends"
    case .paused: "paused"
    case .resumed: "went on"
    case .finished(_, let wasStopped): wasStopped ? "stopped" : "all steps done"
    case .failed(let reason, _): "failed: \(reason)"
    case .stepped, .snapshot: nil
    }
  }
}

extension Double {
  /// The number with `digits` after the point.
  fileprivate func rounded(to digits: Int) -> Double {
    guard isFinite else { return self }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return (self * scale).rounded() / scale
  }
}
