/// The tree: finding, putting in, taking out and moving layers.
extension ModelSpec {
  /// Every layer with its place: each before those inside it.
  public var tree: [(path: LayerPath, entry: LayerEntry)] {
    func all(_ layers: [LayerEntry], inside parent: LayerPath?)
      -> [(path: LayerPath, entry: LayerEntry)]
    {
      layers.enumerated().flatMap { position, entry in
        let path = LayerPath(position, inside: parent)
        return [(path, entry)] + all(entry.children, inside: path)
      }
    }
    return all(layers, inside: nil)
  }

  /// The layer at `path`; nil where there is none. Setting nil, or where there is none, does nothing.
  public subscript(path: LayerPath) -> LayerEntry? {
    get { try? layer(at: path) }
    set {
      guard let newValue, self[path] != nil else { return }
      changeNeighbours(of: path) { $0[path.position] = newValue }
    }
  }

  /// The place of the layer called `name`; nil where there is none.
  public func path(of name: String) -> LayerPath? { tree.first { $0.entry.name == name }?.path }

  /// The layer at `path`, or why there is none.
  public func layer(at path: LayerPath) throws(ShapeError) -> LayerEntry {
    let neighbours = try neighbours(of: path)
    guard neighbours.indices.contains(path.position) else {
      let owner = path.parent.map { "Layer \($0)" } ?? "The model"
      let last = path.moved(by: neighbours.count - 1 - path.position)
      throw ShapeError(
        neighbours.isEmpty
          ? "\(owner) has no layers, got position \(path). Add one first."
          : "\(owner) has layers \(path.moved(by: -path.position)) to \(last), got \(path).")
    }
    return neighbours[path.position]
  }

  /// Gives the layer at `path` another name, by which layers that share its weights go on to know it.
  public mutating func rename(_ path: LayerPath, to name: String) {
    guard let old = self[path]?.name else { return }
    self[path]?.name = name
    for (place, entry) in tree {
      guard var tied = entry.spec as? TiedLinear.Spec, tied.source == old else { continue }
      tied.source = name
      self[place]?.spec = tied
    }
  }

  /// Puts a layer before the one at `path`, or after the last; or says why that cannot be.
  public mutating func insert(_ entry: LayerEntry, at path: LayerPath) throws(ShapeError) {
    try checkInsertion(at: path, "A new layer needs")
    try Self.check(height: path.depth + entry.height)
    changeNeighbours(of: path) { $0.insert(entry, at: path.position) }
  }

  /// Takes the layer at `path` out with all inside it, or says why not.
  @discardableResult
  public mutating func remove(at path: LayerPath) throws(ShapeError) -> LayerEntry {
    let entry = try layer(at: path)
    changeNeighbours(of: path) { $0.remove(at: path.position) }
    return entry
  }

  /// Moves the layer at `start` with all inside it, or says why not; returns where it stands then.
  ///
  /// The layers around `end` are those that stand there now; its last position is the one that the
  /// layer has afterwards.
  @discardableResult
  public mutating func move(
    from start: LayerPath, to end: LayerPath
  ) throws(ShapeError) -> LayerPath {
    let entry = try layer(at: start)
    guard start == end || !start.contains(end) else {
      throw ShapeError("Layer \(start) cannot move into itself, got \(end). Choose another place.")
    }
    if start.parent == end.parent {
      _ = try layer(at: end)  // it takes the place of a neighbour
    } else {
      try checkInsertion(at: end, "Layer \(start) can move to")
    }
    let path = LayerPath(end.position, inside: end.parent?.afterRemoving(start))
    var changed = self
    try changed.remove(at: start)
    try changed.insert(entry, at: path)
    self = changed
    return path
  }

  /// Puts `entry`, which holds nothing yet, where the layer at `path` stands, and that inside it; or
  /// says why not.
  public mutating func wrap(at path: LayerPath, in entry: LayerEntry) throws(ShapeError) {
    let inside = try layer(at: path)
    guard entry.isComposite else {
      throw ShapeError(
        "Layer \(path) can be put inside a layer that holds others, got \(entry.kind). "
          + "Choose one such as residual.")
    }
    var entry = entry
    entry.children = [inside]
    try Self.check(height: path.depth + entry.height)
    changeNeighbours(of: path) { $0[path.position] = entry }
  }

  /// Puts what is inside the layer at `path` where that stands, or says why not.
  public mutating func unwrap(at path: LayerPath) throws(ShapeError) {
    let entry = try layer(at: path)
    guard !entry.children.isEmpty else {
      throw ShapeError(
        "Layer \(path) needs layers inside it to put in its place, got \(entry.kind) without any. "
          + "Delete it instead.")
    }
    changeNeighbours(of: path) {
      $0.replaceSubrange(path.position...path.position, with: entry.children)
    }
  }

  /// Throws unless a layer can be put before the one at `path`, or after the last.
  private func checkInsertion(at path: LayerPath, _ subject: String) throws(ShapeError) {
    let count = try neighbours(of: path).count
    guard 0...count ~= path.position else {
      let (first, last) = (path.moved(by: -path.position), path.moved(by: count - path.position))
      throw ShapeError("\(subject) a position from \(first) to \(last), got \(path).")
    }
  }

  /// The layers beside `path`, or why there can be none.
  private func neighbours(of path: LayerPath) throws(ShapeError) -> [LayerEntry] {
    guard let parent = path.parent else { return layers }
    let entry = try layer(at: parent)
    guard entry.isComposite else {
      throw ShapeError(
        "Layer \(parent) is \(entry.kind), which holds no layers, got \(path). "
          + "Wrap it in one that does, such as sequential.")
    }
    return entry.children
  }

  /// Changes the layers beside `path`, which there are.
  private mutating func changeNeighbours(
    of path: LayerPath, _ change: (inout [LayerEntry]) -> Void
  ) {
    func go(_ layers: inout [LayerEntry], _ levels: ArraySlice<Int>) {
      guard let position = levels.first else { return change(&layers) }
      go(&layers[position].children, levels.dropFirst())
    }
    go(&layers, path.positions.dropLast())
  }
}
