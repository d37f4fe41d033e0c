/// An example to look at.
public enum ChosenExample: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// This one of the validation split, from 0, counted round and round.
  case validation(Int)
  /// A text of the user's, read as the data read theirs.
  case text(String)

  /// An example of the validation split.
  public init(integerLiteral number: Int) { self = .validation(number) }
}
