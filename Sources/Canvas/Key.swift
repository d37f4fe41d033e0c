/// One thing a person did at the keyboard or with the mouse.
public enum Key: Hashable, Sendable {
  /// A printable character; the space bar is `character(" ")`.
  case character(Character)
  /// Return or Enter.
  case enter
  /// Escape.
  case escape
  /// Tab.
  case tab
  /// Shift and Tab.
  case backTab
  /// Backspace: delete to the left.
  case backspace
  /// Delete: delete to the right.
  case delete
  /// Insert.
  case insert
  /// Arrow up.
  case up
  /// Arrow down.
  case down
  /// Arrow left.
  case left
  /// Arrow right.
  case right
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// Home.
  case home
  /// End.
  case end
  /// A function key, 1...24.
  case function(Int)
  /// Control and a character, a lower-case letter as a rule.
  case control(Character)
  /// The mouse, at column `x` and row `y` of the canvas, from 0.
  case mouse(x: Int, y: Int, Mouse)
  /// Text that was pasted in one piece.
  case paste(String)

  /// What the mouse did.
  public enum Mouse: String, CaseIterable, Sendable {
    /// The left button went down.
    case press
    /// The left button came up.
    case release
    /// The mouse moved with the left button down.
    case drag
    /// The middle button went down.
    case middle
    /// The right button went down.
    case right
    /// The wheel turned away from the person.
    case scrollUp
    /// The wheel turned towards the person.
    case scrollDown
  }
}
