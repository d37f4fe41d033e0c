import Engine

extension Bundled {
  /// Whether the number of ones among the last N bits is odd.
  ///
  /// N is `difficulty`, 4 by default; a sequence has N + 2 to 4N + 2 bits. How likely a one is, is
  /// drawn from U(0, 1) for every sequence, so that counting ones over all of it does not help.
  ///
  /// After Khajehabdollahi et al., arXiv:2309.12927.
  static let parity: Bundled = bits(
    "parity", "the parity of the last N bits", "whether the ones among the last N bits are odd",
    { random in random.uniform() },
    { bits, n in bits.suffix(n).reduce(0, +) % 2 })

  /// Whether the last of N bits equals the first of them (delayed match to sample).
  ///
  /// N is `difficulty`, 4 by default: x[−N] is compared with x[−1], counted from the end. Lengths as
  /// for `parity`; ones and zeros are equally likely.
  ///
  /// After Khajehabdollahi et al., arXiv:2309.12927.
  static let dms: Bundled = bits(
    "dms", "whether the last bit equals one before it", "whether the last bit equals x[-N]",
    { _ in 0.5 },
    { bits, n in bits[bits.count - n] == bits[bits.count - 1] ? 1 : 0 })

  /// A question about the last N of some bits.
  private static func bits(
    _ name: String, _ title: String, _ question: String,
    _ chance: @escaping @Sendable (inout Random) -> Float,
    _ answer: @escaping @Sendable (_ bits: [Int], _ n: Int) -> Int
  ) -> Bundled {
    Bundled(name, title, settings: [.difficulty, .epochSequences, .fresh]) {
      recipe, seed throws(DataError) in
      let n = try recipe.difficulty(4, atLeast: 2, atMost: 1000)
      let task = GeneratedTask(
        name: name, title: "\(question), N = \(n), \(n + 2) to \(4 * n + 2) bits",
        form: SampleForm(
          input: .sequence(1),
          target: Target(labels: ["no", "yes"], isPerStep: false, metric: .accuracy)),
        longest: 4 * n + 2,
        make: { random, _ in
          let length = random.whole(in: n + 2...4 * n + 2)
          let p = chance(&random)
          let bits = (0..<length).map { _ in random.uniform() < p ? 1 : 0 }
          return Sample(bits.map(Float.init), length: length, class: answer(bits, n))
        })
      return GeneratedDataset(task, recipe, seed: seed)
    }
  }
}
