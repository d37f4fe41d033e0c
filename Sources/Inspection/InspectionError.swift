/// Why a network cannot be looked at, in the user's words.
public struct InspectionError: Error, Equatable, CustomStringConvertible {
  /// Who needs what, what it got, what to do.
  public let description: String

  /// An error with this sentence.
  public init(_ description: String) { self.description = description }
}
