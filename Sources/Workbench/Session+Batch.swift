import Data
import Inspection
import Training

/// The batches that training reads.
extension Session {
  /// The number of the batch that the run read last, or of the first one of a run to come. Where windows
  /// are cut, one is read for as many updates as it has pieces; where their lengths differ, the number is
  /// about that.
  public var batchNumber: Int {
    let piece = (run?.document ?? document).training.tbpttSteps
    let done = max(0, status.step - 1)
    guard piece > 0, let dataset = run?.dataset ?? (try? self.dataset().get()),
      dataset.target.isPerStep, dataset.batchShape.rank > 1
    else { return done }
    let pieces = (dataset.batchShape[1] + piece - 1) / piece
    return done / max(1, pieces)
  }

  /// Reads batch number `number` of training, from 0, and delivers it on some other thread: that of the
  /// run's data, or else of the document's.
  public func readBatch(
    _ number: Int, deliver: @escaping @Sendable (Result<BatchStrip, SessionError>) -> Void
  ) {
    let data: Result<any Dataset, SessionError> = run.map { .success($0.dataset) } ?? dataset()
    inspectionQueue.async {
      deliver(
        data.flatMap { dataset in
          guard dataset.input.isSequence else {
            return .failure(
              SessionError("\(dataset.name) has no time axis, so nothing of a batch is padding."))
          }
          return .success(BatchStrip(max(0, number), of: dataset))
        })
    }
  }
}
