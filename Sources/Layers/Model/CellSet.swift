import Engine

/// The numbers of one example's data: T time steps, one where there is no time axis, with features F
/// each; ids are one number a step.
public struct DataExtent: Hashable, Sendable {
  /// The number of time steps, T.
  public let steps: Int
  /// The feature axes of a step; empty for ids.
  public let features: [Int]

  /// Data of `steps` time steps with these feature axes.
  public init(steps: Int, features: [Int]) {
    self.steps = steps
    self.features = features
  }

  /// An example of `time` time steps of data like `signature`.
  public init(_ signature: Signature, time: Int) {
    self.init(
      steps: signature.isSequence ? signature.time(time) : 1, features: signature.features)
  }

  /// The numbers of a step.
  public var width: Int { features.reduce(1, *) }
  /// The numbers of all steps.
  public var count: Int { steps * width }

  /// Channels C, height H and width W of a step; vectors are images of one pixel.
  var image: (channels: Int, height: Int, width: Int) {
    let rest = features.dropFirst()
    return (features.first ?? 1, rest.first ?? 1, rest.dropFirst().reduce(1, *))
  }
}

/// Some of the numbers of one example's data, `[T, F]`: those that something depends on.
public struct CellSet: Hashable, Sendable {
  /// What they are some of.
  public let extent: DataExtent
  /// Whether each number belongs to the set, step by step.
  private(set) var members: [Bool]

  /// None or all of the numbers of `extent`.
  public init(_ extent: DataExtent, all: Bool = false) {
    self.extent = extent
    members = Array(repeating: all, count: extent.count)
  }

  /// The numbers of `extent` at these places in row-major order.
  public init(_ extent: DataExtent, _ places: some Sequence<Int>) {
    self.init(extent)
    for place in places { members[place] = true }
  }

  /// Whether the set has no number.
  public var isEmpty: Bool { !members.contains(true) }
  /// How many numbers it has.
  public var count: Int { members.count { $0 } }
  /// Whether it has all numbers.
  public var isAll: Bool { !members.contains(false) }

  /// Whether it has feature `feature` of time step `step`, which are in the data.
  public func contains(_ step: Int, _ feature: Int) -> Bool {
    members[step * extent.width + feature]
  }

  /// Whether it has a number of time step `step`.
  public func hasStep(_ step: Int) -> Bool {
    members[step * extent.width..<(step + 1) * extent.width].contains(true)
  }

  /// The time steps from the first to the last that it has a number of; nil if it has none.
  public var steps: ClosedRange<Int>? {
    let seen = (0..<extent.steps).filter(hasStep)
    guard let first = seen.first, let last = seen.last else { return nil }
    return first...last
  }

  /// Adds the numbers of `other`, of the same extent.
  public mutating func formUnion(_ other: CellSet) {
    precondition(extent == other.extent, "A union is of numbers of the same data.")
    for place in members.indices where other.members[place] { members[place] = true }
  }

  mutating func insert(_ step: Int, _ feature: Int) {
    members[step * extent.width + feature] = true
  }

  mutating func insertStep(_ step: Int) {
    for feature in 0..<extent.width { insert(step, feature) }
  }

  /// Time step `step` by itself.
  func step(_ step: Int) -> CellSet {
    var single = CellSet(DataExtent(steps: 1, features: extent.features))
    single.members = Array(members[step * extent.width..<(step + 1) * extent.width])
    return single
  }

  /// Adds the numbers of `single`, which is of one step, at time step `step`.
  mutating func formUnion(_ single: CellSet, at step: Int) {
    for feature in 0..<extent.width where single.members[feature] { insert(step, feature) }
  }
}
