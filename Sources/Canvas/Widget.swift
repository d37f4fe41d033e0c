/// A plain value that draws itself once; what must last between frames is the caller's state.
public protocol Widget: Sendable {
  /// Draws inside of `rect` and nowhere else, however small it is.
  func draw(on canvas: inout Canvas, in rect: Rect)
}
