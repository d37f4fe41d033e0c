/// The card that stands in for a screen that does not fit.
public struct TooSmall: Widget {
  /// The columns and rows that are needed.
  public var needed: (width: Int, height: Int)

  /// Describes the size that is needed.
  public init(neededWidth: Int, neededHeight: Int) {
    needed = (neededWidth, neededHeight)
  }

  /// Whether `rect` is too small.
  public func applies(to rect: Rect) -> Bool {
    rect.width < needed.width || rect.height < needed.height
  }

  /// Writes what is needed and what there is, in the middle of `rect`.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    func size(_ value: Int, needs: Int) -> Style {
      palette[value < needs ? .error : .good]
    }
    var have = StyledText("have ")
    have.append("\(rect.width)", size(rect.width, needs: needed.width))
    have.append("x")
    have.append("\(rect.height)", size(rect.height, needs: needed.height))
    let lines: [StyledText] = [
      StyledText("too small", palette[.title]), "need \(needed.width)x\(needed.height)", have,
    ]
    let home = rect.centered(width: rect.width, height: lines.count)
    canvas.clipped(to: rect) { canvas in
      for (row, line) in lines.enumerated() {
        canvas.write(line, in: home.row(row), align: .center)
      }
    }
  }
}
