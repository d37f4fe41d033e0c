import Engine

extension Bundled {
  /// Handwritten digits drift over S × S pixels and bounce off the edges: `[B, T, 1, S, S]`.
  ///
  /// `direction` asks where it is heading in the last frame (4 diagonals), `speed` for its pixels a
  /// frame (1 to 3), `digit` what it is. Along an axis the digit goes through 9 places and back, and
  /// stays a frame where it turns; it starts anywhere on that way with equal chance. So any frame alone
  /// says nothing about direction or speed. In these three, there is one digit on 16 × 16 pixels.
  ///
  /// `next-frame` asks for the frame that follows each, pixel by pixel, once two were seen: what was
  /// is given at every step, and the frames of a forecast are read back (`unroll forecast --read 10
  /// --steps 10`). `difficulty` is the number of digits, 1 or 2, each with its own way and 1 or 2 pixels
  /// a frame, and where they meet the darker pixel shows; `frame_size` is S, 16 or 20.
  ///
  /// Digits are drawn from the split of `digits` with the
  /// same name; pixels are 0 to 1. `length` is T, 10 frames by default.
  ///
  /// After Srivastava, Mansimov and Salakhutdinov, arXiv:1502.04681, with small real digits.
  static let movingDigits: Bundled = .init(
    "moving-digits", "tell how a digit moves",
    settings: .generated.union([.difficulty, .frameSize]),
    variants: ["direction", "speed", "digit", "next-frame"]
  ) { recipe, seed throws(DataError) in
    if recipe.variant == "next-frame" { return try nextFrame(recipe, seed: seed) }
    guard [0, 16].contains(recipe.frameSize), [0, 1].contains(recipe.difficulty) else {
      throw DataError(
        "Data set 'moving-digits' has frames of 16 pixels with one digit, but for the variant "
          + "next-frame, got data.frame_size \(recipe.frameSize) and data.difficulty "
          + "\(recipe.difficulty). Leave both at 0, or use next-frame.")
    }
    let length = try recipe.length(10, atLeast: 2, atMost: 1000)
    let images = try DigitImages.all()
    let (labels, question): ([String], String) =
      switch recipe.variant {
      case "speed": (["1", "2", "3"], "how fast a digit moves")
      case "digit": ((0..<10).map(String.init), "which digit moves")
      default: (["up-left", "up-right", "down-left", "down-right"], "where a digit is heading")
      }
    let variant = recipe.variant
    let task = GeneratedTask(
      name: movingDigits.name,
      title: "tell \(question) in \(grouped(length)) frames of 16 x 16",
      form: SampleForm(
        input: .images(1, 16, 16),
        target: Target(labels: labels, isPerStep: false, metric: .accuracy)),
      longest: length,
      make: { random, split in
        let chosen = images.members[split][random.below(images.members[split].count)]
        let motion = DigitMotion(using: &random, speeds: variant == "speed" ? 1...3 : 1...1)
        let frames = (0..<length).flatMap { motion.frame($0, of: images[chosen]) }
        let answers = [
          "speed": motion.speed - 1, "digit": Int(images.digits[chosen]),
          "direction": motion.direction(at: length - 1),
        ]
        return Sample(frames, length: length, class: answers[variant] ?? 0)
      },
      step: { DigitMotion.corner(of: $0, size: 16) },
      epochSequences: 1600)
    return GeneratedDataset(task, recipe, seed: seed)
  }
}
