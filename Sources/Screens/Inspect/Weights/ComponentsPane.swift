import Canvas
import Inspection

/// The vectors of an embedding in the plane in which they differ most, each as its symbol.
struct ComponentsPane: Widget {
  private let weight: Weight?
  private let row: Int
  private let isFocused: Bool

  /// The embedding and the row that `state` points at.
  init(_ state: WeightsState) {
    weight = state.weight
    row = state.row
    isFocused = state.focus == .components
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let inside = Frame.content(of: rect)
    let components = weight?.components
    let shares = components?.shares.map(NumberText.percent).joined(separator: " + ") ?? ""
    let words = rect.width >= 42 && components != nil ? " of the variance" : ""
    Frame(
      StyledText("plane  " + shares + words),
      footer: footer(palette), isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    guard let components else {
      canvas.write(
        StyledText(obstacle), in: inside.row((inside.height - 1) / 2), align: .center,
        style: palette[.muted])
      return
    }
    let plane = Plane(components, in: inside)
    canvas.clipped(to: inside) { canvas in
      drawAxes(plane, on: &canvas, in: inside)
      // The chosen one last: it stands above its neighbours.
      for index in components.x.indices where index != row { draw(index, plane, on: &canvas) }
      if components.x.indices.contains(row) { draw(row, plane, on: &canvas) }
    }
  }

  /// Why there is no plane.
  private var obstacle: String {
    guard let weight, !weight.spectra.isEmpty else { return "being worked out" }
    let limits = PrincipalComponents.limits
    if weight.summary.notFinite > 0 { return "numbers are not finite" }
    return "too large: at most \(limits.rows) × \(limits.columns)"
  }

  private func footer(_ palette: Palette) -> StyledText {
    guard let components = weight?.components, components.x.indices.contains(row) else {
      return StyledText()
    }
    let place = [components.x[row], components.y[row]].map { NumberText.short($0) }
    return StyledText("'\(name(of: row))'", palette[.focus]) + "  \(place[0]), \(place[1])"
  }

  private func name(of row: Int) -> String {
    guard let names = weight?.rowNames, names.indices.contains(row) else { return String(row) }
    return names[row].shortened(to: 9)
  }

  private func drawAxes(_ plane: Plane, on canvas: inout Canvas, in rect: Rect) {
    let (x, y) = plane.place(0, 0)
    let style = canvas.palette[.border]
    canvas.write(String(repeating: "─", count: rect.width), x: rect.x, y: y, style: style)
    for row in rect.y..<rect.endY { canvas.write(row == y ? "┼" : "│", x: x, y: row, style: style) }
  }

  private func draw(_ index: Int, _ plane: Plane, on canvas: inout Canvas) {
    guard let components = weight?.components else { return }
    let (x, y) = plane.place(components.x[index], components.y[index])
    let palette = canvas.palette
    let name = name(of: index)
    // A space is as good a symbol as any other, but for the eye.
    let text = name.allSatisfy(\.isWhitespace) ? "␣" : name
    canvas.write(
      text, x: x - (DisplayWidth.of(text) - 1) / 2, y: y,
      style: index == row ? palette[.cursor] : palette.series(0))
  }

  /// Where points of the plane stand on the screen: all of them fit, each axis by itself.
  private struct Plane {
    private let rect: Rect
    private let x, y: ClosedRange<Double>

    init(_ components: PrincipalComponents, in rect: Rect) {
      func range(_ values: [Double]) -> ClosedRange<Double> {
        min(values.min() ?? 0, 0)...max(values.max() ?? 0, 0)
      }
      self.rect = rect
      (x, y) = (range(components.x), range(components.y))
    }

    func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
      (
        rect.x + Self.step(x, self.x, rect.width),
        rect.endY - 1 - Self.step(y, self.y, rect.height)
      )
    }

    private static func step(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> Int {
      let span = range.upperBound - range.lowerBound
      guard span > 0, count > 1 else { return count / 2 }
      return Int(((value - range.lowerBound) / span * Double(count - 1)).rounded())
    }
  }
}
