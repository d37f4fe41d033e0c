import Inspection
import Layers
import Training

/// Looking at what the network does with an example, before, during and after a run.
extension Session {
  /// A wish to look at an example under the weights of a run that goes on.
  struct Inspection {
    let example: Int
    let deliver: @Sendable (Result<SequenceRecording, SessionError>) -> Void
  }

  /// Runs example `index` of the validation split through the network as it is now, in training or
  /// not, and delivers what every unit did; on some other thread, as soon as it is there.
  public func inspect(
    example index: Int,
    deliver: @escaping @Sendable (Result<SequenceRecording, SessionError>) -> Void
  ) {
    if status.isActive, let run {
      inspections.append(Inspection(example: index, deliver: deliver))
      return run.control.snapshot()
    }
    let weights = run?.lastCheckpoint.map { WeightSnapshot(step: $0.step, weights: $0.weights) }
    if let run, weights != nil {
      return inspect(
        Inspector(document: run.document, dataset: run.dataset), index, weights, deliver)
    }
    switch dataset() {
    case .failure(let error): deliver(.failure(error))
    case .success(let dataset):
      inspect(Inspector(document: document, dataset: dataset), index, nil, deliver)
    }
  }

  private func inspect(
    _ inspector: Inspector, _ index: Int, _ weights: WeightSnapshot?,
    _ deliver: @escaping @Sendable (Result<SequenceRecording, SessionError>) -> Void
  ) {
    inspectionQueue.async { deliver(inspector.record(example: index, weights: weights)) }
  }

  /// The run ended before it could answer: its last weights do, or fresh ones if it has none.
  func askAgain() {
    let wishes = inspections
    inspections = []
    for wish in wishes { inspect(example: wish.example, deliver: wish.deliver) }
  }

  func serveInspections(with weights: WeightSnapshot) {
    guard let run else { return }
    let inspector = Inspector(document: run.document, dataset: run.dataset)
    for wish in inspections { inspect(inspector, wish.example, weights, wish.deliver) }
    inspections = []
  }
}
