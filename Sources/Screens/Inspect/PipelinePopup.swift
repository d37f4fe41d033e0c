import Canvas
import Inspection
import Training

/// The way from frames through feature maps to the state in one view, a strip for each station, with the
/// gradient that the weights on the way to it got last.
struct PipelinePopup: Modal {
  private let recording: SequenceRecording
  private let pipeline: Pipeline
  /// How the numbers of each station become colours.
  private let scales: [HeatScale]

  /// The way through the network of `recording`; nil without a recurrent layer.
  init?(_ recording: SequenceRecording) {
    guard let pipeline = Pipeline(recording) else { return nil }
    self.recording = recording
    self.pipeline = pipeline
    scales = pipeline.stages.map { .fitting($0.output.numbers) }
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("h/l", "step"), .init("H/L", "ten steps"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let t = state.inspect.t
    switch key {
    case .escape, .enter, .character("q"), .character("P"): return .close
    case .character("l"), .right: state.inspect.moveCursor(to: t + 1)
    case .character("h"), .left: state.inspect.moveCursor(to: t - 1)
    case .character("L"): state.inspect.moveCursor(to: t + 10)
    case .character("H"): state.inspect.moveCursor(to: t - 10)
    case .home, .character("g"): state.inspect.moveCursor(to: 0)
    case .end, .character("G"): state.inspect.moveCursor(to: recording.length)
    default: break
    }
    return .stay
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let t = min(state.inspect.t, max(0, recording.length - 1))
    let inside = Popup.open(
      Frame(
        StyledText("frame → feature map → state"),
        note: StyledText("t \(t)/\(max(0, recording.length - 1))  \(recording.example.title)"),
        footer: WeightsAge(recording.weightsStep, runStep: state.run.step)
          .text(canvas.palette) + StyledText("  " + footer(state), canvas.palette[.muted]),
        isFocused: true),
      width: layout.body.width - 4, height: layout.body.height - 2, on: &canvas, in: layout.body)
    let shown = pipeline.stages.indices.filter { pipeline.stages[$0].role != .output }
    let rooms = inside.rows(shown.map { _ in .flexible(minimum: 3, weight: 1) } + [.fixed(1)])
    for (index, room) in zip(shown, rooms) {
      if let room { draw(index, at: t, state, on: &canvas, in: room) }
    }
    guard let last = pipeline.stages.last, last.role == .output, let row = rooms.last ?? nil else {
      return
    }
    canvas.write(
      heading(last, state, canvas.palette) + StyledText(said(at: t)),
      in: row.inset(left: 1, right: 1))
  }

  // MARK: Words

  /// Where a station is, how large it is, and the gradient of the weights that lead to it.
  private func heading(
    _ stage: Pipeline.Stage, _ state: AppState, _ palette: Palette
  ) -> StyledText {
    var text = StyledText(stage.role.rawValue, palette[.title])
    text.append("  \(stage.output.name) \(stage.output.axes)", palette[.muted])
    if let norm = gradient(of: stage.layers, state) {
      text.append("  |g| \(NumberText.short(norm))")
    }
    return text
  }

  /// ‖∂L/∂w‖ of all weights of `layers` together at the run's last closer look; nil before that, and
  /// where there are none.
  private func gradient(of layers: [String], _ state: AppState) -> Double? {
    let reports = state.run.detail?.parameters.filter { layers.contains($0.layer) } ?? []
    guard !reports.isEmpty else { return nil }
    return reports.reduce(0) { $0 + $1.gradientNorm * $1.gradientNorm }.squareRoot()
  }

  private func footer(_ state: AppState) -> String {
    guard let step = state.run.detailStep else {
      return "|g|, of the weights on the way, is known while a run goes on"
    }
    return "|g| of the weights on the way at step \(step)"
  }

  /// What the network makes of it.
  private func said(at t: Int) -> String {
    if let forecast = recording.forecast(at: t) {
      return ForecastText(recording.target).line(of: forecast, count: 2)
    }
    guard let best = recording.alternatives(at: t, count: 1).first else { return "" }
    let target = recording.targetLabel(at: t).map { ", target '\($0)'" } ?? ""
    return "  '\(best.label)' \(NumberText.short(Double(best.probability)))\(target)"
  }

  // MARK: Numbers

  private func draw(
    _ index: Int, at t: Int, _ state: AppState, on canvas: inout Canvas, in rect: Rect
  ) {
    let (stage, scale) = (pipeline.stages[index], scales[index])
    canvas.write(heading(stage, state, canvas.palette), in: rect.row(0).inset(left: 1, right: 1))
    let room = rect.inset(left: 1, top: 1, right: 1)
    let output = stage.output
    let step = min(output.extent.steps - 1, t * output.extent.steps / max(1, recording.length))
    guard output.extent.count > 0, step >= 0 else { return }
    if output.isIDs {
      SymbolSheet(recording.example.steps, cursor: t).draw(on: &canvas, in: room)
    } else if output.isImage {
      sheet(stage, step, scale, room, canvas.capabilities).draw(on: &canvas, in: room)
    } else {
      map(output, step, scale, room).draw(on: &canvas, in: room)
    }
  }

  /// Images side by side: the frames around the step, or the channels at it.
  private func sheet(
    _ stage: Pipeline.Stage, _ step: Int, _ scale: HeatScale, _ room: Rect,
    _ capabilities: Capabilities
  ) -> NumberSheet {
    let high = max(1, room.height - 1)
    let isHalf = capabilities.colors != .mono && capabilities.glyphs != .ascii
    // A cell of a terminal is about twice as high as it is wide.
    func small(_ block: NumberBlock) -> NumberBlock {
      block.pooled(rows: isHalf ? 2 * high : high, columns: 2 * high)
    }
    guard stage.role == .frames else {
      return NumberSheet(
        blocks: stage.output.blocks(at: step).map(small), chosen: -1, scale: scale)
    }
    let steps = stage.output.extent.steps
    let wide = small(stage.output.blocks(at: step)[0]).columns + 1
    let count = max(1, min(steps, room.width / wide))
    let first = min(max(0, step - count / 2), steps - count)
    let blocks = (first..<first + count).map { at in
      let block = stage.output.blocks(at: at)[0]
      return small(
        NumberBlock(
          name: "\(at)", rows: block.rows, columns: block.columns, values: block.values))
    }
    return NumberSheet(blocks: blocks, chosen: step - first, scale: scale)
  }

  /// Features, or units, over time.
  private func map(
    _ output: LayerOutput, _ step: Int, _ scale: HeatScale, _ room: Rect
  ) -> HeatMap {
    var map = HeatMap(
      output.byFeature, units: output.extent.width, steps: output.extent.steps, scale: scale)
    map.cursorStep = step
    map.stepsPerColumn = 1
    map.widestStep = 4
    map.stepOffset = max(0, step - room.width / 2)
    map.showsLegend = false
    return map
  }
}
