import Canvas
import Training
import Workbench

/// The settings that change while a run goes on, and what they do just now.
struct KnobsPane: Widget {
  private let recipe: TrainingRecipe
  private let batchSize: Int
  private let run: RunRecord
  private let isActive: Bool
  private let isFocused: Bool

  init(_ state: AppState) {
    recipe = state.session.document.training
    batchSize = state.session.document.data.batchSize
    run = state.run
    isActive = state.session.status.isActive
    isFocused = state.train.focus == .knobs
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame("live knobs", isFocused: isFocused).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    let muted = canvas.palette[.muted]
    for (row, line) in lines.enumerated() {
      let place = inside.row(row)
      canvas.clipped(to: place) { canvas in
        canvas.write(line.name, x: place.x, y: place.y, style: muted)
        canvas.write(line.value, x: place.x + 7, y: place.y)
        canvas.write(
          line.note, x: place.x + 17, y: place.y, style: muted, limit: place.width - 17,
          ellipsis: true)
      }
    }
  }

  private var lines: [(name: String, value: String, note: String)] {
    [
      ("lr", NumberText.short(recipe.learningRate), learningRateNote),
      ("clip", recipe.clipNorm == 0 ? "off" : NumberText.short(recipe.clipNorm), clipNote),
      ("steps", NumberText.count(recipe.steps), "e edits"),
      ("|g|", run.latest.map { NumberText.short($0.gradientNorm) } ?? "–", "before clipping"),
      ("batch", "\(batchSize)", recipe.optimizer.rawValue + ", fixed during a run"),
    ]
  }

  /// A new rate takes effect with the next step; until then the old one is what counts.
  private var learningRateNote: String {
    if isActive, let latest = run.latest, latest.learningRate != recipe.learningRate {
      return "from the next step on"
    }
    return "- + by 1.25"
  }

  private var clipNote: String {
    guard let share = run.clippedShare, recipe.clipNorm > 0 else { return "" }
    return "hit \(NumberText.percent(share)) of last 100"
  }
}
