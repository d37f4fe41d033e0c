import Canvas
import Training

/// What a validation says of classes and flags: which were taken for which, and on a second page
/// whether predicted probabilities are what they say.
struct ConfusionPopup: Modal {
  /// What there is to see.
  enum Page: CaseIterable, Sendable {
    case confusion, calibration
  }

  private let report: ValidationReport
  /// The page on screen.
  private(set) var page: Page
  /// The first row and column on screen.
  private(set) var row = 0, column = 0

  /// What `report` says; nil when it has neither page.
  init?(_ report: ValidationReport) {
    self.report = report
    guard let first = Self.pages(of: report).first else { return nil }
    page = first
  }

  private static func pages(of report: ValidationReport) -> [Page] {
    Page.allCases.filter {
      switch $0 {
      case .confusion: report.confusion != nil
      case .calibration: report.calibration != nil
      }
    }
  }

  /// Columns of a cell, with a gap.
  private static let cell = 6
  /// Most columns of the name of a row.
  private static let widestLabel = 14

  /// Why there is nothing to show; nil when there is something.
  static func reasonForNone(_ state: AppState) -> String? {
    guard state.run.validation.flatMap(ConfusionPopup.init) == nil else { return nil }
    switch state.session.target?.kind {
    case .classes, .flags, nil: break
    case .values, .points:
      return "Only classes are taken for each other, and these data predict something else."
    }
    return "Nothing was validated since the workbench was opened. Train on to the next validation."
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    let scrolls: [HintBar.Hint] = page == .confusion ? [.init("arrows", "scroll")] : []
    let turns: [HintBar.Hint] =
      Self.pages(of: report).count > 1
      ? [.init("Tab", page == .confusion ? "calibration" : "confusion")] : []
    return scrolls + turns + [.init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let last = max(0, (report.confusion?.labels.count ?? 0) - 1)
    switch key {
    case .escape, .enter, .character("q"), .character("C"): return .close
    case .tab, .backTab, .character("w"):
      page = Self.pages(of: report).element(1, after: page)
    case .down, .character("j"): row = min(row + 1, last)
    case .up, .character("k"): row = max(row - 1, 0)
    case .right, .character("l"): column = min(column + 1, last)
    case .left, .character("h"): column = max(column - 1, 0)
    case .pageDown: row = min(row + 10, last)
    case .pageUp: row = max(row - 10, 0)
    case .home: (row, column) = (0, 0)
    default: break
    }
    return .stay
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    switch page {
    case .confusion:
      if let confusion = report.confusion { draw(confusion, on: &canvas, in: layout.body) }
    case .calibration:
      if let calibration = report.calibration {
        var areFlags = false
        if case .flags = state.session.target?.kind { areFlags = true }
        ReliabilityDiagram(calibration, step: report.step, areFlags: areFlags)
          .draw(on: &canvas, in: layout.body)
      }
    }
  }

  private func draw(_ confusion: Confusion, on canvas: inout Canvas, in body: Rect) {
    let count = confusion.labels.count
    let label = min(
      Self.widestLabel, confusion.labels.map { DisplayWidth.of($0) }.max() ?? 0)
    let gutter = max(label, DisplayWidth.of("precision")) + 1 + Self.cell
    let width = min(gutter + count * Self.cell, body.width - 2)
    let height = min(count + 2, body.height - 2)
    let (columns, rows) = (max(0, (width - gutter) / Self.cell), max(0, height - 2))
    let right = min(column, max(0, count - columns)), down = min(row, max(0, count - rows))
    let inside = Popup.open(
      Frame(
        StyledText("confusion · validation at step \(report.step)"),
        footer: StyledText("rows true, columns predicted"),
        isFocused: true), width: max(width, 40), height: height, on: &canvas, in: body)
    canvas.clipped(to: inside) { canvas in
      let grid = ConfusionGrid(
        confusion: confusion, rows: down..<min(count, down + rows),
        columns: right..<min(count, right + columns), label: gutter - Self.cell - 1,
        cell: Self.cell)
      grid.draw(on: &canvas, in: inside)
    }
  }
}
