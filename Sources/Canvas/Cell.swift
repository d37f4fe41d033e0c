/// One position of the grid.
public struct Cell: Equatable, Sendable {
  /// What is shown; the right half of a wide glyph holds a space and `isContinuation`.
  public internal(set) var glyph: Glyph
  /// How it looks.
  public internal(set) var style: Style
  /// Whether this is the right half of the wide glyph to its left.
  public internal(set) var isContinuation: Bool

  /// An empty cell in the terminal's own colours.
  public static let blank = Cell(glyph: .space, style: .plain, isContinuation: false)
}
