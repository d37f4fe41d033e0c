import Engine

extension Bundled {
  /// The tag of a token depends on the next one: (x_t + x_{t+1}) mod V.
  ///
  /// Tokens are drawn evenly from V = `difficulty` (4 by default), so a network that reads forwards
  /// only cannot do better than 1/V, and one that reads both ways can be perfect. The last step has no
  /// next one and does not count. `length` is T, 32 by default.
  static let lookAhead: Bundled = .init(
    "look-ahead", "tag each token by itself and the next one",
    settings: Set.generated.union([.difficulty])
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(32, atLeast: 2)
    let tokens = try recipe.difficulty(4, atLeast: 2, atMost: 256)
    let task = GeneratedTask(
      name: lookAhead.name,
      title: "tag each of \(grouped(length)) tokens by (itself + the next one) mod \(tokens)",
      form: SampleForm(
        input: .ids(below: tokens),
        target: Target(
          labels: (0..<tokens).map(String.init), isPerStep: true, metric: .accuracy)),
      longest: length,
      make: { random, _ in
        let x = (0..<length).map { _ in random.below(tokens) }
        let tags = zip(x, x.dropFirst()).map { ($0 + $1) % tokens } + [0]
        var sample = Sample(x.map(Float.init), classes: tags)
        sample.weights = ([Float](repeating: 1, count: length - 1) + [0])[...]
        return sample
      })
    return GeneratedDataset(task, recipe, seed: seed)
  }
}
