import Canvas
import Data
import Inspection

/// The data before training: what each split has, and example after example as it is read.
struct DataPopup: Modal {
  /// What there is to see.
  enum Page: Sendable { case overview, sample }

  /// What is known of all of them; nil while that is worked out.
  private(set) var preview: DataPreview?
  /// The example that is shown; nil until it was read.
  private(set) var sample: DataSample?
  /// The page on screen.
  private(set) var page = Page.sample
  /// The first line of the overview on screen.
  private var scroll = 0

  /// Shows `preview` in the popup that waits for it.
  static func received(_ preview: DataPreview, _ state: inout AppState) {
    guard var popup = state.popups.last as? DataPopup else { return }
    popup.preview = preview
    state.popups[state.popups.count - 1] = popup
  }

  /// Shows `sample` in the popup that asked for it.
  static func received(_ sample: DataSample, _ state: inout AppState) {
    guard var popup = state.popups.last as? DataPopup else { return }
    popup.sample = sample
    state.popups[state.popups.count - 1] = popup
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    let moves: [HintBar.Hint] =
      page == .overview
      ? [.init("j/k", "scroll")] : [.init("j/k", "example"), .init("h/l", "split")]
    return moves + [
      .init("Tab", page == .overview ? "examples" : "overview"), .init("Esc", "close"),
    ]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    switch key {
    case .escape, .enter, .character("q"), .character("v"): return .close
    case .tab, .backTab: page = page == .overview ? .sample : .overview
    case .down, .character("j"): return move(by: 1)
    case .up, .character("k"): return move(by: -1)
    case .pageDown: return move(by: 10)
    case .pageUp: return move(by: -10)
    case .right, .character("l"): return turn(by: 1)
    case .left, .character("h"): return turn(by: -1)
    default: break
    }
    return .stay
  }

  private mutating func move(by count: Int) -> Reaction {
    guard page == .sample else {
      scroll = max(0, scroll + count)
      return .stay
    }
    guard let sample else { return .stay }
    return .stay([.readSample(sample.index + count, sample.split)])
  }

  /// The next split that has examples; any that is not known to have none.
  private func turn(by count: Int) -> Reaction {
    guard page == .sample, let sample else { return .stay }
    let empty = preview?.report.parts.filter { $0.sequences == 0 }.map(\.split) ?? []
    let splits = Split.allCases.filter { !empty.contains($0) }
    return .stay([.readSample(0, splits.element(count, after: sample.split))])
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let title = page == .overview ? "data" : sample.map(Self.title) ?? "data"
    let inside = Popup.open(
      Frame(
        StyledText(title), note: StyledText(page == .overview ? "overview" : "example"),
        isFocused: true),
      width: layout.body.width - 4, height: layout.body.height - 2, on: &canvas, in: layout.body
    ).inset(left: 1, right: 1)
    switch page {
    case .overview:
      let lines =
        preview.map { DataOverview($0).lines(inside.width, canvas.palette) }
        ?? [StyledText("looking through the data …", canvas.palette[.muted])]
      List(lines, offset: min(scroll, max(0, lines.count - inside.height)))
        .draw(on: &canvas, in: inside)
    case .sample:
      guard let sample else {
        return canvas.write(StyledText("reading …", canvas.palette[.muted]), in: inside.row(0))
      }
      canvas.write(
        StyledText("\(sample.input.axes), as networks read it  ", canvas.palette[.muted])
          + StyledText("target: " + Self.target(of: sample, state.session.target)),
        in: inside.row(0))
      DataPicture(sample, columns: preview?.report.columns ?? []).draw(
        on: &canvas, in: inside.inset(top: 1))
    }
  }

  private static func target(of sample: DataSample, _ target: Target?) -> String {
    switch sample.wanted {
    case .label(let label): return label
    case .flags(let names): return names.isEmpty ? "none" : names.joined(separator: ", ")
    case .values(let values):
      guard let target else { return "" }
      let words = ForecastText(target)
      return zip(words.names, values.indices).map { "\($0) \(words.number(values[$1], $1))" }
        .joined(separator: ", ")
    case nil:
      let all = sample.steps.count
      guard sample.targets < all else { return "every step has one" }
      return "\(sample.targets) of \(all) steps have one"
    }
  }

  private static func title(_ sample: DataSample) -> String {
    "\(sample.split.rawValue) \(sample.index + 1) of \(sample.count)  \(sample.title)"
  }
}
