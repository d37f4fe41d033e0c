/// A row of names of which one is chosen: ` 1 Build 2 Data[3 Train]4 Inspect`.
public struct Tabs: Widget {
  /// One name, with a shorter one for narrow places.
  public struct Tab: Equatable, Sendable {
    /// The name where there is room.
    public var name: String
    /// The name where there is not.
    public var short: String

    /// Describes a tab; without a short name, it keeps its name.
    public init(_ name: String, short: String? = nil) {
      self.name = name
      self.short = short ?? name
    }
  }

  /// The names from left to right.
  public var tabs: [Tab]
  /// The index of the chosen one.
  public var selected: Int

  /// A row of tabs.
  public init(_ tabs: [Tab], selected: Int) {
    self.tabs = tabs
    self.selected = selected
  }

  /// Number of columns that all full names take.
  public var width: Int { width(of: tabs.map(\.name)) }
  /// Number of columns that all short names take.
  public var shortWidth: Int { width(of: tabs.map(\.short)) }

  /// Draws full names if they fit, else short ones, else only the chosen one.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let palette = canvas.palette
    canvas.clipped(to: rect.row(0)) { canvas in
      for place in places(in: rect.width) {
        let chosen = place.index == selected
        let x = rect.x + place.start
        canvas.write(
          place.name, x: x, y: rect.y, style: palette[chosen ? .focus : .text])
        guard chosen else { continue }
        canvas.write("[", x: x - 1, y: rect.y, style: palette[.focus])
        canvas.write("]", x: x + DisplayWidth.of(place.name), y: rect.y, style: palette[.focus])
      }
    }
  }

  /// The index of the tab under column `x`, row `y` when drawn in `rect`.
  public func tab(x: Int, y: Int, in rect: Rect) -> Int? {
    guard rect.row(0).contains(x: x, y: y) else { return nil }
    let column = x - rect.x
    return places(in: rect.width).first {
      column >= $0.start && column < $0.start + DisplayWidth.of($0.name)
    }?.index
  }

  private func width(of names: [String]) -> Int {
    names.reduce(1) { $0 + DisplayWidth.of($1) + 1 }
  }

  private func places(in room: Int) -> [(index: Int, start: Int, name: String)] {
    let full = width <= room
    var start = 1
    let all = tabs.indices.map { index in
      let name = full ? tabs[index].name : tabs[index].short
      defer { start += DisplayWidth.of(name) + 1 }
      return (index, start, name)
    }
    if full || shortWidth <= room { return all }
    return tabs.indices.contains(selected) ? [(selected, 1, tabs[selected].short)] : []
  }
}
