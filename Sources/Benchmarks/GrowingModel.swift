import Data
import Layers

/// A model whose sizes can be chosen, for measuring how a step grows with one of them.
public struct GrowingModel: Sendable {
  /// The sizes.
  public struct Sizes: Sendable, Equatable {
    /// Time steps of a sequence, T.
    public var time: Int
    /// Sequences in a batch, B.
    public var batch: Int
    /// Hidden units or channels of every layer, H.
    public var hidden: Int
    /// Layers on top of each other.
    public var layers: Int

    /// The size of `axis`.
    public subscript(axis: Axis) -> Int {
      get { self[keyPath: axis.size] }
      set { self[keyPath: axis.size] = newValue }
    }
  }

  /// The sizes that can grow.
  public enum Axis: String, CaseIterable, Sendable {
    case time, batch, hidden, layers

    /// The letter that stands for it.
    public var letter: String {
      switch self {
      case .time: "T"
      case .batch: "B"
      case .hidden: "H"
      case .layers: "layers"
      }
    }

    fileprivate var size: WritableKeyPath<Sizes, Int> & Sendable {
      switch self {
      case .time: \.time
      case .batch: \.batch
      case .hidden: \.hidden
      case .layers: \.layers
      }
    }
  }

  /// The name that users type.
  public let name: String
  /// What it is, in one line.
  public let summary: String
  /// The sizes that stay while another one grows.
  public let base: Sizes
  private let make: @Sendable (Sizes) -> Workload

  /// The models there are.
  public static let all: [GrowingModel] = [
    recurrent("lstm") { LSTM.Spec(hiddenSize: $0) }, recurrent("gru") { GRU.Spec(hiddenSize: $0) },
    convolutional,
  ]

  /// The model called `name`; nil where there is none.
  public static func named(_ name: String) -> GrowingModel? { all.first { $0.name == name } }

  /// What is measured when it has these sizes.
  func workload(_ sizes: Sizes) -> Workload { make(sizes) }

  /// The sizes that `axis` grows through, each the double of the one before.
  func steps(of axis: Axis) -> [Sizes] {
    let range =
      switch axis {
      case .time: base.time / 4...base.time * 16
      case .batch: 1...base.batch * 8
      case .hidden: base.hidden / 8...base.hidden * 8
      case .layers: 1...16
      }
    return sequence(first: range.lowerBound) { $0 * 2 }.prefix { $0 <= range.upperBound }.map {
      var sizes = base
      sizes[axis] = $0
      return sizes
    }
  }

  /// A language model of 64 symbols; every layer reads as many numbers as it has units.
  private static func recurrent(
    _ name: String, _ cell: @escaping @Sendable (Int) -> any LayerSpec
  ) -> GrowingModel {
    GrowingModel(
      name: name, summary: "language model of 64 symbols out of layers of \(name)",
      base: Sizes(time: 64, batch: 32, hidden: 128, layers: 1)
    ) {
      .language(name, 64, $0.hidden, $0.hidden, layers: $0.layers, $0.batch, $0.time, cell)
    }
  }

  /// Causal convolutions over time with a kernel of three, one class for a sequence.
  private static let convolutional = GrowingModel(
    name: "conv", summary: "causal convolutions over time, kernel 3, each followed by relu",
    base: Sizes(time: 256, batch: 16, hidden: 32, layers: 2)
  ) { sizes in
    var convolution = Conv1d.Spec(outChannels: sizes.hidden)
    convolution.padding = .causal
    let layers = (0..<sizes.layers).flatMap { _ -> [any LayerSpec] in
      [convolution, Activation.Spec(.relu)]
    }
    return Workload(
      "conv", "convolutions",
      on: RandomData(
        .sequence(sizes.hidden), batch: sizes.batch, time: sizes.time,
        Target(labels: Workload.labels(10), isPerStep: false, metric: .accuracy)),
      ModelSpec(layers + [LastStep.Spec(), Linear.Spec(outFeatures: 10)]))
  }
}
