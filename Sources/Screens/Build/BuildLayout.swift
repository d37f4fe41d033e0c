import Canvas

/// Where the parts of the Build screen stand: side by side, one on the other, or the table alone.
struct BuildLayout {
  /// The layers.
  let table: Rect
  /// The settings of the row under the cursor; nil where there is no room.
  let pane: Rect?

  /// The parts of `rect` for a model of `layers` layers.
  init(_ rect: Rect, layers: Int) {
    if rect.width >= 100 {
      let width = min(max(44, rect.width * 2 / 5), 64)
      table = rect.inset(right: width)
      pane = rect.inset(left: rect.width - width)
    } else if rect.height >= 18 {
      // The header, the data, the loss, the totals and the frame take six rows beside the layers.
      let height = min(layers + 6, rect.height - 10)
      table = rect.inset(bottom: rect.height - height)
      pane = rect.inset(top: height)
    } else {
      table = rect
      pane = nil
    }
  }

  /// Where a form is edited: in the pane, or over everything.
  func form(in rect: Rect) -> Rect {
    pane ?? rect
  }
}
