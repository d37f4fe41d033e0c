import Canvas
import Data
import Inspection

/// What the chosen layer put out: the channels of images side by side, features over time as a heat
/// map, one vector as a strip.
struct LayerMapPane: Widget {
  private let state: LayersState
  private let recording: SequenceRecording

  /// The layer that `state` points at.
  init(_ state: LayersState, _ recording: SequenceRecording) {
    self.state = state
    self.recording = recording
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let isFocused = state.focus == .map
    guard let view = state.view, view.output.extent.count > 0 else {
      return Frame("numbers", isFocused: isFocused).draw(on: &canvas, in: rect)
    }
    let palette = canvas.palette
    let inside = Frame.content(of: rect)
    let isMap = view.output.isSequence && !view.output.isImage
    Frame(
      StyledText(title(view.output)), note: StyledText(reading(of: view.output), palette[.title]),
      footer: isMap && state.isOverview ? StyledText() : footer(view, palette),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    if view.output.isIDs {
      SymbolSheet(recording.example.steps, cursor: state.step).draw(on: &canvas, in: inside)
    } else if isMap {
      map(view, in: inside).draw(on: &canvas, in: inside)
    } else if view.output.isImage {
      sheet(view).draw(on: &canvas, in: inside)
    } else {
      strip(view, in: inside).draw(on: &canvas, in: inside)
    }
  }

  // MARK: Words

  private func title(_ output: LayerOutput) -> String {
    output.extent.steps > 1
      ? "\(output.name)  t \(state.step)/\(output.extent.steps - 1)" : output.name
  }

  /// The number under the cursor.
  private func reading(of output: LayerOutput) -> String {
    guard !output.isIDs else { return "" }
    let value = NumberText.short(Double(output.value(state.step, state.feature)))
    guard output.isImage else { return "[\(state.feature)]\(meaning(of: output)) \(value)" }
    let pixel = state.feature % (output.extent.features[1] * output.extent.features[2])
    let width = output.extent.features[2]
    return "[\(channel(of: output)), \(pixel / width), \(pixel % width)] \(value)"
  }

  /// What the number under the cursor of the last layer speaks of.
  private func meaning(of output: LayerOutput) -> String {
    if case .points = recording.target.kind { return "" }
    let labels = recording.target.labels
    let last = recording.outputs.last { $0.path?.depth == 0 }
    let isLast = output.path != nil && output.path == last?.path
    return isLast && labels.count == output.extent.width ? " '\(labels[state.feature])'" : ""
  }

  private func channel(of output: LayerOutput) -> Int {
    state.feature / max(1, output.extent.width / max(1, output.units))
  }

  private func footer(_ view: LayerView, _ palette: Palette) -> StyledText {
    guard !view.output.isIDs else { return StyledText() }
    var text = StyledText()
    if view.output.isImage {
      text.append("channel \(channel(of: view.output)) of \(view.output.units)  ")
    }
    let isColored = palette.capabilities.glyphs != .ascii && palette.capabilities.colors != .mono
    return text + view.scale.legend(palette, isColored: isColored)
  }

  // MARK: Numbers

  private func sheet(_ view: LayerView) -> NumberSheet {
    let width = view.output.extent.features[2]
    let pixel = state.feature % (view.output.extent.features[1] * width)
    return NumberSheet(
      blocks: view.blocks, chosen: channel(of: view.output), scale: view.scale,
      cursor: (pixel / width, pixel % width))
  }

  private func strip(_ view: LayerView, in rect: Rect) -> NumberSheet {
    let strip = NumberStrip(view.output.extent.width, in: rect)
    return NumberSheet(
      blocks: [strip.folded(view.blocks[0])], scale: view.scale,
      cursor: strip.place(of: state.feature))
  }

  private func map(_ view: LayerView, in rect: Rect) -> HeatMap {
    let extent = view.output.extent
    var map = HeatMap(
      view.byFeature, units: extent.width, steps: extent.steps, scale: view.scale)
    map.cursorUnit = state.feature
    map.cursorStep = state.step
    map.stepsPerColumn = state.isOverview ? nil : 1
    // The cursor stays in the middle, so that what is around it is seen on every side.
    map.widestStep = 4
    map.stepOffset = max(0, state.step - rect.width / 2)
    map.rowOffset = max(0, state.feature - rect.height / 2)
    // What several steps in a column mean, the map says itself.
    map.showsLegend = state.isOverview
    return map
  }
}
