import Canvas
import Inspection
import Layers

/// What the view of the layers remembers between two frames.
struct LayersState: Sendable {
  /// A part of the view.
  enum Pane: String, CaseIterable, Sendable {
    case list, map, input, histogram, effect
  }

  /// The row under the cursor: 0 for the input, then the layers.
  private(set) var index = 0
  /// The time step of the layer's own time axis.
  private(set) var step = 0
  /// The number of the step under the cursor, in row-major order.
  private(set) var feature = 0
  /// Which of several inputs is shown with what is seen of it; counted round and round.
  var source = 0
  /// Whether maps show every time step, several in a column if need be.
  var isOverview = false
  /// The pane that has the focus.
  private(set) var focus = Pane.list
  /// Whether the focused pane has the whole screen.
  var isEnlarged = false
  /// Whether a layer is silenced, so that there is a pane with what that does.
  private(set) var hasEffect = false
  /// What is shown, ready to be drawn.
  private(set) var view: LayerView?

  /// The panes that have something to show.
  var panes: [Pane] { Pane.allCases.filter { $0 != .effect || hasEffect } }

  /// Makes ready what is shown of `recording`; for whoever changed something.
  mutating func prepare(_ recording: SequenceRecording) {
    let outputs = Self.outputs(of: recording)
    index = min(index, outputs.count - 1)
    let output = outputs[index]
    step = min(step, max(0, output.extent.steps - 1))
    feature = min(feature, max(0, output.extent.width - 1))
    view = LayerView(output, step: step, feature: feature, recording, before: view)
  }

  /// The input and every layer.
  static func outputs(of recording: SequenceRecording) -> [LayerOutput] {
    [recording.inputs[0]] + recording.outputs
  }

  /// Chooses the layer `count` places further down.
  mutating func chooseLayer(by count: Int, in recording: SequenceRecording) {
    let chosen = min(max(index + count, 0), recording.outputs.count)
    guard chosen != index else { return }
    let share = Double(step) / Double(max(1, view?.output.extent.steps ?? 1))
    index = chosen
    feature = 0
    let steps = Self.outputs(of: recording)[chosen].extent.steps
    step = Int((share * Double(steps)).rounded(.down))
  }

  /// Goes to the step that belongs to time step `t` of `length` time steps of the data.
  mutating func follow(_ t: Int, of length: Int) {
    step = t * (view?.output.extent.steps ?? 1) / max(1, length)
  }

  /// Goes `count` steps on the layer's own time axis; returns the time step of the data, of `length`
  /// ones, that this belongs to.
  mutating func moveStep(by count: Int, of length: Int) -> Int {
    let steps = max(1, view?.output.extent.steps ?? 1)
    step = min(max(step + count, 0), steps - 1)
    return min((step * length + steps - 1) / steps, max(0, length - 1))
  }

  /// Goes `rows` numbers down and `columns` to the right in an image, or as many features on.
  mutating func moveCell(rows: Int = 0, columns: Int = 0) {
    guard let output = view?.output else { return }
    guard output.isImage else {
      feature = min(max(feature + rows + columns, 0), max(0, output.extent.width - 1))
      return
    }
    let (height, width) = (output.extent.features[1], output.extent.features[2])
    let (channel, pixel) = feature.quotientAndRemainder(dividingBy: height * width)
    let row = min(max(pixel / width + rows, 0), height - 1)
    let column = min(max(pixel % width + columns, 0), width - 1)
    feature = (channel * height + row) * width + column
  }

  /// Goes to the same place of the unit `count` further, round and round.
  mutating func changeUnit(by count: Int) {
    guard let output = view?.output, output.units > 0 else { return }
    let pixels = max(1, output.extent.width / output.units)
    let unit = ((feature / pixels + count) % output.units + output.units) % output.units
    feature = unit * pixels + feature % pixels
  }

  /// Moves the focus `count` panes on, round and round.
  mutating func moveFocus(by count: Int) {
    focus = panes.element(count, after: focus)
  }

  /// Shows what the `silence` of a layer does, or no longer.
  mutating func follow(silence: Bool) {
    guard silence != hasEffect else { return }
    hasEffect = silence
    if !silence, focus == .effect { focus = .list }
  }
}

/// What a layer put out at a step, and what one number of it sees: worked out when it is chosen, not
/// for every frame.
struct LayerView: Sendable {
  /// What is looked at.
  let output: LayerOutput
  /// How its numbers become colours: the same at every step.
  let scale: HeatScale
  /// Its numbers feature by feature, as heat maps take them; empty for images.
  let byFeature: [Float]
  /// The rectangles of the step.
  let blocks: [NumberBlock]
  /// What the number under the cursor sees of the data's inputs, in their order.
  let fields: [(input: LayerOutput, cells: CellSet)]

  /// Number `feature` of time step `step` of `output`; what is the same as `before` is taken from there.
  init(
    _ output: LayerOutput, step: Int, feature: Int, _ recording: SequenceRecording,
    before: LayerView?
  ) {
    self.output = output
    let isSame = before.map { $0.isOf(output) } ?? false
    scale = isSame ? before?.scale ?? .gate : .fitting(output.numbers)
    byFeature = isSame ? before?.byFeature ?? [] : output.isImage ? [] : output.byFeature
    blocks = output.extent.count > 0 ? output.blocks(at: step) : []
    let seen = recording.receptiveField(of: feature, at: step, of: output.path)
    fields = recording.inputs.compactMap { input in
      seen[input.name].map { (input, $0) }
    }
  }

  /// Whether it is a view of the numbers of `output`.
  private func isOf(_ output: LayerOutput) -> Bool {
    self.output.path == output.path && self.output.numbers == output.numbers
  }
}
