import Engine

extension Bundled {
  /// Strings of Reber's automaton, over the seven symbols B T P X S V E.
  ///
  /// `embedded` wraps a string of the automaton in B T … T E or B P … P E and asks, before the last two
  /// symbols, which of T and P is to come: the second symbol has to be kept all the way. `valid` asks
  /// whether a plain string is one of the automaton's or has one symbol changed so that it is not.
  /// Strings longer than `length`, 40 by default, are drawn anew.
  ///
  /// Source: Reber 1967; embedded: Fahlman 1991; Hochreiter and Schmidhuber 1997.
  static let reber: Bundled = .init(
    "reber", "strings of Reber's automaton", settings: .generated, variants: ["embedded", "valid"]
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(40, atLeast: 12, atMost: 1000)
    let isEmbedded = recipe.variant == "embedded"
    let task = GeneratedTask(
      name: reber.name,
      title: isEmbedded
        ? "tell the symbol that ends an embedded Reber string"
        : "tell a Reber string from one with a wrong symbol",
      form: SampleForm(
        input: .ids(below: 7),
        target: Target(
          labels: isEmbedded ? ["T", "P"] : ["valid", "wrong"], isPerStep: false,
          metric: .accuracy)),
      longest: length,
      make: { random, _ in
        isEmbedded
          ? ReberGrammar.embedded(atMost: length, using: &random)
          : ReberGrammar.judged(atMost: length, using: &random)
      },
      step: { id in String(ReberGrammar.symbols[Int(id.first ?? 0)]) })
    return GeneratedDataset(task, recipe, seed: seed)
  }
}

/// Reber's automaton.
enum ReberGrammar {
  /// What an id stands for.
  static let symbols = Array("BTPXSVE")

  /// From each state, the two symbols that can follow and the states they lead to.
  private static let arcs: [[(symbol: Int, next: Int)]] = [
    [(1, 1), (2, 2)],  // T or P
    [(4, 1), (3, 3)],  // S stays, X goes on
    [(1, 2), (5, 4)],  // T stays, V goes on
    [(3, 2), (4, 5)],  // X goes back, S ends
    [(2, 3), (5, 5)],  // P goes back, V ends
  ]

  /// A string from B to E, at most `limit` symbols.
  static func string(atMost limit: Int, using random: inout Random) -> [Int] {
    while true {
      var (state, string) = (0, [0])
      while state < 5, string.count < limit {
        let arc = arcs[state][random.below(2)]
        string.append(arc.symbol)
        state = arc.next
      }
      if state == 5, string.count < limit { return string + [6] }
    }
  }

  /// Whether the automaton accepts `string`.
  static func accepts(_ string: [Int]) -> Bool {
    guard string.first == 0, string.last == 6, string.count >= 2 else { return false }
    var state = 0
    for symbol in string.dropFirst().dropLast() {
      guard state < 5, let arc = arcs[state].first(where: { $0.symbol == symbol }) else {
        return false
      }
      state = arc.next
    }
    return state == 5
  }

  /// B T or B P and a string, with the T or P that would follow as its class.
  static func embedded(atMost limit: Int, using random: inout Random) -> Sample {
    let kind = random.below(2)
    let string = [0, 1 + kind] + string(atMost: limit - 2, using: &random)
    return Sample(string.map(Float.init), length: string.count, class: kind)
  }

  /// A string, or one with a symbol changed so that the automaton does not accept it.
  static func judged(atMost limit: Int, using random: inout Random) -> Sample {
    let isWrong = random.below(2) == 1
    var string = string(atMost: limit, using: &random)
    if isWrong {
      let good = string
      while accepts(string) {
        string = good
        string[1 + random.below(good.count - 2)] = 1 + random.below(5)
      }
    }
    return Sample(string.map(Float.init), length: string.count, class: isWrong ? 1 : 0)
  }
}
