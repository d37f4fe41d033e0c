import Data
import Engine
import Layers

/// What a layer put out for one example, or an input of the data: numbers `[T, F]`, with what is to be
/// known of them over all time steps.
///
/// A unit is a channel of images or a feature of vectors.
public struct LayerOutput: Sendable {
  /// The layer's place; nil for an input of the data.
  public let path: LayerPath?
  /// The layer's name, or the input's.
  public let name: String
  /// The kind of layer; `data` for an input.
  public let kind: String
  /// The time steps and the features of each.
  public let extent: DataExtent
  /// Whether there is a time axis.
  public let isSequence: Bool
  /// Whether the numbers are ids, whose size means nothing.
  public let isIDs: Bool
  /// The numbers in a few statistics.
  public let summary: NumberSummary
  /// How the numbers are distributed.
  public let histogram: NumberHistogram
  /// The units that are 0 at every pixel of every time step.
  public let deadUnits: [Int]

  /// The numbers, step by step.
  private let values: [Float]

  /// The first `steps` time steps of `tensor` `[1, T, F]`, or all of `[1, F]`.
  init(
    _ tensor: Tensor, path: LayerPath?, name: String, kind: String, steps: Int?, isIDs: Bool
  ) {
    let axes = Array(tensor.shape.dimensions.dropFirst())
    isSequence = steps != nil
    extent = DataExtent(
      steps: steps.map { min($0, axes[0]) } ?? 1,
      features: isSequence ? Array(axes.dropFirst()) : axes)
    (self.path, self.name, self.kind, self.isIDs) = (path, name, kind, isIDs)
    let values = Array(tensor.scalars.prefix(extent.count))
    self.values = values
    summary = NumberSummary(values)
    histogram = NumberHistogram(values, from: summary.minimum, to: summary.maximum)
    let units = extent.features.first ?? 1
    let pixels = max(1, extent.width / max(1, units))
    var isAlive = [Bool](repeating: isIDs, count: units)
    for (place, value) in values.enumerated() where value != 0 {
      isAlive[place % extent.width / pixels] = true
    }
    deadUnits = isAlive.indices.filter { !isAlive[$0] }
  }

  /// The number of units: channels of images, features of vectors, 1 for ids.
  public var units: Int { extent.features.first ?? 1 }
  /// Whether a step is an image of some channels, `[C, H, W]`.
  public var isImage: Bool { extent.features.count == 3 }
  /// Every number, step by step.
  public var numbers: [Float] { values }

  /// Number `feature` of time step `step`, in row-major order.
  public func value(_ step: Int, _ feature: Int) -> Float {
    values[step * extent.width + feature]
  }

  /// The numbers feature by feature, `[F, T]`.
  public var byFeature: [Float] {
    (0..<extent.width).flatMap { feature in (0..<extent.steps).map { value($0, feature) } }
  }

  /// Time step `step` as rectangles: an image for every channel, or one row of features.
  public func blocks(at step: Int) -> [NumberBlock] {
    let numbers = values[step * extent.width..<(step + 1) * extent.width]
    guard isImage else {
      return [NumberBlock(name: "", rows: 1, columns: extent.width, values: Array(numbers))]
    }
    let (height, width) = (extent.features[1], extent.features[2])
    return (0..<units).map { channel in
      NumberBlock(
        name: String(channel), rows: height, columns: width,
        values: Array(
          numbers.dropFirst(channel * height * width).prefix(height * width)))
    }
  }

  /// The axes with their sizes: `T16 C8 H12 W12`, `F10`.
  public var axes: String {
    let letters = isImage ? ["C", "H", "W"] : ["F", "", ""]
    let features = zip(letters, extent.features).map { "\($0)\($1)" }
    return ((isSequence ? ["T\(extent.steps)"] : []) + features).joined(separator: " ")
  }

  /// What every layer of `network` put out in `pass`, which recorded it, of one example with `length`
  /// time steps.
  static func all(of network: Network, in pass: Pass, length: Int) -> [LayerOutput] {
    let made = Dictionary(pass.outputs.map { ($0.layer, $0) }) { first, _ in first }
    let rows = network.model.rows(for: network.input, named: network.namedInputs)
    return zip(rows, network.model.tree).compactMap { row, place in
      guard let output = made[row.name] else { return nil }
      return LayerOutput(
        output.output, path: row.path, name: row.name, kind: place.entry.kind,
        steps: row.time?(length), isIDs: row.output?.vocabulary != nil)
    }
  }

  /// The inputs of `batch`, of one example with `length` time steps.
  static func inputs(of network: Network, in batch: Batch, length: Int) -> [LayerOutput] {
    func input(_ tensor: Tensor, _ name: String, _ data: Signature) -> LayerOutput {
      LayerOutput(
        tensor, path: nil, name: name, kind: "data",
        steps: data.isSequence ? data.time(length) : nil, isIDs: data.vocabulary != nil)
    }
    return [input(batch.input, NamedInput.main, network.input)]
      + network.namedInputs.sorted { $0.key < $1.key }.compactMap { name, data in
        batch.namedInputs[name].map { input($0, name, data) }
      }
  }
}
