import Canvas
import Data
import Training
import Workbench

/// Watches a run: curves, gradients over time, gates, health of the weights, and live knobs.
enum TrainScreen {
  /// A part of the screen.
  enum Pane: String, CaseIterable, Sendable {
    case loss, gradient, gates, health, knobs, metrics, checkpoints, journal
  }

  /// Which number the large plot shows.
  enum Quantity: Equatable, Sendable {
    /// The loss, in nats.
    case loss
    /// The target's metric, in its own unit.
    case metric
    /// The gradient's global norm before clipping.
    case gradientNorm
    /// The learning rate that the steps were done with.
    case learningRate
    /// Another metric that such targets have, of the validation split.
    case further(Metric)

    /// What there is to show for `target`, in the order of the key.
    static func all(for target: Target?) -> [Quantity] {
      [.loss, .metric, .gradientNorm, .learningRate]
        + (target?.metrics.dropFirst() ?? []).map(Quantity.further)
    }
  }

  /// What the screen remembers between two frames.
  struct State: Sendable, Equatable {
    /// The pane that scrolls and can be enlarged.
    var focus = Pane.loss
    /// Whether the focused pane has the whole screen.
    var isEnlarged = false
    /// Rows that the focused pane is scrolled by.
    var scroll = 0
    /// What the large plot shows.
    var quantity = Quantity.loss
    /// Samples, moving average or both.
    var detail = LinePlot.Detail.envelope
    /// Whether the large plot has a logarithmic y axis.
    var isLogY = false
    /// The step under the cursor; nil without cursor.
    var cursor: Double?
    /// The steps that are shown; nil: all.
    var range: ClosedRange<Double>?
    /// Which recurrent layer the gradient and gate panes show.
    var layer = 0
    /// Whether the gradient pane shows the lab of Jacobians in place of the gradient of the loss.
    var showsFlow = false
    /// How gradients fade or grow, as it was measured last.
    var flow: MeasuredGradientFlow?
    /// Whether truncated gradients are being measured.
    var measuresTruncation = false
  }

  /// Shows how far truncated gradients are off, where nothing else has the keyboard.
  static func received(_ bias: TruncationBias, _ state: inout AppState) {
    state.message = nil
    state.train.measuresTruncation = false
    guard state.screen == .train, state.popups.isEmpty else {
      return state.say(
        "Truncated gradients are measured. Press T on the Train screen to do it again.")
    }
    state.popups.append(TruncationPopup(bias))
  }

  /// Draws the screen.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    canvas.clipped(to: rect) { canvas in
      ProgressLine(state).draw(on: &canvas, in: rect.row(0))
      for (pane, place) in TrainLayout.places(
        for: state.train, in: rect.inset(top: 1), knobs: KnobsPane(state).lineCount)
      {
        widget(for: pane, of: state).draw(on: &canvas, in: place)
      }
    }
  }

  private static func widget(for pane: Pane, of state: AppState) -> any Widget {
    switch pane {
    case .loss: LossPane(state)
    case .gradient: if state.train.showsFlow { FlowPane(state) } else { GradientPane(state) }
    case .gates: GatesPane(state)
    case .health: HealthPane(state)
    case .knobs: KnobsPane(state)
    case .metrics: MetricsPane(state)
    case .checkpoints: CheckpointsPane(state)
    case .journal: JournalPane(state)
    }
  }
}

extension StepDetail {
  /// The recurrent layers that were looked at, in their order.
  var recurrentLayers: [String] {
    var names: [String] = []
    for name in gradientOverTime.map(\.layer) + signals.map(\.layer) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// The recurrent layer at `position`, counted round and round; nil if there is none.
  func recurrentLayer(_ position: Int) -> String? {
    let names = recurrentLayers
    return names.isEmpty ? nil : names[Int(position.magnitude % UInt(names.count))]
  }
}
