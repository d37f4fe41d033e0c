import Canvas
import Inspection
import Layers

/// One signal made ready to be drawn: computed when it is chosen, not for every frame.
struct SignalView: Sendable {
  /// The values.
  let matrix: SignalMatrix
  /// How values become colours; the same over the whole sequence.
  let scale: HeatScale
  /// The units from top to bottom.
  let order: [Int]
  /// The values unit by unit, as a heat map takes them.
  let byUnit: [Float]
  /// How long the cell's units keep what they hold; nil where a unit of the signal is not one of them.
  let scales: TimeScales?
  /// The name, with an arrow for the way that its cell reads where there are two.
  let name: String

  /// Whether what is shown at a time depends on later steps of the data.
  let seesLaterSteps: Bool

  /// Makes `matrix` of `recording` ready, with its units sorted.
  init(
    _ matrix: SignalMatrix, of recording: SequenceRecording, sorting: InspectScreen.Sorting,
    unit: Int
  ) {
    self.matrix = matrix
    let names = recording.signals(of: matrix.layer).map(\.signal.name)
    name = LaneText.name(matrix.signal.name, among: names)
    seesLaterSteps =
      Lane(of: matrix.signal.name) == .backward || recording.seesLaterSteps(matrix.layer)
    let scales = recording.timeScales(of: matrix.layer, matrix.signal.name)
    self.scales = scales?.units.count == matrix.units ? scales : nil
    order =
      switch sorting {
      case .number: matrix.units(in: .index)
      case .variance: matrix.units(in: .variance)
      case .correlation: matrix.units(in: .correlation(with: unit))
      case .memory: matrix.units(in: self.scales.map(UnitOrder.memory) ?? .index)
      }
    byUnit = (0..<matrix.units).flatMap { matrix.trace(of: $0) }
    scale =
      switch matrix.signal.range {
      case .gate, .mask: .gate
      case .positive: .positive(fitting: byUnit)
      case .signed, .unbounded: .signed(fitting: byUnit)
      }
  }

  /// The layer's name.
  var layer: String { matrix.layer }
  /// Which signal.
  var signal: Signal { matrix.signal }

  /// The values at which colours end, in a few columns.
  var extent: String {
    switch scale.kind {
    case .gate: "0 to 1"
    case .positive: "0 to " + NumberText.short(scale.limit) + (scale.isClipped ? " = 3σ" : "")
    case .signed: "±" + NumberText.short(scale.limit) + (scale.isClipped ? " = 3σ" : "")
    }
  }

  /// The value of `unit` at time step `t`; nil where there is none.
  func value(_ t: Int, _ unit: Int) -> Double? {
    guard (0..<matrix.steps).contains(t), (0..<matrix.units).contains(unit) else { return nil }
    return Double(matrix.value(t, unit))
  }
}
