import Engine

/// The examples of a data set with a class each, to be placed near others of their class.
///
/// Everything is that of the data set but what is to be predicted: a point for each example, of as many
/// numbers as the network likes. There is no simple method to compare with; an untrained network is one.
public struct PointDataset: Dataset {
  private let base: any Dataset
  /// A point for each example.
  public let target: Target

  /// The examples of `base`; nil unless each has one class.
  public init?(_ base: any Dataset) {
    guard case .classes(let labels) = base.target.kind, !base.target.isPerStep else { return nil }
    self.base = base
    target = Target(.points(labels), isPerStep: false, metric: .nearestNeighbour)
  }

  /// That of the data set.
  public var name: String { base.name }
  /// That of the data set.
  public var summary: String { base.summary }
  /// That of the data set.
  public var input: Signature { base.input }
  /// Those of the data set.
  public var namedInputs: [String: Signature] { base.namedInputs }
  /// That of the data set.
  public var stepsPerEpoch: Int { base.stepsPerEpoch }
  /// That of the data set.
  public var batchShape: Shape { base.batchShape }
  /// That of the data set.
  public func trainingBatch(at step: Int) -> Batch { base.trainingBatch(at: step) }
  /// That of the data set.
  public func batchCount(of split: Split) -> Int { base.batchCount(of: split) }
  /// That of the data set.
  public func batch(_ index: Int, of split: Split) -> Batch { base.batch(index, of: split) }
  /// That of the data set.
  public func exampleCount(of split: Split) -> Int { base.exampleCount(of: split) }
  /// That of the data set.
  public func example(_ index: Int, of split: Split) -> Example { base.example(index, of: split) }
  /// That of the data set.
  public func symbol(of id: Int) -> String { base.symbol(of: id) }
  /// Those of the data set.
  public func read(_ material: Material) throws(DataError) -> NewSequences {
    try base.read(material)
  }
  /// None.
  public func baselines(on split: Split) -> [Baseline] { [] }
}
