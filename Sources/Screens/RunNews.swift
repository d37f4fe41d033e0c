import Training

extension AppState {
  /// Says on the status line what ended a run.
  mutating func announce(_ event: RunEvent) {
    switch event {
    case .endedEarly(let patience, let step):
      let validations = patience == 1 ? "validation was" : "\(patience) validations were"
      say("stopped early after step \(step): the last \(validations) no better")
    case .finished(let step, wasStopped: true): say("stopped after step \(step)")
    case .finished(let step, wasStopped: false) where step == run.totalSteps:
      say("all \(step) steps are done")
    case .failed(let reason, _): complain(reason)
    default: break
    }
  }
}
