import Engine
import Layers

/// A parameter or a buffer of a layer, with its numbers and what is to be known of them.
public struct Weight: Sendable {
  /// The name of its layer.
  public let layer: String
  /// Its name inside the layer, such as `weight_hh_l0`.
  public let name: String
  /// The sizes of its axes.
  public let shape: [Int]
  /// Whether training changes it; if not, it is a buffer, such as a running mean.
  public let isTrained: Bool
  /// The gates that are stacked in its rows, `[G·H, …]`, or in its columns if it is over time; empty when
  /// it is not stacked.
  public let gates: [String]
  /// Whether its rows are time steps, `[L, N]`, as those of statistics of every step are; its pages
  /// show time from left to right.
  public let isOverTime: Bool
  /// Whether it holds variances, which are never below 0.
  public let isPositive: Bool
  /// What its rows stand for, one a row, if that is known: the symbols of an embedding.
  public let rowNames: [String]
  /// Whether its rows are vectors that stand for something, as those of an embedding do.
  public let isEmbedding: Bool
  /// Whether it holds one number a hidden unit that acts on this unit alone, as peepholes and the
  /// recurrent weights of an IndRNN do: then its order means little, and its distribution much.
  public let isPerUnit: Bool
  /// The largest absolute value that the layer keeps it to; nil where there is no bound.
  public let bound: Double?
  /// The numbers in a few statistics.
  public let summary: NumberSummary
  /// How the numbers are distributed.
  public let histogram: NumberHistogram
  /// The singular values of each page of a matrix, one for each gate; empty until they are found.
  public private(set) var spectra: [SingularSpectrum] = []
  /// The singular values that each page had before the first step; empty until they are found.
  public internal(set) var startSpectra: [SingularSpectrum] = []
  /// The rows of an embedding in the plane; nil until they are found, and where they cannot be.
  public private(set) var components: PrincipalComponents?

  private let values: Tensor
  private let firstAxis: String

  /// Copies `parameter` of `element`, which belongs to `cell` if there is one; `symbol` says what the
  /// rows of an embedding stand for.
  init(
    _ parameter: Parameter, of element: Network.Element, isTrained: Bool, cell: StackedCell?,
    symbol: (Int) -> String = { String($0) }
  ) {
    let value = parameter.value
    layer = element.name
    name = parameter.name
    shape = value.shape.dimensions
    self.isTrained = isTrained
    isOverTime = !isTrained && value.shape.rank == 2
    isPositive = !isTrained && parameter.name.contains("running_var")
    isEmbedding = element.layer is Embedding
    rowNames = isEmbedding ? (0..<value.shape[0]).map(symbol) : []
    gates = cell?.gates(in: isOverTime ? [value.shape[1]] : value.shape) ?? []
    isPerUnit = cell != nil && value.shape.rank == 1 && parameter.name.hasPrefix("weight")
    bound = parameter.name.hasPrefix("weight_hh") ? cell?.bound : nil
    values = value.copy()
    let numbers = value.scalars
    summary = NumberSummary(numbers)
    histogram = NumberHistogram(numbers, from: summary.minimum, to: summary.maximum)
    firstAxis = element.layer.isTransposedConvolution ? "input channel" : "output channel"
  }

  /// Every number, row by row.
  public var numbers: [Float] { values.scalars }

  /// Whether singular values are looked for: in matrices that training changes.
  public var hasSpectrum: Bool { shape.count == 2 && isTrained }

  /// The name in the whole network, `layer.name`.
  public var fullName: String { layer + "." + name }

  /// The number of pages: one for each gate of a matrix, one for each channel of kernels, else one.
  public var pageCount: Int {
    switch shape.count {
    case ...1: 1
    case 2: max(1, gates.count)
    default: max(1, shape[0])
    }
  }

  /// Page `index`, counted round and round: of a vector `[N]` one row for each gate, of a matrix
  /// `[G·H, D]` the rows of a gate, of kernels `[O, I, k]` those of a channel as one `[I, k]`, of
  /// kernels `[O, I, …, kH, kW]` those of a channel, each `[kH, kW]`.
  public func page(_ index: Int) -> WeightPage {
    let index = (index % pageCount + pageCount) % pageCount
    switch shape.count {
    case ...1: return vector
    case 2 where isOverTime: return overTime(index)
    case 2:
      let rows = shape[0] / pageCount
      let name = gates.isEmpty ? "" : "gate " + gates[index]
      return WeightPage(
        name: name,
        blocks: [block("", rows: rows, columns: shape[1], from: index * rows * shape[1])])
    default: return kernels(index)
    }
  }

  /// The channels of a gate, or all of them, over the time steps.
  private func overTime(_ index: Int) -> WeightPage {
    let (steps, channels) = (shape[0], shape[1] / pageCount)
    let numbers = (0..<channels).flatMap { channel in
      (0..<steps).map { values[flat: $0 * shape[1] + index * channels + channel] }
    }
    return WeightPage(
      name: (gates.isEmpty ? "" : "gate \(gates[index]), ") + "unit × time",
      blocks: [NumberBlock(name: "", rows: channels, columns: steps, values: numbers)])
  }

  private var vector: WeightPage {
    let count = max(1, gates.count)
    let size = values.count / count
    return WeightPage(
      name: "",
      blocks: (0..<count).map {
        block(gates.isEmpty ? "" : gates[$0], rows: 1, columns: size, from: $0 * size)
      })
  }

  private func kernels(_ channel: Int) -> WeightPage {
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let count = shape[1..<(shape.count - 2)].reduce(1, *)
    let start = channel * count * height * width
    return WeightPage(
      name: "\(firstAxis) \(channel)",
      blocks: (0..<count).map {
        block(String($0), rows: height, columns: width, from: start + $0 * height * width)
      })
  }

  private func block(_ name: String, rows: Int, columns: Int, from start: Int) -> NumberBlock {
    NumberBlock(
      name: name, rows: rows, columns: columns,
      values: (start..<start + rows * columns).map { values[flat: $0] })
  }

  /// Works out the singular values of every page, if it has any, and the plane of an embedding.
  mutating func findSpectra() {
    guard hasSpectrum else { return }
    if isEmbedding { components = page(0).blocks.first.flatMap { PrincipalComponents($0) } }
    spectra = (0..<pageCount).flatMap { page($0).blocks }.map { SingularSpectrum($0) }
  }
}
