import Canvas
import Training

/// How far gradients that go back only so many time steps are from those that go back all of them.
struct TruncationPopup: Modal {
  private let bias: TruncationBias

  /// What was measured.
  init(_ bias: TruncationBias) { self.bias = bias }

  private static let size = (width: 66, height: 14)

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("T", "measure again"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    switch key {
    case .escape, .enter, .character("q"): .close
    case .character("T"): .close(TrainScreen.measureTruncation(&state))
    default: .stay
    }
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let palette = canvas.palette
    let inside = Popup.open(
      Frame(
        "bias of truncated gradients, ‖g_k − g‖ / ‖g‖ over k steps",
        footer: footer(palette), isFocused: true),
      width: min(Self.size.width, layout.body.width - 4),
      height: min(Self.size.height, layout.body.height - 2), on: &canvas, in: layout.body)
    canvas.clipped(to: inside) { canvas in
      for (row, line) in [summary, advice].enumerated() {
        canvas.write(StyledText(line), in: inside.row(row).inset(left: 1, right: 1))
      }
      plot.draw(on: &canvas, in: inside.inset(top: 2))
    }
  }

  /// The curve over k on a logarithmic axis, the recipe's own k under the cursor.
  private var plot: LinePlot {
    var curve = SeriesPyramid(smoothing: 0)
    for point in bias.points { curve.append(point.bias, at: Double(point.reach)) }
    var plot = LinePlot([.init("bias", curve, index: 0)])
    plot.detail = .raw
    plot.isLogX = true
    plot.yRange = 0...max(0.1, bias.points.map(\.bias).filter(\.isFinite).max() ?? 1)
    if let own = bias.own {
      plot.cursor = Double(own.reach)
      plot.marks = [.init(x: Double(own.reach), label: "k2")]
      plot.levels = [own.bias]
    }
    return plot
  }

  /// What the recipe does.
  private var summary: String {
    let whole = bias.points.last?.reach ?? 0
    guard let own = bias.own else { return "The recipe goes back all \(whole) steps of a window." }
    return "The recipe: k1 \(own.stride), k2 \(own.reach) of \(whole) steps, bias "
      + NumberText.percent(own.bias) + "."
  }

  /// The shortest pieces that lose little.
  private var advice: String {
    let enough = bias.points.first { $0.bias <= 0.1 }
    return enough.map { "Pieces of \($0.reach) steps keep it below 10%." } ?? ""
  }

  private func footer(_ palette: Palette) -> StyledText {
    StyledText("one batch, weights of step \(bias.weightsStep), k1 = k2 = k", palette[.muted])
  }
}
