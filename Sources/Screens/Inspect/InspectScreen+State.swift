import Canvas
import Inspection
import Layers
import Training
import Workbench

extension InspectScreen {
  /// What the screen remembers between two frames.
  struct State: Sendable {
    /// What is looked at.
    private(set) var aspect = Aspect.signals
    /// The view of the weights.
    var weights = WeightsState()
    /// What the network writes.
    var text = TextState()
    /// The view of what layers put out.
    var layers = LayersState()
    /// What is looked at: a copy that training leaves alone.
    private(set) var recording: SequenceRecording?
    /// The example that was recorded.
    private(set) var example: ChosenExample = 0
    /// The number of the example of the data that was recorded last; numbers go round and round.
    private(set) var number = 0
    /// The names of the layers that are to put out zeros.
    private(set) var silenced: [String] = []
    /// What clamps hold, the later ones over the earlier.
    var clamps: [Clamp] = []
    /// What they change in the recording; nil until that is known.
    private(set) var comparison: ClampComparison?
    /// Whether signals are shown as what clamps change of them.
    private(set) var showsChange = false
    /// How the network goes on by itself from a step of the recording; nil while nobody asks.
    private(set) var fan: ForecastFan?
    /// The steps that it is to go on for; 0: to the end of the sequence.
    var fanSteps = 0
    /// What that does, as far as it is known.
    private(set) var ablation: Ablation?
    /// The example that was asked for last.
    var wanted: ChosenExample = 0
    /// Whether sequences are recorded as in training, with what chance drops and holds.
    var isAsInTraining = false
    /// The time step under the cursor.
    private(set) var t = 0
    /// The unit under the cursor.
    private(set) var unit = 0
    /// Which of several values the forecast shows over time; counted round and round.
    var output = 0
    /// The signal of the map; nil when there is no recurrent layer.
    private(set) var view: SignalView?
    /// The same signal of the cell that reads the other way; nil where there is none.
    private(set) var twin: SignalView?
    /// How the units are sorted.
    private(set) var sorting = Sorting.number
    /// Whether the map shows the whole sequence, several steps in a column if need be.
    var isOverview = false
    /// The pane that has the focus.
    var focus = Pane.map
    /// Whether the focused pane has the whole screen.
    var isEnlarged = false

    /// The number of time steps; 0 without a recording.
    var length: Int { recording?.length ?? 0 }

    /// Looks at `recording` from where the cursor was, as far as that exists; a recording with clamps is
    /// the one of a `comparison`.
    mutating func take(_ recording: SequenceRecording, of comparison: ClampComparison? = nil) {
      (self.recording, self.comparison) = (recording, comparison)
      showsChange = showsChange && comparison != nil
      fan = nil
      example = wanted
      if case .validation(let number) = example { self.number = number }
      moveCursor(to: t)
      show(layer: view?.layer, signal: view?.signal.name)
      prepareLayers()
    }

    /// Takes in how the network goes on, if that is still the sequence that is looked at.
    mutating func take(_ fan: ForecastFan) {
      if fan.title == recording?.example.title { self.fan = fan }
    }

    /// Shows no longer how the network goes on.
    mutating func forgetFan() { fan = nil }

    /// Takes in what layers that put out zeros do, unless others are silenced by now.
    mutating func take(_ ablation: Ablation) {
      if ablation.silenced == silenced { self.ablation = ablation }
    }

    /// Has the layer called `name` put out zeros, or no longer.
    mutating func toggleSilence(of name: String) {
      if let index = silenced.firstIndex(of: name) {
        silenced.remove(at: index)
      } else {
        silenced.append(name)
      }
      ablation = nil
      layers.follow(silence: !silenced.isEmpty)
    }

    /// Shows signals as what clamps change of them, or as they are.
    mutating func toggleChange() {
      showsChange.toggle()
      show(layer: view?.layer, signal: view?.signal.name)
    }

    /// Forgets silenced layers, and clamps on layers, that are none of `names`.
    mutating func keepInterventions(among names: Set<String>) {
      silenced.removeAll { !names.contains($0) }
      clamps.removeAll { !names.contains($0.layer) }
      layers.follow(silence: !silenced.isEmpty)
    }

    /// Looks at something else.
    mutating func look(at aspect: Aspect) {
      self.aspect = aspect
      prepareLayers()
    }

    /// Makes ready what is shown of the layers, if it is; for whoever changed something.
    mutating func prepareLayers() {
      guard aspect == .layers, let recording else { return }
      layers.prepare(recording)
    }

    /// Puts the cursor on time step `step`, or the nearest one there is.
    mutating func moveCursor(to step: Int) {
      t = min(max(step, 0), max(length - 1, 0))
      layers.follow(t, of: length)
    }

    /// Goes `count` steps on the chosen layer's own time axis.
    mutating func moveLayerStep(by count: Int) {
      t = layers.moveStep(by: count, of: length)
    }

    /// Chooses the unit `count` rows further down in the map.
    mutating func moveUnit(by count: Int) {
      guard let order = view?.order, !order.isEmpty else { return }
      let row = order.firstIndex(of: unit) ?? 0
      unit = order[min(max(row + count, 0), order.count - 1)]
    }

    /// Shows the signal `count` places further, round and round.
    mutating func changeSignal(by count: Int) {
      guard let recording, let view else { return }
      let names = recording.signals(of: view.layer).map(\.signal.name)
      show(layer: view.layer, signal: names.element(count, after: view.signal.name))
    }

    /// Shows the same signal of the layer `count` places further, round and round.
    mutating func changeLayer(by count: Int) {
      guard let recording, let view else { return }
      show(layer: recording.layers.element(count, after: view.layer), signal: view.signal.name)
    }

    /// Sorts the units in the next way; the order then stays as it is while the cursor moves.
    mutating func sortDifferently() {
      repeat {
        sorting = Sorting.allCases.element(1, after: sorting)
      } while sorting == .memory && view?.scales == nil
      show(layer: view?.layer, signal: view?.signal.name)
    }

    /// Moves the focus `count` panes on, round and round.
    mutating func moveFocus(by count: Int) {
      focus = Pane.allCases.element(count, after: focus)
    }

    /// Shows a signal by name; where there is none, the hidden state of the first layer.
    private mutating func show(layer: String?, signal: String?) {
      guard let recording else { return }
      let layers = recording.layers
      let signals = (layers.first { $0 == layer } ?? layers.first).map(recording.signals(of:)) ?? []
      let matrix =
        signals.first { $0.signal.name == signal } ?? signals.first { $0.signal.name == "h" }
        ?? signals.last
      guard let matrix, matrix.units > 0 else {
        (view, twin) = (nil, nil)
        return
      }
      unit = min(unit, matrix.units - 1)
      view = ready(matrix, recording)
      twin = recording.matrix(matrix.layer, LaneText.twin(of: matrix.signal.name)).map {
        ready($0, recording)
      }
    }

    /// `matrix`, or what clamps change of it, ready to be drawn.
    private func ready(_ matrix: SignalMatrix, _ recording: SequenceRecording) -> SignalView {
      let change =
        showsChange ? comparison?.difference(matrix.layer, matrix.signal.name) : nil
      return SignalView(change ?? matrix, of: recording, sorting: sorting, unit: unit)
    }
  }
}
