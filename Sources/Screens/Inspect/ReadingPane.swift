import Canvas
import Inspection
import Layers

/// What the chosen unit does at the cursor: the signals of the cell that made the chosen one, and how
/// long the unit keeps what it holds.
struct UnitFacts {
  /// The layer and the unit.
  let title: String
  /// The signals with their names as people read them.
  let entries: [(name: String, entry: UnitReading.Entry)]
  /// The unit's memory and where that number comes from.
  let memory: (length: MemoryLength, source: String)?

  /// The unit and the step that `state` points at; nil without signals.
  init?(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    guard let view = state.view else { return nil }
    let reading = recording.reading(of: state.unit, in: view.layer, at: state.t)
    let names = reading.entries.map(\.signal.name)
    let lane = Lane(of: view.signal.name)
    title = "\(view.layer) unit \(state.unit)"
    entries = reading.entries.filter { Lane(of: $0.signal.name) == lane }.map {
      (LaneText.name($0.signal.name, among: names), $0)
    }
    let scales = recording.timeScales(of: view.layer, view.signal.name)
    memory = scales.flatMap { scales in
      scales.units.indices.contains(state.unit)
        ? (scales.units[state.unit], MemoryText.source(scales)) : nil
    }
  }
}

/// Every signal of the chosen unit at the cursor, in one row.
struct ReadingLine: Widget {
  private let facts: UnitFacts?

  /// The unit and the step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    facts = UnitFacts(state, recording)
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    guard let facts else { return }
    let palette = canvas.palette
    var text = StyledText(facts.title, palette[.title])
    func append(_ masks: Bool) {
      for (name, entry) in facts.entries where (entry.signal.range == .mask) == masks {
        text.append("  \(name) ", palette[.muted])
        text.append(NumberText.short(Double(entry.value)))
      }
    }
    append(false)
    let row = rect.row(0).inset(left: 1, right: 1)
    if let memory = facts.memory {
      var words = StyledText("  memory ", palette[.muted])
      words.append(MemoryText.number(memory.length))
      // Half a word says nothing, and other panes have it, too.
      if text.width + words.width <= row.width { text = text + words }
    }
    append(true)
    canvas.write(text, in: row)
  }
}

/// Every signal of the chosen unit at the cursor, with its meaning and how it changed.
struct ReadingPane: Widget {
  private let facts: UnitFacts?
  private let t: Int
  private let chosen: String?
  private let isFocused: Bool

  /// The unit and the step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    facts = UnitFacts(state, recording)
    t = state.t
    chosen = state.view?.signal.name
    isFocused = state.focus == .reading
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let title = facts.map { "\($0.title) at t \(t)" } ?? "unit"
    let palette = canvas.palette
    Frame(StyledText(title), footer: memory(palette), isFocused: isFocused)
      .draw(on: &canvas, in: rect)
    Table(
      columns: [
        .init("", priority: 3), .init("value", alignment: .right, priority: 4),
        .init("change", alignment: .right, priority: 2),
        .init("meaning", minimum: 8, grows: true, priority: 1),
      ],
      rows: (facts?.entries ?? []).map { row($0.name, $0.entry, palette) }
    ).draw(on: &canvas, in: Frame.content(of: rect))
  }

  /// How long the unit keeps what it holds.
  private func memory(_ palette: Palette) -> StyledText {
    guard let memory = facts?.memory else { return StyledText() }
    return StyledText(MemoryText.sentence(memory.length))
      + StyledText(", \(memory.source)", palette[.muted])
  }

  private func row(
    _ name: String, _ entry: UnitReading.Entry, _ palette: Palette
  ) -> [StyledText] {
    let isChosen = entry.signal.name == chosen
    let change = entry.previous.map { Double(entry.value) - Double($0) }
    return [
      StyledText((isChosen ? ">" : " ") + name, isChosen ? palette[.focus] : nil),
      StyledText(NumberText.short(Double(entry.value))),
      StyledText(change.map { ($0 > 0 ? "+" : "") + NumberText.short($0) } ?? "–"),
      StyledText(entry.signal.meaning, palette[.muted]),
    ]
  }
}
