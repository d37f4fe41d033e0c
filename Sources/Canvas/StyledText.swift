/// A line of text whose parts look different; a string literal is one plain part.
public struct StyledText: Equatable, Sendable, ExpressibleByStringInterpolation {
  /// A part of one style; a `nil` style takes that of the place it is drawn on.
  public struct Span: Equatable, Sendable {
    /// What is written.
    public var text: String
    /// How it looks; `nil` takes the style around it.
    public var style: Style?

    /// A part of a line.
    public init(_ text: String, _ style: Style? = nil) {
      self.text = text
      self.style = style
    }
  }

  /// The parts from left to right.
  public var spans: [Span]

  /// A line of parts.
  public init(_ spans: [Span] = []) { self.spans = spans }
  /// A line of one style.
  public init(_ text: String, _ style: Style? = nil) { spans = [Span(text, style)] }
  /// A line in the style of its place.
  public init(stringLiteral value: String) { self.init(value) }

  /// The text without styles.
  public var text: String { spans.map(\.text).joined() }
  /// Number of columns it takes.
  public var width: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }
  /// Whether there is nothing to write.
  public var isEmpty: Bool { spans.allSatisfy(\.text.isEmpty) }

  /// Appends text.
  public mutating func append(_ text: String, _ style: Style? = nil) {
    spans.append(Span(text, style))
  }

  /// The two lines one after the other.
  public static func + (left: StyledText, right: StyledText) -> StyledText {
    StyledText(left.spans + right.spans)
  }
}

/// Where text stands in a space wider than itself.
public enum Alignment: Sendable {
  /// At the left edge.
  case left
  /// In the middle.
  case center
  /// At the right edge.
  case right

  /// The column offset of `width` columns in `space` columns.
  func offset(of width: Int, in space: Int) -> Int {
    switch self {
    case .left: 0
    case .center: max(0, (space - width) / 2)
    case .right: max(0, space - width)
    }
  }
}

extension Canvas {
  /// Writes a styled line; the last part that does not fit ends in an ellipsis.
  ///
  /// - Returns: The number of columns from `x` to the end of what was written.
  @discardableResult
  public mutating func write(
    _ text: StyledText, x: Int, y: Int, style: Style = .plain, limit: Int? = nil
  ) -> Int {
    let room = max(0, min(limit ?? Rect.limit, clip.endX - min(max(x, -Rect.limit), clip.endX)))
    var used = 0
    for (index, span) in text.spans.enumerated() {
      let rest = text.spans[(index + 1)...].contains { !$0.text.isEmpty }
      let left = room - used
      let width = DisplayWidth.of(span.text)
      // A part that just fits still needs its ellipsis when another one is cut off after it.
      let shown = rest && width == left && width > 0 ? span.text + " " : span.text
      let spanStyle = span.style.map { style.overlaid(with: $0) } ?? style
      used += write(shown, x: x + used, y: y, style: spanStyle, limit: left, ellipsis: true)
      if width >= left && rest || width > left { break }
    }
    return used
  }

  /// Writes a styled line on the first row of `rect`, aligned.
  public mutating func write(
    _ text: StyledText, in rect: Rect, align: Alignment = .left, style: Style = .plain
  ) {
    guard !rect.isEmpty else { return }
    let offset = align.offset(of: text.width, in: rect.width)
    write(text, x: rect.x + offset, y: rect.y, style: style, limit: rect.width - offset)
  }
}
