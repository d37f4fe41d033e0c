import Inspection

/// What the view of the text that the network writes remembers between two frames.
struct TextState: Sendable {
  /// Seconds of training after which a text is written anew: often enough to watch, and seldom enough
  /// not to be felt by training.
  static let period = 2.0

  /// How the next text is to be written.
  private(set) var wish = TextWish()
  /// What was written last.
  private(set) var text: GeneratedText?
  /// Why the network could not write; nil when it could.
  private(set) var failure: String?
  private var isWriting = false
  private var askedAt = -Double.infinity

  /// Begins a text when training has gone on for `seconds`, after `change` to how it is to be written;
  /// returns that.
  mutating func begin(at seconds: Double, _ change: (inout TextWish) -> Void) -> TextWish {
    change(&wish)
    (isWriting, askedAt, failure) = (true, seconds, nil)
    return wish
  }

  /// Takes a text in, unless another one is wanted by now.
  mutating func take(_ text: GeneratedText) {
    guard text.wish == wish else { return }
    (self.text, isWriting) = (text, false)
  }

  /// Takes in why there is no text; it is not asked for again before somebody wants it.
  mutating func fail(_ sentence: String) { (failure, isWriting) = (sentence, false) }

  /// Whether the text is older than the weights after `step` steps, and was asked for long enough before
  /// `seconds` of training.
  func isDue(step: Int, seconds: Double) -> Bool {
    guard !isWriting, failure == nil, let text else { return false }
    return step != text.weightsStep && seconds >= askedAt + Self.period
  }
}
