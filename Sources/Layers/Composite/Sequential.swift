import Engine

/// Layers one after another, as one layer: a branch of several layers.
///
///     y = fₙ(… f₂(f₁(x)))
///
/// Input and output are those of the first and the last layer inside; with none, y = x.
public struct Sequential: Layer {
  /// What the user edits: nothing but the layers inside.
  public struct Spec: CompositeSpec {
    /// The name in session files and in the palette.
    public static let kind = "sequential"
    /// What it does, in one line.
    public static let summary = "layers one after another"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// No layers yet.
    public init() {}

    /// What the last layer inside puts out.
    public func output(for input: Signature, from parts: [Part]) throws(ShapeError) -> Signature {
      parts.last?.output ?? input
    }

    /// Nothing: the layers inside keep what they need.
    public func activations(for input: Signature, from parts: [Part]) -> Int { 0 }

    /// The layer around `children`.
    public func makeLayer(
      for input: Signature, from parts: [Part], around children: [Network.Element],
      using random: inout Random
    ) -> any Layer {
      Sequential(children: children)
    }
  }

  /// The layers inside, in the order data flow.
  public let children: [Network.Element]

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    children.run(input, &pass)
  }
}

extension [Network.Element] {
  /// Runs layers one after another.
  func run(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    var flowing = input
    for element in self { flowing = element(flowing, &pass) }
    return flowing
  }
}
