import Canvas
import Inspection

/// The numbers of the chosen weight: a matrix as a heat map gate by gate, kernels channel by channel, a
/// vector as curves.
struct WeightMapPane: Widget {
  private let state: WeightsState

  /// The weight that `state` points at.
  init(_ state: WeightsState) { self.state = state }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    guard let weight = state.weight, let page = state.page else {
      return Frame("numbers", isFocused: state.focus == .map).draw(on: &canvas, in: rect)
    }
    let palette = canvas.palette
    let plot = plot(weight, page)
    let part = page.name.isEmpty ? "" : "  " + page.name
    let isLong = DisplayWidth.of(weight.fullName + part) > rect.width - 6
    let hasNote = !state.showsSheet && !weight.isOverTime
    Frame(
      StyledText((isLong ? weight.name : weight.fullName) + part),
      note: hasNote ? StyledText(reading(of: page), palette[.title]) : StyledText(),
      footer: footer(weight, plot, palette), isFocused: state.focus == .map
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    if weight.shape.count < 2 {
      plot.draw(on: &canvas, in: inside)
    } else if state.showsSheet {
      NumberSheet(blocks: page.blocks, chosen: state.column, scale: state.scale)
        .draw(on: &canvas, in: inside)
    } else if let block = page.blocks.first {
      map(of: block, in: inside).draw(on: &canvas, in: inside)
    }
  }

  // MARK: Words

  /// The number under the cursor, or the ends of the kernel.
  private func reading(of page: WeightPage) -> String {
    guard let first = page.blocks.first, !first.values.isEmpty else { return "" }
    if state.showsSheet {
      let values = page.blocks[state.column].values.filter(\.isFinite)
      guard let low = values.min(), let high = values.max() else { return "" }
      let ends = [low, high].map { NumberText.short(Double($0)) }
      return "kernel \(state.column)  \(ends[0]) to \(ends[1])"
    }
    if (state.weight?.shape.count ?? 0) > 1 {
      let value = first.values[state.row * first.columns + state.column]
      let number = NumberText.short(Double(value))
      if state.weight?.isOverTime == true {
        return "unit \(state.row) t \(state.column) \(number)"
      }
      let name = state.rowName.map { " '\($0)'" } ?? ""
      return "[\(state.row)\(name), \(state.column)] \(number)"
    }
    return page.blocks.map { block in
      let value = NumberText.short(Double(curve(of: block)[state.column]))
      return block.name.isEmpty ? value : "\(block.name) \(value)"
    }.joined(separator: "  ")
  }

  /// The gates, the one that is shown in brackets; or how a vector is sorted.
  private func footer(_ weight: Weight, _ plot: LinePlot, _ palette: Palette) -> StyledText {
    if weight.shape.count < 2 {
      var text = weight.gates.isEmpty ? StyledText() : plot.legend(palette) + "  "
      text.append(state.isSorted ? "sorted by value" : "by number", palette[.muted])
      if let bound = weight.bound {
        text.append("  |w| ≤ \(NumberText.short(bound))", palette[.muted])
      }
      return text
    }
    if state.showsKernels {
      let place = "\(state.pageIndex + 1) of \(weight.pageCount)"
      let kernel = state.showsSheet ? state.page.map { "  " + reading(of: $0) } ?? "" : ""
      return StyledText(place + kernel, palette[.muted])
    }
    let gates = MapPane.choice(
      of: weight.gates, chosen: weight.gates.isEmpty ? "" : weight.gates[state.pageIndex], palette)
    guard weight.isOverTime, let page = state.page else { return gates }
    return gates + StyledText((gates.isEmpty ? "" : "  ") + reading(of: page))
  }

  // MARK: Numbers

  private func map(of block: NumberBlock, in rect: Rect) -> HeatMap {
    var map = HeatMap(
      block.values, units: block.rows, steps: block.columns, scale: state.scale)
    map.cursorUnit = state.row
    map.cursorStep = state.column
    map.stepsPerColumn = state.isOverview ? nil : 1
    map.stepsName = state.weight?.isOverTime == true ? "steps" : "columns"
    map.labels = state.weight?.rowNames.isEmpty == false ? state.weight?.rowNames : nil
    // The cursor stays in the middle, so that what is around it is seen on every side.
    map.stepOffset = max(0, state.column - rect.width / 2)
    map.rowOffset = max(0, state.row - rect.height / 2)
    return map
  }

  /// A curve for each gate of a vector; none of anything else.
  private func plot(_ weight: Weight, _ page: WeightPage) -> LinePlot {
    var plot = LinePlot(
      (weight.shape.count < 2 ? page.blocks : []).enumerated().map { index, block in
        let values = SeriesPyramid(curve(of: block).map { Double($0) }, smoothing: 0)
        return .init(block.name, values, index: index, rank: -index)
      })
    plot.detail = .raw
    plot.cursor = Double(state.column)
    plot.levels = weight.bound.map { [-$0, $0] } ?? []
    plot.placeholder = "no numbers"
    return plot
  }

  /// The numbers of a vector from left to right; if sorted, those that are not finite are last.
  private func curve(of block: NumberBlock) -> [Float] {
    guard state.isSorted else { return block.values }
    return block.values.filter(\.isFinite).sorted() + block.values.filter { !$0.isFinite }
  }
}
