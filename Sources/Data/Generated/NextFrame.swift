import Engine

extension Bundled {
  /// The variant `next-frame` of `movingDigits`: after each of T frames, the one that follows.
  static func nextFrame(_ recipe: DataRecipe, seed: UInt64) throws(DataError) -> any Dataset {
    let length = try recipe.length(10, atLeast: 2, atMost: 1000)
    let digits = try recipe.difficulty(1, atMost: 2)
    let size = recipe.frameSize == 0 ? 16 : recipe.frameSize
    guard [16, 20].contains(size) else {
      throw DataError("Data set 'moving-digits' needs data.frame_size to be 16 or 20, got \(size).")
    }
    let images = try DigitImages.all()
    let quantities = (0..<size * size).map { Quantity("row \($0 / size) column \($0 % size)") }
    let task = GeneratedTask(
      name: movingDigits.name,
      title: "draw the next frame of \(digits) moving digit\(digits == 1 ? "" : "s"), "
        + "\(grouped(length)) frames of \(size) x \(size)",
      form: SampleForm(
        input: .images(1, size, size),
        target: Target(.values(quantities), isPerStep: true, metric: .meanSquaredError)),
      longest: length,
      make: { random, split in
        var frames = [Float](repeating: 0, count: (length + 1) * size * size)
        for _ in 0..<digits {
          let chosen = images.members[split][random.below(images.members[split].count)]
          let motion = DigitMotion(using: &random, speeds: 1...2, size: size)
          let path = (0...length).flatMap { motion.frame($0, of: images[chosen]) }
          for (place, ink) in path.enumerated() { frames[place] = max(frames[place], ink) }
        }
        var sample = Sample(
          Array(frames.dropLast(size * size)), length: length,
          values: Array(frames.dropFirst(size * size)))
        // One frame says nothing about where a digit is heading.
        sample.weights = (0..<length).map { $0 < 1 ? 0 : 1 }[...]
        return sample
      },
      step: { DigitMotion.corner(of: $0, size: size) },
      feedback: Array(0..<size * size),
      rules: [.constant, .copyOfInput],
      epochSequences: 1600)
    return GeneratedDataset(task, recipe, seed: seed)
  }
}
