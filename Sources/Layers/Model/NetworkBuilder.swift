import Engine

/// What layers of a network have in common while it is made.
struct NetworkBuilder {
  /// The key of the numbers that weights are drawn from.
  let seed: UInt64
  /// The vectors of the embeddings made so far, by their names.
  var tables: [String: Parameter] = [:]
  private var position = 0

  /// A network whose weights are drawn from `seed`.
  init(seed: UInt64) { self.seed = seed }

  /// The number of the next layer in the tree.
  mutating func nextPosition() -> Int {
    defer { position += 1 }
    return position
  }
}
