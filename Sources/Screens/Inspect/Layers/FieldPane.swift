import Canvas
import Inspection
import Layers

/// The data's input, and which of its numbers the number under the cursor sees.
struct FieldPane: Widget {
  private let state: LayersState
  private let recording: SequenceRecording
  private let t: Int

  /// What `state` points at, at time step `t` of the data.
  init(_ state: LayersState, _ recording: SequenceRecording, t: Int) {
    self.state = state
    self.recording = recording
    self.t = t
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let isFocused = state.focus == .input
    let inside = Frame.content(of: rect)
    guard let fields = state.view?.fields, !fields.isEmpty else {
      Frame("input", isFocused: isFocused).draw(on: &canvas, in: rect)
      canvas.write(
        "It sees no input.", in: inside.row((inside.height - 1) / 2), align: .center,
        style: palette[.muted])
      return
    }
    let index = ((state.source % fields.count) + fields.count) % fields.count
    let (input, cells) = fields[index]
    let step = input.isSequence ? min(t, input.extent.steps - 1) : 0
    let place = fields.count > 1 ? "  \(index + 1) of \(fields.count)" : ""
    Frame(
      StyledText("input" + (input.name == "input" ? "" : " " + input.name) + place),
      note: StyledText(input.isSequence && input.isImage ? "frame \(step)" : "", palette[.muted]),
      footer: StyledText(Self.words(for: cells, of: input, toFit: rect.width - 6)),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    if input.isIDs {
      SymbolSheet(
        recording.example.steps, cursor: step,
        seen: (0..<input.extent.steps).map { cells.contains($0, 0) }
      ).draw(on: &canvas, in: inside)
    } else if input.isImage {
      images(input, cells, step).draw(on: &canvas, in: inside)
    } else if input.isSequence {
      map(input, cells, step, in: inside).draw(on: &canvas, in: inside)
    } else {
      strip(input, cells, in: inside).draw(on: &canvas, in: inside)
    }
  }

  /// How much is seen, in at most `width` columns if that can be: `sees 9 of 256, t 3`.
  static func words(for cells: CellSet, of input: LayerOutput, toFit width: Int) -> String {
    guard !cells.isAll else { return "sees all of it" }
    var time = ""
    if input.isSequence, let steps = cells.steps {
      let last = steps.count == 1 ? "" : "–\(steps.upperBound)"
      time = ", t \(steps.lowerBound)\(last)"
    }
    let numbers = [cells.count, cells.extent.count].map(NumberText.count)
    let words = "sees \(numbers[0]) of \(numbers[1])" + time
    return DisplayWidth.of(words) <= width ? words : "\(numbers[0])/\(numbers[1])" + time
  }

  private func images(_ input: LayerOutput, _ cells: CellSet, _ step: Int) -> NumberSheet {
    let (height, width) = (input.extent.features[1], input.extent.features[2])
    let seen = (0..<input.units).map { channel in
      (0..<height * width).map { cells.contains(step, channel * height * width + $0) }
    }
    var blocks = input.blocks(at: step)
    if blocks.count == 1 {
      blocks = [NumberBlock(name: "", rows: height, columns: width, values: blocks[0].values)]
    }
    var sheet = NumberSheet(blocks: blocks, scale: .fitting(input.numbers), seen: seen)
    let places = seen.joined().enumerated().filter(\.element).map { $0.offset % (height * width) }
    sheet.chosen = seen.firstIndex { $0.contains(true) } ?? 0
    if let first = places.min(), let last = places.max() {
      sheet.center = ((first + last) / 2 / width, (first % width + last % width) / 2)
    }
    return sheet
  }

  private func map(
    _ input: LayerOutput, _ cells: CellSet, _ step: Int, in rect: Rect
  ) -> HeatMap {
    var map = HeatMap(
      input.byFeature, units: input.extent.width, steps: input.extent.steps,
      scale: .fitting(input.numbers))
    map.seen = (0..<input.extent.width).flatMap { feature in
      (0..<input.extent.steps).map { cells.contains($0, feature) }
    }
    map.cursorStep = step
    map.stepsPerColumn = state.isOverview ? nil : 1
    map.widestStep = 4
    map.stepOffset = max(0, step - rect.width / 2)
    map.showsLegend = false
    return map
  }

  private func strip(_ input: LayerOutput, _ cells: CellSet, in rect: Rect) -> NumberSheet {
    let strip = NumberStrip(input.extent.width, in: rect)
    let seen = (0..<input.extent.width).map { cells.contains(0, $0) }
    return NumberSheet(
      blocks: [strip.folded(input.blocks(at: 0)[0])], scale: .fitting(input.numbers),
      seen: [seen])
  }
}
