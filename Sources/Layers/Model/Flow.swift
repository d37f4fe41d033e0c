import Engine

/// What the data offer to `input` layers.
struct DataInputs {
  /// What the model reads first.
  let main: Signature
  /// What it may read besides, by name.
  let named: [String: Signature]
  /// The time steps of which what flows is a single one, which nothing else of the batch fits to; nil
  /// outside of what takes steps one by one.
  var fold: TimeSteps?

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
  let path: LayerPath
  /// nil when an earlier layer failed.
  let input: Signature?
  /// nil when this or an earlier layer failed, or one inside it.
  private(set) var output: Signature?
  private(set) var error: ShapeError?
  private(set) var children: [Flow] = []
  /// The time steps of which it works on single ones; nil if it does not.
  let fold: TimeSteps?

  /// Layers one after another, inside the one at `parent`.
  static func series(
    _ layers: [LayerEntry], _ input: Signature?, _ data: DataInputs, inside parent: LayerPath? = nil
  ) -> [Flow] {
    var flowing = input
    return layers.enumerated().map { position, entry in
      let flow = Flow(entry, at: LayerPath(position, inside: parent), flowing, data)
      flowing = flow.output
      return flow
    }
  }

  private init(_ entry: LayerEntry, at path: LayerPath, _ input: Signature?, _ data: DataInputs) {
    self.entry = entry
    self.path = path
    self.input = input
    fold = data.fold
    do throws(ShapeError) {
      if let composite = entry.spec as? any CompositeSpec {
        let inside = try input.map { input throws(ShapeError) in
          try composite.innerInput(for: input)
        }
        children = Self.inside(entry, composite, inside, of: input?.time, data, at: path)
        guard let input, let parts else { return }
        output = try composite.output(for: input, from: parts)
      } else if let input {
        output =
          if let source = entry.spec as? NamedInput.Spec { try data(source.source) } else {
            try entry.spec.output(for: input)
          }
      }
    } catch {
      self.error = error
      // What is inside is shown, too, where its input is not known.
      if children.isEmpty, let composite = entry.spec as? any CompositeSpec {
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
    let isBranched = (entry.spec as? any CompositeSpec).map { type(of: $0).hasBranches } ?? false
    let ends = isBranched ? children : children.suffix(1)
    let parts = ends.compactMap { end in
      end.output.map {
        Part(name: end.entry.name, output: $0, isSeries: end.entry.spec is Sequential.Spec)
      }
    }
    return parts.count == ends.count ? parts : nil
  }

  /// Its own parameters; none where a layer failed.
  var parameters: [ParameterShape] {
    guard let input, output != nil else { return [] }
    return (entry.spec as? any CompositeSpec)?.parameterShapes(for: input, from: parts ?? [])
      ?? entry.spec.parameterShapes(for: input)
  }

  /// Floats that it keeps itself of one time step of one example, roughly; 0 where a layer failed.
  private var activations: Int {
    guard let input, output != nil else { return 0 }
    return (entry.spec as? any CompositeSpec)?.activations(for: input, from: parts ?? [])
      ?? entry.spec.activations(for: input)
  }

  /// Its row, and those of the layers inside it.
  var rows: [ModelSpec.Row] {
    let row = ModelSpec.Row(
      path: path, name: entry.name, input: input, output: output, error: error,
      parameters: parameters,
      seesLaterSteps: fold == nil && output?.isSequence == true && entry.spec.seesLaterSteps,
      activations: activations,
      isPerStep: fold != nil || input?.isSequence == true,
      time: fold ?? output.flatMap { $0.isSequence ? $0.time : nil })
    return [row] + children.flatMap(\.rows)
  }

  /// The layer with weights drawn from `seed`, for a flow without errors; `position` is its number
  /// in the tree, and becomes that of the next layer.
  func element(_ position: inout Int, seed: UInt64) -> Network.Element? {
    guard let input, let output else { return nil }
    let own = position
    position += 1
    var random = Random.stream(.initialization, own, seed: seed)
    var inside: [Network.Element] = []
    for child in children { inside += child.element(&position, seed: seed).map { [$0] } ?? [] }
    let layer =
      if let composite = entry.spec as? any CompositeSpec {
        composite.makeLayer(for: input, from: parts ?? [], around: inside, using: &random)
      } else {
        entry.spec.makeLayer(for: input, using: &random)
      }
    return Network.Element(
      name: entry.name, layer: layer, position: own, isSequence: fold != nil || output.isSequence)
  }
}
