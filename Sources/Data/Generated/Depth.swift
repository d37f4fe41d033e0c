import Engine

extension Bundled {
  /// Tasks that need as many steps of thought as `difficulty` k says, 3 by default.
  ///
  /// - `pointers`: a list of 8 pointers, then a start and k marks: where do k hops lead? Ids are 0 to 7
  ///   and the mark 8.
  /// - `modular`: k + 1 digits below 7: their sum modulo 7.
  /// - `parity`: 8 k bits: at every step, whether the ones so far are odd.
  /// - `reversal`: 4 k letters of 8 and as many marks: at the marks, the letters from the last to the
  ///   first.
  ///
  /// A network of fixed depth without recurrence fails from some k on.
  static let depth: Bundled = .init(
    "depth", "tasks that need k steps of thought",
    settings: [.difficulty, .epochSequences, .fresh],
    variants: ["pointers", "modular", "parity", "reversal"]
  ) { recipe, seed throws(DataError) in
    let k = try recipe.difficulty(3, atLeast: 1, atMost: 100)
    let task =
      switch recipe.variant {
      case "modular": DepthTask.modular(k)
      case "parity": DepthTask.parity(k)
      case "reversal": DepthTask.reversal(k)
      default: DepthTask.pointers(k)
      }
    return GeneratedDataset(task, recipe, seed: seed)
  }
}

/// The tasks of `depth`.
private enum DepthTask {
  static func pointers(_ k: Int) -> GeneratedTask {
    task("follow \(k) pointers", ids: 9, classes: 8, isPerStep: false, longest: 9 + k) { random in
      let next = random.permutation(of: 8)
      let start = random.below(8)
      let end = (0..<k).reduce(start) { place, _ in next[place] }
      let input = next + [start] + Array(repeating: 8, count: k)
      return Sample(input.map(Float.init), length: input.count, class: end)
    }
  }

  static func modular(_ k: Int) -> GeneratedTask {
    task("add \(k + 1) digits modulo 7", ids: 7, classes: 7, isPerStep: false, longest: k + 1) {
      random in
      let digits = (0...k).map { _ in random.below(7) }
      return Sample(digits.map(Float.init), length: k + 1, class: digits.reduce(0, +) % 7)
    }
  }

  static func parity(_ k: Int) -> GeneratedTask {
    task(
      "parity of all bits so far, of \(8 * k)", ids: 2, classes: 2, isPerStep: true, longest: 8 * k
    ) {
      random in
      let bits = (0..<8 * k).map { _ in random.below(2) }
      var sum = 0
      let parities = bits.map { bit in
        sum += bit
        return sum % 2
      }
      return Sample(bits.map(Float.init), classes: parities)
    }
  }

  static func reversal(_ k: Int) -> GeneratedTask {
    task("say \(4 * k) letters backwards", ids: 9, classes: 8, isPerStep: true, longest: 8 * k) {
      random in
      let letters = (0..<4 * k).map { _ in random.below(8) }
      let input = letters + letters.map { _ in 8 }
      var sample = Sample(
        input.map(Float.init), classes: letters.map { _ in 0 } + letters.reversed())
      sample.weights = (0..<8 * k).map { $0 < 4 * k ? 0 : 1 }[...]
      return sample
    }
  }

  private static func task(
    _ title: String, ids: Int, classes: Int, isPerStep: Bool, longest: Int,
    _ make: @escaping @Sendable (inout Random) -> Sample
  ) -> GeneratedTask {
    GeneratedTask(
      name: Bundled.depth.name, title: title,
      form: SampleForm(
        input: .ids(below: ids),
        target: Target(
          labels: (0..<classes).map(String.init), isPerStep: isPerStep, metric: .accuracy)),
      longest: longest, make: { random, _ in make(&random) })
  }
}
