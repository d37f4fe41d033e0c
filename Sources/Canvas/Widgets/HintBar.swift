/// The keys that do something here, with what they do, in one row.
public struct HintBar: Widget {
  /// A key and its meaning.
  public struct Hint: Equatable, Sendable {
    /// The key as it is shown, such as `space` or `^R`.
    public var key: String
    /// What it does, such as `pause`.
    public var label: String
    /// Whether the hint stays where there is not room for all (`? keys`, `q quit`).
    public var isKept: Bool
    /// Whether the key does something just now.
    public var isEnabled: Bool

    /// Describes a hint.
    public init(_ key: String, _ label: String, isKept: Bool = false, isEnabled: Bool = true) {
      self.key = key
      self.label = label
      self.isKept = isKept
      self.isEnabled = isEnabled
    }

    /// Number of columns it takes.
    var width: Int { DisplayWidth.of(key) + 1 + DisplayWidth.of(label) }
  }

  /// The hints, the most important first.
  public var hints: [Hint]

  /// A bar of hints.
  public init(_ hints: [Hint]) { self.hints = hints }

  private static let gap = 2

  /// Draws what fits: hints are dropped from the right, those of keys that do nothing just now first
  /// and kept ones last.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let palette = canvas.palette
    canvas.clipped(to: rect.row(0)) { canvas in
      for (index, start) in places(in: rect) {
        let hint = hints[index]
        let keyStyle = palette[hint.isEnabled ? .keyHint : .muted]
        let used = canvas.write(hint.key, x: start, y: rect.y, style: keyStyle)
        canvas.write(
          hint.label, x: start + used + 1, y: rect.y,
          style: palette[hint.isEnabled ? .text : .muted])
      }
    }
  }

  /// The index of the hint under column `x`, row `y` when drawn in `rect`.
  public func hint(x: Int, y: Int, in rect: Rect) -> Int? {
    guard rect.row(0).contains(x: x, y: y) else { return nil }
    return places(in: rect).first { x >= $0.start && x < $0.start + hints[$0.index].width }?.index
  }

  private func places(in rect: Rect) -> [(index: Int, start: Int)] {
    var shown = Array(hints.indices)
    func width() -> Int { shown.reduce(0) { $0 + hints[$1].width + Self.gap } - Self.gap + 1 }
    while !shown.isEmpty && width() > rect.width {
      let idle = shown.lastIndex { !hints[$0].isKept && !hints[$0].isEnabled }
      shown.remove(at: idle ?? shown.lastIndex { !hints[$0].isKept } ?? 0)
    }
    var start = rect.x + 1
    return shown.map { index in
      defer { start += hints[index].width + Self.gap }
      return (index, start)
    }
  }
}
