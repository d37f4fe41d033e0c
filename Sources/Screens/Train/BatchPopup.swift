import Canvas
import Inspection

/// A batch of training as a strip: a row for every sequence, a column for every time step or a few, and
/// over it what is padding.
struct BatchPopup: Modal {
  private let strip: BatchStrip
  /// The first sequence on screen.
  private var row = 0

  /// What a batch holds.
  init(_ strip: BatchStrip) { self.strip = strip }

  /// Shows `strip` as soon as it is read, in place of the batch that is shown.
  static func received(_ strip: BatchStrip, _ state: inout AppState) {
    var popup = BatchPopup(strip)
    if let shown = state.popups.last as? BatchPopup {
      popup.row = min(shown.row, max(0, strip.sequences.count - 1))
      state.popups.removeLast()
    }
    state.popups.append(popup)
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("h/l", "batch"), .init("j/k", "scroll"), .init("B", "now"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let last = max(0, strip.sequences.count - 1)
    switch key {
    case .escape, .enter, .character("q"): return .close
    case .character("B"): return .stay([.readBatch(nil)])
    case .right, .character("l"): return .stay([.readBatch(strip.number + 1)])
    case .left, .character("h"): return .stay([.readBatch(max(0, strip.number - 1))])
    case .down, .character("j"): row = min(row + 1, last)
    case .up, .character("k"): row = max(row - 1, 0)
    case .pageDown: row = min(row + 10, last)
    case .pageUp: row = max(row - 10, 0)
    case .home: row = 0
    default: break
    }
    return .stay
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
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
        StyledText("batch \(strip.number + 1) of training"), note: StyledText(title(share)),
        footer: legend(palette), isFocused: true),
      width: min(max(gutter + columns + lengths, Self.narrowest), room), height: height,
      on: &canvas,
      in: layout.body)
    canvas.clipped(to: inside) { canvas in
      canvas.write(StyledText(summary(state), palette[.muted]), in: inside.row(0))
      let body = inside.inset(top: 1)
      let window = ScrollWindow(
        total: strip.sequences.count, visible: body.height, offset: row,
        cursor: min(row, max(0, strip.sequences.count - 1)))
      for (place, index) in window.range.enumerated() {
        draw(index, gutter, share, wide, on: &canvas, in: body.row(place))
      }
    }
  }

  /// The most columns of a step, and the fewest of the popup, which the legend needs.
  private static let widestStep = 3, narrowest = 72

  /// One sequence: its number, its time steps, its length.
  private func draw(
    _ index: Int, _ gutter: Int, _ share: Int, _ wide: Int, on canvas: inout Canvas, in rect: Rect
  ) {
    let (sequence, palette) = (strip.sequences[index], canvas.palette)
    canvas.write(
      "\(index)".padded(to: 1 - gutter), x: rect.x, y: rect.y, style: palette[.muted])
    var x = rect.x + gutter
    func repeated(_ text: String) -> String { String(repeating: text, count: wide) }
    for first in stride(from: 0, to: strip.time, by: share) {
      let steps = first..<min(first + share, strip.time)
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

  private var scale: HeatScale { .fitting(strip.sequences.lazy.flatMap(\.values)) }

  private func title(_ share: Int) -> String {
    "\(strip.sequences.count) × \(strip.time) steps" + (share > 1 ? ", \(share) a column" : "")
  }

  /// How much of this batch is padding, and of all batches, as they are and with the other choice.
  private func summary(_ state: AppState) -> String {
    let here = "\(NumberText.percent(strip.paddingShare)) of it is padding"
    guard let all = state.session.padding else { return here }
    let (plain, sorted) = (NumberText.percent(all.plain), NumberText.percent(all.inBuckets))
    return here
      + (all.isBucketed
        ? "; of an epoch \(sorted), \(plain) without buckets"
        : "; of an epoch \(plain), \(sorted) with data.bucket on")
  }

  private func legend(_ palette: Palette) -> StyledText {
    let isColored = palette.capabilities.colors != .mono
    return StyledText(strip.areIDs ? "ids  " : "mean  ")
      + scale.legend(palette, isColored: isColored)
      + StyledText("  _ not counted  ░ padding", palette[.muted])
  }
}
