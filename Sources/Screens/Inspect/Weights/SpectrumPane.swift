import Canvas
import Inspection

/// The singular values of the chosen matrix, or of the gate of it that is shown.
struct SpectrumPane: Widget {
  private let weight: Weight?
  private let page: Int
  private let isFocused: Bool

  /// The weight and the gate that `state` points at.
  init(_ state: WeightsState) {
    weight = state.weight
    page = state.pageIndex
    isFocused = state.focus == .spectrum
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let gate = weight.flatMap { $0.gates.isEmpty ? nil : "  " + $0.gates[page] } ?? ""
    Frame(
      StyledText("singular values" + gate), footer: footer(canvas.palette), isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    if let values = spectrum?.values, let largest = values.first, let smallest = values.last {
      Columns(values, marks: start ?? []).draw(on: &canvas, in: inside.inset(bottom: 1))
      let axis = inside.row(inside.height - 1)
      let style = canvas.palette[.muted]
      canvas.write(StyledText("largest \(NumberText.short(largest))"), in: axis, style: style)
      canvas.write(StyledText(NumberText.short(smallest)), in: axis, align: .right, style: style)
      return
    }
    let words = spectrum == nil ? "being worked out" : spectrum?.obstacle ?? "no numbers"
    let lines = WordWrap.lines(of: words, width: inside.width)
    let home = inside.centered(width: inside.width, height: lines.count)
    for (row, line) in lines.enumerated() {
      canvas.write(
        StyledText(line), in: home.row(row), align: .center, style: canvas.palette[.muted])
    }
  }

  private var spectrum: SingularSpectrum? {
    guard let spectra = weight?.spectra, spectra.indices.contains(page) else { return nil }
    return spectra[page]
  }

  /// The singular values before the first step, once they are found.
  private var start: [Double]? {
    guard let spectra = weight?.startSpectra, spectra.indices.contains(page) else { return nil }
    return spectra[page].values
  }

  private func footer(_ palette: Palette) -> StyledText {
    guard let rank = spectrum?.effectiveRank, let count = spectrum?.values?.count else {
      return StyledText()
    }
    let words = "\(NumberText.short(rank)) of \(count) directions"
    guard start != nil else { return StyledText(words, palette[.muted]) }
    return StyledText("█", palette.series(0)) + " now  " + StyledText("─", palette[.muted])
      + " start  " + StyledText(words, palette[.muted])
  }
}
