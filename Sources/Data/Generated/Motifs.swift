import Engine

extension Bundled {
  /// Which of two motifs comes first in a stretch of random DNA.
  ///
  /// `length` letters, 150 by default, one-hot as A C G T: `[B, T, 4]`. Every sequence has the motifs
  /// A = TGACTCA and B = CACGTG, each with one letter changed in one sequence of four, 10 to 40 letters
  /// apart; the class is their order. So neither motif alone tells anything.
  ///
  /// After the grammar that Quang and Xie's DanQ learns, doi:10.1093/nar/gkw226.
  static let dnaMotifs: Bundled = .init(
    "dna-motifs", "the order of two motifs in DNA", settings: .generated
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(150, atLeast: 60, atMost: 10_000)
    let task = GeneratedTask(
      name: dnaMotifs.name,
      title: "tell the order of two motifs in \(grouped(length)) letters of DNA",
      form: SampleForm(
        input: .sequence(4),
        target: Target(labels: ["A before B", "B before A"], isPerStep: false, metric: .accuracy)),
      longest: length,
      make: { random, _ in
        var letters = (0..<length).map { _ in random.below(4) }
        let isReversed = random.below(2) == 1
        let motifs = [dnaMotif("TGACTCA", using: &random), dnaMotif("CACGTG", using: &random)]
        let pair = isReversed ? [motifs[1], motifs[0]] : motifs
        let gap = random.whole(in: 10...40)
        let total = pair[0].count + gap + pair[1].count
        let first = random.below(length - total + 1)
        let second = first + pair[0].count + gap
        for (offset, letter) in pair[0].enumerated() { letters[first + offset] = letter }
        for (offset, letter) in pair[1].enumerated() { letters[second + offset] = letter }
        let input = letters.flatMap { letter in (0..<4).map { Float($0 == letter ? 1 : 0) } }
        return Sample(input, length: length, class: isReversed ? 1 : 0)
      },
      step: { row in
        let letter = row.firstIndex(of: 1).map { $0 - row.startIndex } ?? 0
        return String(Array("ACGT")[letter])
      })
    return GeneratedDataset(task, recipe, seed: seed)
  }

  /// The letters of a motif, one of them changed in one of four.
  private static func dnaMotif(_ motif: String, using random: inout Random) -> [Int] {
    var letters = motif.map { Array("ACGT").firstIndex(of: $0) ?? 0 }
    if random.below(4) == 0 {
      let place = random.below(letters.count)
      letters[place] = (letters[place] + 1 + random.below(3)) % 4
    }
    return letters
  }
}
