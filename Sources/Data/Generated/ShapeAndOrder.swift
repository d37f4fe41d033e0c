import Engine

extension Bundled {
  /// Four classes of two factors that no single input shows: a shape in a picture, and the order of
  /// two signs in a sequence.
  ///
  /// The picture `frame` `[B, 1, 12, 12]` has a cross or a ring of 5 × 5 pixels anywhere, under noise
  /// of deviation 0.2. The sequence `sequence` `[B, T, 4]` has the signs a and b once each among
  /// distractors c and d, one-hot; `length` is T, 20 by default. The class says shape and order, so
  /// who sees one input only is right half the time. The main input is the sequence; the variants
  /// `frame` and `sequence` ask the same with that input only, as controls.
  static let shapeAndOrder: Bundled = .init(
    "shape-and-order", "tell a shape and an order of signs", settings: .generated,
    variants: ["both", "frame", "sequence"]
  ) { recipe, seed throws(DataError) in
    let length = try recipe.length(20, atLeast: 2)
    let seesFrameOnly = recipe.variant == "frame"
    let inputs: [String: Signature] = ["frame": .image(1, 12, 12), "sequence": .sequence(4)]
    var task = GeneratedTask(
      name: shapeAndOrder.name,
      title: "tell a shape in a picture and the order of 2 signs in \(grouped(length)) steps",
      form: SampleForm(
        input: seesFrameOnly ? .image(1, 12, 12) : .sequence(4),
        named: recipe.variant == "both" ? inputs : [:],
        target: Target(
          labels: ["cross, a-b", "cross, b-a", "ring, a-b", "ring, b-a"], isPerStep: false,
          metric: .accuracy)),
      longest: seesFrameOnly ? 1 : length,
      make: { random, _ in
        let (isRing, isReversed) = (random.below(2) == 1, random.below(2) == 1)
        let frame = shape(isRing: isRing, using: &random)
        let signs = signs(length, isReversed: isReversed, using: &random)
        var sample = Sample(
          seesFrameOnly ? frame : signs, length: seesFrameOnly ? 1 : length,
          class: (isRing ? 2 : 0) + (isReversed ? 1 : 0))
        sample.named = ["frame": frame[...], "sequence": signs[...]]
        return sample
      },
      step: { features in
        let sign = features.firstIndex(of: 1).map { $0 - features.startIndex } ?? 0
        return features.count == 4 ? ["a", "b", "c", "d"][sign] : "picture"
      })
    if recipe.variant == "both" { task.mainInput = "sequence" }
    return GeneratedDataset(task, recipe, seed: seed)
  }

  /// A picture of 12 × 12 with a cross or a ring anywhere.
  private static func shape(isRing: Bool, using random: inout Random) -> [Float] {
    var frame = (0..<144).map { _ in 0.2 * random.normal() }
    let (left, top) = (random.below(8), random.below(8))
    for y in 0..<5 {
      for x in 0..<5 {
        let isEdge = x % 4 == 0 || y % 4 == 0
        let isInk = isRing ? isEdge : x == 2 || y == 2
        if isInk { frame[(top + y) * 12 + left + x] += 1 }
      }
    }
    return frame
  }

  /// The signs a and b in their order or the other, and c or d everywhere else, one-hot.
  private static func signs(
    _ length: Int, isReversed: Bool, using random: inout Random
  ) -> [Float] {
    var signs = (0..<length).map { _ in 2 + random.below(2) }
    let places = random.different(2, below: length)
    signs[places[0]] = isReversed ? 1 : 0
    signs[places[1]] = isReversed ? 0 : 1
    return signs.flatMap { sign in (0..<4).map { $0 == sign ? 1 : 0 } }
  }
}
