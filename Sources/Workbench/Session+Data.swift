import Data
import Inspection

/// Looking at the data before training.
extension Session {
  /// Looks through the data of the document and delivers what they are, on some other thread, which is of
  /// little priority beside training.
  public func previewData(
    deliver: @escaping @Sendable (Result<DataPreview, SessionError>) -> Void
  ) {
    let data = dataset()
    measuringQueue.async { deliver(data.map { DataPreview(of: $0) }) }
  }

  /// Reads example `index` of `split` of the document's data, counted round and round, and delivers it on
  /// some other thread.
  public func readSample(
    _ index: Int, of split: Split,
    deliver: @escaping @Sendable (Result<DataSample, SessionError>) -> Void
  ) {
    let data = dataset()
    inspectionQueue.async {
      deliver(
        data.flatMap { dataset in
          guard let sample = DataSample(index, of: split, in: dataset) else {
            return .failure(
              SessionError("The \(split.rawValue) split of \(dataset.name) has no examples."))
          }
          return .success(sample)
        })
    }
  }
}
