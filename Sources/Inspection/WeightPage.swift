/// What is seen of a weight at a time.
public struct WeightPage: Sendable, Equatable {
  /// Which part it is, `gate f` or `output channel 3`; empty when it is all of the weight.
  public let name: String
  /// The rectangles of numbers, at least one unless the weight is empty.
  public let blocks: [NumberBlock]

  /// A page of `blocks`.
  public init(name: String, blocks: [NumberBlock]) {
    self.name = name
    self.blocks = blocks
  }
}
