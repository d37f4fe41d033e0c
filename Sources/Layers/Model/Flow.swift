import Engine
import Formats

/// What the data offer to `input` layers.
struct DataInputs {
  /// What the model reads first.
  let main: Signature
  /// What it may read besides, by name.
  let named: [String: Signature]
  /// The time steps of which what flows is a single one, which nothing else of the batch fits to; nil
  /// outside of what takes steps one by one.
  var fold: TimeSteps?
  /// The vectors of the embeddings that data have flowed through, by their names.
  var tables: [String: VectorTable] = [:]
  /// The branches that were put side by side to what flows, as users read them: `100 of 'order'`.
  var branches: [String] = []
  /// The residual layers of the model.
  var residuals = 0

  /// `spec` with what it needs to know of the model around it.
  func placing(_ spec: any LayerSpec) -> any LayerSpec {
    switch spec {
    case var tied as TiedLinear.Spec:
      tied.tables = tables
      return tied
    case var linear as Linear.Spec:
      linear.branches = branches
      return linear
    case var residual as Residual.Spec:
      residual.total = max(1, residuals)
      return residual
    default: return spec
    }
  }

  /// The input called `name`, or why there is none.
  func callAsFunction(_ name: String) throws(ShapeError) -> Signature {
    guard fold == nil else {
      throw ShapeError(
        "input needs whole sequences, got the single time steps inside time_distributed. "
          + "Move it out of there.")
    }
    if name == NamedInput.main { return main }
    guard let found = named[name] else {
      let known = [NamedInput.main] + named.keys.sorted()
      throw NamedInput.unknown(name, known: known)
    }
    return found
  }
}

/// What flows through a layer and those inside it, as far as that can be said.
struct Flow {
  let entry: LayerEntry
  /// The entry's spec, with what it needs to know of the model around it.
  let spec: any LayerSpec
  let path: LayerPath
  /// nil when an earlier layer failed.
  let input: Signature?
  /// nil when this or an earlier layer failed, or one inside it.
  private(set) var output: Signature?
  private(set) var error: ShapeError?
  private(set) var children: [Flow] = []
  /// The time steps of which it works on single ones; nil if it does not.
  let fold: TimeSteps?
  /// The vectors of the embeddings here and inside, by their names.
  private(set) var tables: [String: VectorTable] = [:]
  /// Whether a factor on the last weights is one on the output, as of a linear layer; nil without
  /// weights.
  private var weightsScale: Bool?

  /// Layers one after another, inside the one at `parent`.
  static func series(
    _ layers: [LayerEntry], _ input: Signature?, _ data: DataInputs, inside parent: LayerPath? = nil
  ) -> [Flow] {
    var (flowing, data) = (input, data)
    return layers.enumerated().map { position, entry in
      let flow = Flow(entry, at: LayerPath(position, inside: parent), flowing, data)
      flowing = flow.output
      data.tables.merge(flow.tables) { $1 }
      // What keeps the features, such as dropout, keeps what they come from.
      if flow.input?.features != flow.output?.features || flow.spec is Parallel.Spec {
        data.branches = flow.mergedBranches
      }
      return flow
    }
  }

  private init(_ entry: LayerEntry, at path: LayerPath, _ input: Signature?, _ data: DataInputs) {
    self.entry = entry
    self.path = path
    self.input = input
    spec = data.placing(entry.spec)
    fold = data.fold
    do throws(ShapeError) {
      if let composite = spec as? any CompositeSpec {
        let inside = try input.map { input throws(ShapeError) in
          try composite.innerInput(for: input)
        }
        children = Self.inside(entry, composite, inside, of: input?.time, data, at: path)
        for child in children { tables.merge(child.tables) { $1 } }
        guard let input, let parts else { return }
        output = try composite.output(for: input, from: parts)
      } else if let input {
        output =
          if let source = spec as? NamedInput.Spec { try data(source.source) } else {
            try spec.output(for: input)
          }
        if let table = (spec as? Embedding.Spec)?.table(for: input) { tables[entry.name] = table }
      }
      try output?.checkSize()
      weightsScale = weightsScaleOutput
    } catch {
      output = nil
      self.error = error
      // What is inside is shown, too, where its input is not known.
      if children.isEmpty, let composite = spec as? any CompositeSpec {
        children = Self.inside(entry, composite, nil, of: nil, data, at: path)
      }
    }
  }

