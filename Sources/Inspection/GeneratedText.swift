/// How a model is to write a text.
public struct TextWish: Sendable, Equatable {
  /// The text to go on from; an empty one is read as a line break.
  public var prompt = ""
  /// How characters are drawn.
  public var rule = SamplingRule(temperature: 0.8)
  /// The seed of the drawing.
  public var seed: UInt64 = 1
  /// The number of characters to write.
  public var length = 600

  /// A text from nothing, at temperature 0.8.
  public init() {}
}

/// What a model wrote.
public struct GeneratedText: Sendable, Equatable {
  /// How it was to write.
  public let wish: TextWish
  /// What follows the prompt.
  public let text: String
  /// After how many training steps the weights were as they were.
  public let weightsStep: Int

  /// `text`, written as `wish` says with the weights after `weightsStep` steps.
  public init(_ wish: TextWish, text: String, weightsStep: Int) {
    self.wish = wish
    self.text = text
    self.weightsStep = weightsStep
  }
}
