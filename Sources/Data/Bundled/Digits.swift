import Engine

extension Bundled {
  /// Handwritten digits of 8 × 8 pixels: 1,797 of them.
  ///
  /// `rows` reads them row by row (T = 8, D = 8), `pixels` pixel by pixel (T = 64, D = 1), `permuted`
  /// pixel by pixel in a scrambled order that never changes, `image` all at once `[B, 1, 8, 8]`. A
  /// shuffle that never changes gives 1,257 for training and 270 each for validation and test. Pixels
  /// are mapped to x / 8 − 1, so nothing is fitted to any split.
  ///
  /// Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI 80.
  static let digits: Bundled = .init(
    "digits", "handwritten digits, 8 x 8", variants: ["rows", "pixels", "permuted", "image"]
  ) { recipe, seed throws(DataError) in
    SequenceDataset.digits(
      try DigitImages.all(), variant: recipe.variant, Batching(recipe, seed: seed))
  }
}

/// The bundled pictures of digits.
struct DigitImages: Sendable {
  /// 64 pixels each, 0 to 16.
  let pixels: [Float]
  /// What each is a picture of.
  let digits: [Int32]
  /// Which are for training, validation and test.
  let members: Members

  /// The pictures of `digits`.
  init(pixels: [Float], digits: [Int32]) {
    self.pixels = pixels
    self.digits = digits
    members = Members.shuffled(digits.count, held: digits.count * 270 / 1797, key: 80)
  }

  /// All that the program carries.
  static func all() throws(DataError) -> DigitImages {
    DigitImages(
      pixels: try Bundled.array("digits/x.npy").floats(),
      digits: try Bundled.classes("digits/y.npy"))
  }

  /// The pixels of picture `index`.
  subscript(index: Int) -> ArraySlice<Float> { pixels[index * 64..<(index + 1) * 64] }
}

extension SequenceDataset {
  /// `images`, read as `variant` says.
  static func digits(
    _ images: DigitImages, variant: String, _ batching: Batching
  ) -> SequenceDataset {
    let (input, steps): (Signature, Int) =
      switch variant {
      case "rows": (.sequence(8), 8)
      case "image": (.image(1, 8, 8), 1)
      default: (.sequence(1), 64)
      }
    var random = Random.stream(.split, 1, seed: 80)
    let order = variant == "permuted" ? random.permutation(of: 64) : Array(0..<64)
    let seen: @Sendable ([Float]) -> [Float] = { picture in order.map { picture[$0] / 8 - 1 } }
    let pixels = images.digits.indices.flatMap { seen(Array(images[$0])) }
    let form = SampleForm(
      input: input,
      target: Target(labels: (0..<10).map(String.init), isPerStep: false, metric: .accuracy))
    let sequences = Sequences(
      form, values: pixels, lengths: Array(repeating: steps, count: images.digits.count),
      answers: .classes(images.digits))
    let shape =
      switch variant {
      case "rows": "8 rows of 8 pixels"
      case "image": "8 x 8 pixels"
      case "permuted": "64 pixels in one scrambled order"
      default: "64 pixels"
      }
    let words = Words(
      noun: "digit", kind: { "a '\($0)'" },
      step: { _, row in String(row.map(shade)) })
    var dataset = SequenceDataset(
      name: Bundled.digits.name,
      summary:
        "handwritten digits: \(grouped(sequences.count)) pictures of \(shape), 10 classes; one fixed "
        + "shuffle gives \(images.members.counts)",
      sequences, images.members, words, batching,
      [.constant, .linearProbe { [$0.input.map(Double.init)] }])
    dataset.reads(
      ExampleReader.Input(
        name: "x", signature: input, axes: [8, 8], noun: "pixels", range: 0...16, seen: seen))
    return dataset
  }

  /// A pixel from −1, paper, to 1, ink, as a character.
  private static func shade(_ pixel: Float) -> Character {
    let shades = Array(" .:-=+*#%@")
    return shades[min(max(Int((pixel + 1) * 5), 0), 9)]
  }
}
