import Canvas
import Inspection

/// A batch of training as a strip: a row for every sequence, a column for every time step or a few, and
/// over it what is padding.
struct BatchPopup: Modal {
  /// The batch and the scale of its values; nil until it was read.
  private var shown: (strip: BatchStrip, scale: HeatScale)?
  /// The first sequence on screen.
  private var row = 0

  /// Shows `strip` in the popup that waits for it; one that comes too late opens nothing.
  static func received(_ strip: BatchStrip, _ state: inout AppState) {
    guard var popup = state.popups.last as? BatchPopup else { return }
    popup.shown = (strip, .fitting(strip.sequences.lazy.flatMap(\.values)))
    popup.row = min(popup.row, max(0, strip.sequences.count - 1))
    state.popups[state.popups.count - 1] = popup
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("h/l", "batch"), .init("j/k", "scroll"), .init("B", "now"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let last = max(0, (shown?.strip.sequences.count ?? 0) - 1)
    switch key {
    case .escape, .enter, .character("q"): return .close
    case .character("B"): return .stay([.readBatch(nil)])
    case .right, .character("l"): return turn(by: 1)
    case .left, .character("h"): return turn(by: -1)
    case .down, .character("j"): row = min(row + 1, last)
    case .up, .character("k"): row = max(row - 1, 0)
    case .pageDown: row = min(row + 10, last)
    case .pageUp: row = max(row - 10, 0)
    case .home: row = 0
    default: break
    }
    return .stay
  }

  private func turn(by count: Int) -> Reaction {
    guard let strip = shown?.strip else { return .stay }
    return .stay([.readBatch(max(0, strip.number + count))])
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    guard let (strip, scale) = shown else {
      let inside = Popup.open(
        Frame("batch of training", isFocused: true), width: 24, height: 3, on: &canvas,
        in: layout.body)
      return canvas.write(StyledText("reading …", canvas.palette[.muted]), in: inside.row(0))
    }
    draw(strip, scale, state, on: &canvas, in: layout)
  }

  private func draw(
    _ strip: BatchStrip, _ scale: HeatScale, _ state: AppState, on canvas: inout Canvas,
    in layout: AppLayout
  ) {
    let palette = canvas.palette
    let room = layout.body.width - 4
    let gutter = String(strip.sequences.count).count + 1
    let lengths = String(strip.time).count + 1
    let share = max(1, (strip.time + room - gutter - lengths - 1) / max(1, room - gutter - lengths))
    // Short sequences are easier to see in wide steps.
    let wide = min(Self.widestStep, max(1, (room - gutter - lengths) / max(1, strip.time)))
    let columns = (strip.time + share - 1) / share * wide
    let height = min(strip.sequences.count + 2, layout.body.height - 2)
    let inside = Popup.open(
      Frame(
        StyledText("batch \(strip.number + 1) of training"),
        note: StyledText(Self.title(strip, share)),
        footer: Self.legend(strip, scale, palette), isFocused: true),
      width: min(max(gutter + columns + lengths, Self.narrowest), room), height: height,
      on: &canvas,
      in: layout.body)
    canvas.clipped(to: inside) { canvas in
      canvas.write(StyledText(Self.summary(strip, state), palette[.muted]), in: inside.row(0))
      let body = inside.inset(top: 1)
      let window = ScrollWindow(
        total: strip.sequences.count, visible: body.height, offset: row,
        cursor: min(row, max(0, strip.sequences.count - 1)))
      for (place, index) in window.range.enumerated() {
        draw(
          strip.sequences[index], number: index, (gutter, share, wide), strip.time, scale,
          on: &canvas, in: body.row(place))
      }
    }
  }

  /// The most columns of a step, and the fewest of the popup, which the legend needs.
  private static let widestStep = 3, narrowest = 72

  /// One sequence: its number, its time steps, its length.
  private func draw(
    _ sequence: BatchStrip.Sequence, number: Int, _ columns: (gutter: Int, share: Int, wide: Int),
    _ time: Int, _ scale: HeatScale, on canvas: inout Canvas, in rect: Rect
  ) {
    let (gutter, share, wide) = columns
    let palette = canvas.palette
    canvas.write(
      "\(number)".padded(to: 1 - gutter), x: rect.x, y: rect.y, style: palette[.muted])
    var x = rect.x + gutter
    func repeated(_ text: String) -> String { String(repeating: text, count: wide) }
    for first in stride(from: 0, to: time, by: share) {
      let steps = first..<min(first + share, time)
      let read = steps.filter { sequence.parts[$0] != .padding }
      if read.isEmpty {
        canvas.write(repeated("░"), x: x, y: rect.y, style: palette[.muted])
      } else if read.allSatisfy({ sequence.parts[$0] == .read }) {
        canvas.write(repeated("_"), x: x, y: rect.y, style: palette[.muted])
      } else {
        let value = read.reduce(0) { $0 + Double(sequence.values[$1]) } / Double(read.count)
        if let color = scale.color(value, palette) {
          canvas.write(repeated(" "), x: x, y: rect.y, style: Style(background: color))
        } else {
          canvas.write(repeated(scale.code(value)), x: x, y: rect.y, style: scale.codeStyle(value))
        }
      }
      x += wide
    }
    canvas.write(" \(sequence.length)", x: x, y: rect.y, style: palette[.muted])
  }

  private static func title(_ strip: BatchStrip, _ share: Int) -> String {
    "\(strip.sequences.count) × \(strip.time) steps" + (share > 1 ? ", \(share) a column" : "")
  }

  /// How much of this batch is padding, and of all batches, as they are and with the other choice.
  private static func summary(_ strip: BatchStrip, _ state: AppState) -> String {
    let here = "\(NumberText.percent(strip.paddingShare)) of it is padding"
    guard let all = state.session.padding else { return here }
    let (plain, sorted) = (NumberText.percent(all.plain), NumberText.percent(all.inBuckets))
    return here
      + (all.isBucketed
        ? "; of an epoch \(sorted), \(plain) without buckets"
        : "; of an epoch \(plain), \(sorted) with data.bucket on")
  }

  private static func legend(
    _ strip: BatchStrip, _ scale: HeatScale, _ palette: Palette
  ) -> StyledText {
    let isColored = palette.capabilities.colors != .mono
    return StyledText(strip.areIDs ? "ids  " : "mean  ")
      + scale.legend(palette, isColored: isColored)
      + StyledText("  _ not counted  ░ padding", palette[.muted])
  }
}