  private static func inside(
    _ entry: LayerEntry, _ composite: any CompositeSpec, _ input: Signature?, of time: TimeSteps?,
    _ data: DataInputs, at path: LayerPath
  ) -> [Flow] {
    var data = data
    if type(of: composite).foldsTime { data.fold = time ?? TimeSteps() }
    guard type(of: composite).hasBranches else {
      return series(entry.children, input, data, inside: path)
    }
    return entry.children.enumerated().map {
      Flow($1, at: LayerPath($0, inside: path), input, data)
    }
  }

  /// What its branches or the last of its layers put out; nil when one of them failed.
  private var parts: [Part]? {
    let ends = isBranched ? children : children.suffix(1)
    let parts = ends.compactMap { end in
      end.output.map {
        Part(
          name: end.entry.name, output: $0, isSeries: end.spec is Sequential.Spec,
          isScaledByItsWeights: innerWeightsScale ?? false)
      }
    }
    return parts.count == ends.count ? parts : nil
  }

  /// The branches that it puts side by side, as users read them.
  private var mergedBranches: [String] {
    guard (spec as? Parallel.Spec)?.merge == .concat, let parts else { return [] }
    return parts.map { "\($0.output.features.first ?? 0) of \(SafeText.quoted($0.name))" }
  }

  private var isBranched: Bool {
    (spec as? any CompositeSpec).map { type(of: $0).hasBranches } ?? false
  }

  /// Whether a factor on the last weights inside is one on what the layers inside put out; nil
  /// without weights inside.
  private var innerWeightsScale: Bool? {
    let found = children.compactMap(\.weightsScale)
    return isBranched && !found.isEmpty ? false : found.last
  }

  /// The same of this layer's weights and those inside.
  private var weightsScaleOutput: Bool? {
    let names = parameters.map(\.name)
    if spec is any CompositeSpec {
      return names.isEmpty && !(spec is Residual.Spec) ? innerWeightsScale : false
    }
    if names.isEmpty { return nil }
    return names.contains("weight") || names == ["g"]
  }

  /// Its own parameters; none where a layer failed.
  var parameters: [ParameterShape] {
    guard let input, output != nil else { return [] }
    return (spec as? any CompositeSpec)?.parameterShapes(for: input, from: parts ?? [])
      ?? spec.parameterShapes(for: input)
  }

  /// Floats that it keeps itself of one time step of one example, roughly; 0 where a layer failed.
  private var activations: Int {
    guard let input, output != nil else { return 0 }
    return (spec as? any CompositeSpec)?.activations(for: input, from: parts ?? [])
      ?? spec.activations(for: input)
  }

  /// Its row, and those of the layers inside it.
  var rows: [ModelSpec.Row] {
    let row = ModelSpec.Row(
      path: path, name: entry.name, input: input, output: output, error: error,
      parameters: parameters,
      seesLaterSteps: fold == nil && output?.isSequence == true && spec.seesLaterSteps,
      activations: activations,
      isPerStep: fold != nil || input?.isSequence == true,
      time: fold ?? output.flatMap { $0.isSequence ? $0.time : nil })
    return [row] + children.flatMap(\.rows)
  }

  /// The layer with freshly drawn weights, for a flow without errors.
  func element(_ builder: inout NetworkBuilder) -> Network.Element? {
    guard let input, let output else { return nil }
    let own = builder.nextPosition()
    var random = Random.stream(.initialization, own, seed: builder.seed)
    var inside: [Network.Element] = []
    for child in children { inside += child.element(&builder).map { [$0] } ?? [] }
    let layer: any Layer =
      switch spec {
      case let composite as any CompositeSpec:
        composite.makeLayer(for: input, from: parts ?? [], around: inside, using: &random)
      case let tied as TiedLinear.Spec: tied.makeLayer(sharing: builder.tables[tied.source])
      default: spec.makeLayer(for: input, using: &random)
      }
    if let embedding = layer as? Embedding { builder.tables[entry.name] = embedding.weight }
    return Network.Element(
      name: entry.name, layer: layer, position: own, isSequence: fold != nil || output.isSequence)
  }
}

extension Signature {
  /// More numbers a time step than any machine holds: counting on with them would go beyond what is
  /// counted with.
  private static let mostNumbers = 1 << 32

  /// Throws when a time step has too many numbers.
  fileprivate func checkSize() throws(ShapeError) {
    var count = 1
    for size in features {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Self.mostNumbers else {
        throw ShapeError(
          "A time step may have \(Self.mostNumbers) numbers, got \(self). "
            + "Use fewer channels or smaller factors.")
      }
      count = product
    }
  }
}
