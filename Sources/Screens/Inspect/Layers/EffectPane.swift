import Canvas
import Training

/// What the network is worth with and without the silenced layers, and how branches share the gradient.
struct EffectPane: Widget {
  private let ablation: Ablation?
  private let silenced: [String]
  private let isFocused: Bool

  /// What is known of the silence of the layers `silenced`.
  init(_ ablation: Ablation?, silenced: [String], isFocused: Bool) {
    self.ablation = ablation
    self.silenced = silenced
    self.isFocused = isFocused
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let inside = Frame.content(of: rect)
    let names = silenced.map { $0.shortened(to: 16) }.joined(separator: ", ")
    Frame(
      StyledText("without \(names)"), footer: StyledText(progress, palette[.muted]),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    guard let ablation else {
      canvas.write(
        "being measured", in: inside.row((inside.height - 1) / 2), align: .center,
        style: palette[.muted])
      return
    }
    let rows = rows(ablation, palette)
    Table(
      columns: [
        .init("example", minimum: 6, grows: true, priority: 2),
        .init("with", alignment: .right, priority: 4),
        .init("without", alignment: .right, priority: 5),
        .init("change", alignment: .right, priority: 1),
      ], rows: rows
    ).draw(on: &canvas, in: inside)
    Bars(bars(ablation), limit: 1).draw(on: &canvas, in: inside.inset(top: rows.count + 1))
  }

  private var progress: String {
    guard let ablation else { return "" }
    if ablation.batches < ablation.wantedBatches {
      return "batch \(ablation.batches) of \(ablation.wantedBatches)"
    }
    return ablation.wantedBatches < ablation.allBatches
      ? "\(ablation.batches) of \(ablation.allBatches) validation batches" : "all of validation"
  }

  /// Those of the example, and under a heading those of the validation split.
  private func rows(_ ablation: Ablation, _ palette: Palette) -> [[StyledText]] {
    let example = ablation.example.map { lines(of: $0, palette) } ?? []
    guard let pair = ablation.validation else { return example }
    return example + [[StyledText("validation", palette[.muted])]] + lines(of: pair, palette)
  }

  private func lines(of pair: Ablation.Pair, _ palette: Palette) -> [[StyledText]] {
    let losses = numbers(pair.whole.loss, pair.without.loss, isLowerBetter: true, palette) {
      NumberText.short($0)
    }
    let metrics = zip(pair.whole.metrics, pair.without.metrics).map { whole, without in
      [StyledText(whole.metric == .bitsPerCharacter ? "bits/char" : whole.metric.noun)]
        + numbers(
          whole.value, without.value, isLowerBetter: whole.metric.isLowerBetter, palette,
          whole.metric.number)
    }
    return [[StyledText("loss")] + losses] + metrics
  }

  /// Both numbers and their difference, which is a warning where it is worse without.
  private func numbers(
    _ whole: Double, _ without: Double, isLowerBetter: Bool, _ palette: Palette,
    _ text: (Double) -> String
  ) -> [StyledText] {
    let change = without - whole
    let isWorse = isLowerBetter ? change > 0 : change < 0
    return [
      StyledText(text(whole)), StyledText(text(without)),
      StyledText((change > 0 ? "+" : "") + text(change), isWorse ? palette[.warning] : nil),
    ]
  }

  /// The share of every branch in the gradient, layer by layer.
  private func bars(_ ablation: Ablation) -> [Bars.Bar] {
    ablation.branches.flatMap { layer in
      zip(layer.names, layer.shares).map { name, share in
        Bars.Bar("gradient " + name.shortened(to: 12), share, text: NumberText.percent(share))
      }
    }
  }
}
