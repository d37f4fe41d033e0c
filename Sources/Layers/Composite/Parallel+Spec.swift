import Engine
import Formats

extension Parallel {
  /// What the user edits of parallel branches besides the layers in them.
  public struct Spec: CompositeSpec {
    /// The name in session files and in the palette.
    public static let kind = "parallel"
    /// What it does, in one line.
    public static let summary = "branches with one input, and one output made of theirs"
    /// A gate acts on every vector.
    public static let weightUse = WeightUse.everyOutput
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .choice("merge", \.merge, "how the branches' outputs become one")
    ]
    /// The layers inside are branches.
    public static let hasBranches = true

    /// How the branches' outputs become one.
    public var merge = Merge.concat

    /// Branches side by side.
    public init() {}

    /// Branches whose outputs become one by `merge`.
    public init(_ merge: Merge) { self.merge = merge }

    /// What the branches make together, or why they do not fit.
    public func output(for input: Signature, from parts: [Part]) throws(ShapeError) -> Signature {
      guard let first = parts.first else {
        throw ShapeError("parallel needs branches, got \(input). Add a layer inside it for each.")
      }
      guard merge != .gate || parts.count > 1 else {
        throw ShapeError("parallel needs two branches or more to gate, got one. Add a branch.")
      }
      for part in parts { try check(part, beside: first) }
      var output = first.output
      if merge == .concat {
        output.features[0] = parts.reduce(0) { $0 + ($1.output.features.first ?? 0) }
      }
      return output
    }

    /// Throws unless `part` can be merged, and with `first`.
    private func check(_ part: Part, beside first: Part) throws(ShapeError) {
      let (a, b) = (first.output, part.output)
      if b.vocabulary != nil || b.features.isEmpty {
        throw ShapeError(
          "parallel needs branches that put out features, got \(part). Put an embedding into it.")
      }
      if merge == .gate, b.size == nil {
        throw ShapeError(
          "parallel needs branches with one axis of features to gate, got \(part). "
            + part.ending(with: "flatten"))
      }
      let pair = "got \(first) and \(part)."
      if a.isSequence != b.isSequence {
        let long = a.isSequence ? first : part
        throw ShapeError(
          "parallel needs branches that all put out sequences, or none, \(pair) "
            + long.ending(with: "last_step or mean_over_time"))
      }
      if a.time != b.time {
        throw ShapeError(
          "parallel needs branches with the same time steps, \(pair) "
            + "Use the same strides and padding in both.")
      }
      if merge == .concat {
        guard a.features.dropFirst() != b.features.dropFirst() else { return }
        throw ShapeError(
          "parallel needs branches that differ in channels only to concat, \(pair) "
            + [first, part].filter { $0.output.features.count > 1 }
            .map { $0.ending(with: "flatten") }.joined(separator: " "))
      }
      if a.features != b.features {
        throw ShapeError(
          "parallel needs branches of one shape to \(merge.verb), \(pair) "
            + "Give both the same size, or set merge to concat.")
      }
    }

    /// What the numbers `outputs` see of the branches: of their own one; of the same number of all;
    /// through a gate of all numbers of all.
    public func partFields(of outputs: CellSet, over parts: [DataExtent]) -> [CellSet] {
      switch merge {
      case .sum, .product: return parts.map { _ in outputs }
      case .gate: return parts.map { outputs.wholeSteps(over: $0) }
      case .concat:
        var start = 0
        return parts.map { part in
          defer { start += part.width }
          return outputs.features(start..<start + part.width, as: part)
        }
      }
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(
      for input: Signature, from parts: [Part]
    ) -> [ParameterShape] {
      guard merge == .gate, let size = parts.first?.output.size else { return [] }
      let scores = (parts.count - 1) * size
      return [
        ParameterShape("weight", [scores, parts.count * size]), ParameterShape("bias", [scores]),
      ]
    }

    /// Floats that it keeps itself of one time step of one example while training, roughly.
    public func activations(for input: Signature, from parts: [Part]) -> Int {
      let size = parts.reduce(0) { $0 + $1.output.features.reduce(1, *) }
      return (merge == .gate ? 8 : 2) * size
    }

    /// The layer around `children` with freshly drawn parameters.
    public func makeLayer(
      for input: Signature, from parts: [Part], around children: [Network.Element],
      using random: inout Random
    ) -> any Layer {
      let shapes = parameterShapes(for: input, from: parts)
      let bound = shapes.first.map { 1 / Float($0.shape[1]).squareRoot() } ?? 0
      let drawn = shapes.map {
        Parameter($0.name, .uniform(-bound...bound, $0.shape, using: &random))
      }
      return Parallel(
        merge, children: children, parameters: drawn,
        isSequence: parts.contains { $0.output.isSequence })
    }
  }
}

extension Parallel.Merge {
  /// What is done, in words: `to sum`.
  fileprivate var verb: String {
    switch self {
    case .concat, .sum, .gate: rawValue
    case .product: "multiply"
    }
  }
}

extension Part: CustomStringConvertible {
  /// The name of its last layer and what it puts out, as users read them.
  public var description: String { "\(SafeText.quoted(name)) \(output)" }
}
