import Engine

extension ModelSpec {
  /// The numbers of every input of the data, by name, that one number of what the layer at `path` puts
  /// out depends on in evaluation: of feature `feature` of time step `step`, in row-major order.
  ///
  /// The fields of the layers between are composed, from that layer back to the data: through series
  /// one after another, through branches as a union. The first input is called `input`. `time` is the
  /// number of time steps of the example of `input` and the inputs `named` besides. Empty where the
  /// model has an error, or where there is no such number.
  public func receptiveField(
    of feature: Int, at step: Int, of path: LayerPath, input: Signature,
    named: [String: Signature] = [:], time: Int
  ) -> [String: CellSet] {
    let flows = flows(input, named)
    guard self[path] != nil, flows.flatMap(\.rows).allSatisfy({ $0.output != nil }) else {
      return [:]
    }
    var walk = FieldWalk(time: time)
    let main = walk.seen(by: (step, feature), at: path.positions[...], of: flows, input)
    walk.add(main, to: NamedInput.main)
    return walk.found.filter { !$0.value.isEmpty }
  }
}

/// Follows what numbers see back through a tree of layers; what it meets of the data's inputs on the
/// way, it gathers in `found`.
private struct FieldWalk {
  let time: Int
  private(set) var found: [String: CellSet] = [:]

  init(time: Int) { self.time = time }

  mutating func add(_ cells: CellSet, to source: String) {
    if found[source]?.formUnion(cells) == nil { found[source] = cells }
  }

  /// What the number `place` of the layer at `path` sees of what flows into `flows`, `start`; these
  /// follow one another, unless they are branches.
  mutating func seen(
    by place: (step: Int, feature: Int), at path: ArraySlice<Int>, of flows: [Flow],
    _ start: Signature, areBranches: Bool = false
  ) -> CellSet {
    let index = path[path.startIndex]
    let (flow, rest) = (flows[index], path.dropFirst())
    var cells: CellSet
    if rest.isEmpty {
      let extent = extent(of: flow.output ?? start)
      // Of what works on single steps, this one is the only one.
      let number = (flow.fold == nil ? place.step * extent.width : 0) + place.feature
      guard 0..<extent.count ~= number else { return CellSet(self.extent(of: start)) }
      cells = through(flow, CellSet(extent, CollectionOfOne(number)))
    } else {
      cells = seen(inside: flow, by: place, at: rest)
    }
    if !areBranches {
      for earlier in flows[..<index].reversed() { cells = through(earlier, cells) }
    }
    return cells
  }

  /// What the number `place` of the layer at `path` inside `flow` sees of what flows into that.
  private mutating func seen(
    inside flow: Flow, by place: (step: Int, feature: Int), at path: ArraySlice<Int>
  ) -> CellSet {
    guard let input = flow.input, let composite = flow.spec as? any CompositeSpec,
      let inner = try? composite.innerInput(for: input)
    else { preconditionFailure("What holds layers is a composite, and its input is known.") }
    let kind = type(of: composite)
    let cells = seen(
      by: place, at: path, of: flow.children, inner, areBranches: kind.hasBranches)
    guard kind.foldsTime else { return cells }
    var whole = CellSet(extent(of: input))
    if place.step < whole.extent.steps { whole.formUnion(cells, at: place.step) }
    return whole
  }

  /// What the numbers `cells` of what `flow` puts out see of what it reads.
  private mutating func through(_ flow: Flow, _ cells: CellSet) -> CellSet {
    let input = extent(of: flow.input ?? .vector(0))
    guard !cells.isEmpty else { return CellSet(input) }
    if let source = flow.spec as? NamedInput.Spec {
      add(cells, to: source.source)
      return CellSet(input)
    }
    guard let composite = flow.spec as? any CompositeSpec else {
      return flow.spec.field(of: cells, over: input)
    }
    if type(of: composite).foldsTime { return throughSteps(flow, cells, input) }
    let isBranched = type(of: composite).hasBranches
    let ends = (isBranched ? flow.children : flow.children.suffix(1)).compactMap(\.output)
    let parts = composite.partFields(of: cells, over: ends.map(extent))
    var seen = composite.field(of: cells, over: input)
    guard isBranched else {
      seen.formUnion(throughSeries(flow.children, parts.first ?? cells))
      return seen
    }
    for (branch, part) in zip(flow.children, parts) { seen.formUnion(through(branch, part)) }
    return seen
  }

  /// Through layers one after another, from the last to the first.
  private mutating func throughSeries(_ flows: [Flow], _ cells: CellSet) -> CellSet {
    var cells = cells
    for flow in flows.reversed() { cells = through(flow, cells) }
    return cells
  }

  /// Through layers that get every step as an example of its own.
  private mutating func throughSteps(
    _ flow: Flow, _ cells: CellSet, _ input: DataExtent
  ) -> CellSet {
    var seen = CellSet(input)
    for step in 0..<cells.extent.steps where cells.hasStep(step) {
      seen.formUnion(throughSeries(flow.children, cells.step(step)), at: step)
    }
    return seen
  }

  private func extent(of data: Signature) -> DataExtent { DataExtent(data, time: time) }
}
