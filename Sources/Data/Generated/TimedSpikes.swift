import Engine

extension Bundled {
  /// Go on firing at the pace that was given, without a clock.
  ///
  /// The input is 1 at two steps, k apart, and 0 elsewhere; k is drawn from `difficulty` − 2 to
  /// `difficulty` + 2, 10 ± 2 by default. From the second on, the target is `spike` every k steps after
  /// it and `quiet` else; steps before the second spike do not count. `length` is T, 60 by default.
  ///
  /// After Gers, Schraudolph and Schmidhuber 2002, "Learning precise timing with LSTM recurrent
  /// networks".
  static let timedSpikes: Bundled = .init(
    "timed-spikes", "keep a given pace", settings: Set.generated.union([.difficulty])
  ) { recipe, seed throws(DataError) in
    let pace = try recipe.difficulty(10, atLeast: 3, atMost: 1000)
    let length = try recipe.length(max(60, 5 * pace), atLeast: 3 * pace + 8, atMost: 10_000)
    let task = GeneratedTask(
      name: timedSpikes.name,
      title: "spike on every \(pace - 2) to \(pace + 2) steps, \(grouped(length)) steps",
      form: SampleForm(
        input: .sequence(1),
        target: Target(labels: ["quiet", "spike"], isPerStep: true, metric: .macroF1)),
      longest: length,
      make: { random, _ in
        let k = random.whole(in: pace - 2...pace + 2)
        let first = random.below(5)
        var input = [Float](repeating: 0, count: length)
        input[first] = 1
        input[first + k] = 1
        let spikes = (0..<length).map { t in t > first + k && (t - first) % k == 0 ? 1 : 0 }
        var sample = Sample(input, classes: spikes)
        sample.weights = (0..<length).map { $0 <= first + k ? 0 : 1 }[...]
        return sample
      },
      step: { $0.first == 1 ? "|" : "·" })
    return GeneratedDataset(task, recipe, seed: seed)
  }
}
