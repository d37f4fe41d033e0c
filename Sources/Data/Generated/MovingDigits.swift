import Engine

extension Bundled {
  /// A handwritten digit drifts over 16 × 16 pixels and bounces off the edges: `[B, T, 1, 16, 16]`.
  ///
  /// `direction` asks where it is heading in the last frame (4 diagonals), `speed` for its pixels a
  /// frame (1 to 3), `digit` what it is. Along an axis the digit goes through 9 places and back, and
  /// stays a frame where it turns; it starts anywhere on that way with equal chance. So any frame alone
  /// says nothing about direction or speed. Digits are drawn from the split of `digits` with the
  /// same name; pixels are 0 to 1. `length` is T, 10 frames by default.
  ///
  /// After Srivastava, Mansimov and Salakhutdinov, arXiv:1502.04681, with small real digits.
  static let movingDigits: Bundled = .init(
    "moving-digits", "tell how a digit moves", settings: .generated,
    variants: ["direction", "speed", "digit"]
  ) { recipe, seed throws(DataError) in
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
      step: DigitMotion.corner,
      epochSequences: 1600)
    return GeneratedDataset(task, recipe, seed: seed)
  }
}

/// How a digit moves: along each axis it goes round a circle of 18 phases, whose first half is the
/// way there through the places 0 to 8, and whose second half is the way back.
struct DigitMotion: Sendable {
  private let startX, startY: Int
  /// Places a frame.
  let speed: Int

  /// A random start and speed.
  init(using random: inout Random, speeds: ClosedRange<Int>) {
    startX = random.below(18)
    startY = random.below(18)
    speed = random.whole(in: speeds)
  }

  /// Where it is heading at frame `t`: 0 and 1 up, 2 and 3 down; 0 and 2 left, 1 and 3 right.
  func direction(at t: Int) -> Int {
    (Self.goesOn(startY + speed * t) ? 2 : 0) + (Self.goesOn(startX + speed * t) ? 1 : 0)
  }

  /// The 16 × 16 pixels of frame `t`, with the 8 × 8 `image` in its place.
  func frame(_ t: Int, of image: ArraySlice<Float>) -> [Float] {
    let (left, top) = (Self.place(startX + speed * t), Self.place(startY + speed * t))
    var frame = [Float](repeating: 0, count: 256)
    for (pixel, ink) in image.enumerated() {
      frame[(top + pixel / 8) * 16 + left + pixel % 8] = ink / 16
    }
    return frame
  }

  /// Where the ink of a frame begins: `(x,y)` from the left and from the top.
  @Sendable static func corner(of frame: ArraySlice<Float>) -> String {
    let ink = frame.enumerated().filter { $0.element > 0 }.map(\.offset)
    let (x, y) = (ink.map { $0 % 16 }.min() ?? 0, ink.map { $0 / 16 }.min() ?? 0)
    return "(\(x),\(y))"
  }

  private static func goesOn(_ phase: Int) -> Bool { phase % 18 < 9 }

  private static func place(_ phase: Int) -> Int {
    goesOn(phase) ? phase % 18 : 17 - phase % 18
  }
}
