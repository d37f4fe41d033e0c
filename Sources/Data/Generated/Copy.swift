import Engine

extension Bundled {
  /// Ten symbols are to be said again after a long pause.
  ///
  /// Ids: ten symbols of eight (1 to 8), then `length` blanks (0), 100 by default, then ten
  /// delimiters (9). At every step the target is a blank, but the ten symbols in their order at the
  /// ten delimiters; T = `length` + 20. Who remembers nothing has 10 ln 8 / T nats, 30 / T bits, a step.
  ///
  /// Source: Hochreiter and Schmidhuber 1997; in this form Arjovsky, Shah and Bengio,
  /// arXiv:1511.06464.
  static let copy: Bundled = .init(
    "copy", "say ten symbols again after a pause", settings: .generated
  ) { recipe, seed throws(DataError) in
    let pause = try recipe.length(100)
    let task = GeneratedTask(
      name: copy.name, title: "say 10 symbols again after \(grouped(pause)) blanks",
      form: SampleForm(
        input: .ids(below: 10),
        target: Target(
          labels: ["blank"] + "abcdefgh".map(String.init), isPerStep: true,
          metric: .bitsPerCharacter)),
      longest: pause + 20,
      make: { random, _ in
        let symbols = (0..<10).map { _ in 1 + random.below(8) }
        let blanks = Array(repeating: 0, count: pause)
        let input = symbols + blanks + Array(repeating: 9, count: 10)
        let output = Array(repeating: 0, count: 10) + blanks + symbols
        return Sample(input.map(Float.init), classes: output)
      },
      step: { id in String(Array("·abcdefgh?")[Int(id.first ?? 0)]) },
      rules: [.known("no memory", 30 / Double(pause + 20))])
    return GeneratedDataset(task, recipe, seed: seed)
  }
}
