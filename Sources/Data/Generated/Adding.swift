import Engine

extension Bundled {
  /// Two numbers of a long sequence are marked, and their sum is wanted at the end.
  ///
  /// Every step has a number from U(0, 1) and a mark that is 1 at two steps and 0 elsewhere. `length`
  /// is T, 100 by default; the usual sizes are 20, 50, 100 and 200. Who always says 1 has a mean
  /// square error of 1/6.
  ///
  /// Source: Hochreiter and Schmidhuber 1997; in this form Le, Jaitly and Hinton, arXiv:1504.00941.
  static let adding: Bundled = .init(
    "adding", "add the two marked numbers", settings: .generated
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(100, atLeast: 2)
    let task = GeneratedTask(
      name: adding.name, title: "add the two marked of \(grouped(length)) numbers",
      form: SampleForm(
        input: .sequence(2),
        target: Target(.values([Quantity("sum")]), isPerStep: false, metric: .meanSquaredError)),
      longest: length,
      make: { random, _ in
        var input: [Float] = (0..<length).flatMap { _ in [random.uniform(), 0] }
        var sum: Float = 0
        for step in random.different(2, below: length) {
          input[2 * step + 1] = 1
          sum += input[2 * step]
        }
        return Sample(input, length: length, values: [sum])
      },
      step: { ($0.last == 1 ? "+" : "") + shortText(Double($0.first ?? 0)) })
    return GeneratedDataset(task, recipe, seed: seed)
  }
}

extension Set<DataSetting> {
  /// The settings of sets that are made up and have a length.
  static let generated: Set = [.length, .epochSequences, .fresh]
}
