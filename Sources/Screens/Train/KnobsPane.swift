import Canvas
import Data
import Training
import Workbench

/// The settings that change while a run goes on, and what they do just now.
struct KnobsPane: Widget {
  private let recipe: TrainingRecipe
  private let batchSize: Int
  private let carried: [CarriedState]
  private let isText: Bool
  private let padding: PaddingShares?
  private let run: RunRecord
  private let isActive: Bool
  private let isFocused: Bool

  init(_ state: AppState) {
    recipe = state.session.document.training
    batchSize = state.session.document.data.batchSize
    let layer = state.run.detail?.recurrentLayer(state.train.layer)
    carried = state.run.detail?.carried.filter { $0.layer == layer } ?? []
    isText = state.session.isText
    padding = state.session.padding
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
        if line.name == Self.scheduleName { drawCurve(on: &canvas, in: place.inset(left: 24)) }
      }
    }
    let below = inside.inset(top: lines.count + 1)
    if !recipe.curve.isConstant, below.height >= 8 { plot.draw(on: &canvas, in: below) }
  }

  /// The curve of the schedule in a row of bars, the present step under the cursor.
  private func drawCurve(on canvas: inout Canvas, in row: Rect) {
    let points = recipe.curve.preview(row.width)
    guard !row.isEmpty else { return }
    Sparkline(points.map(\.factor), range: 0...1).draw(on: &canvas, in: row)
    guard run.totalSteps > 0, let now = points.lastIndex(where: { $0.step <= run.step }) else {
      return
    }
    canvas.overlay(
      canvas.palette[.cursor], in: Rect(x: row.x + now, y: row.y, width: 1, height: 1))
  }

  /// The learning rate of every step of the run, as the schedule will have it.
  private var plot: LinePlot {
    var rates = SeriesPyramid(smoothing: 0)
    for point in recipe.curve.preview(400) {
      rates.append(point.factor * recipe.learningRate, at: Double(point.step + 1))
    }
    var plot = LinePlot([.init("lr", rates, index: 0, detail: .raw)])
    plot.cursor = run.totalSteps > 0 ? Double(run.step) : nil
    return plot
  }

  private static let scheduleName = "sched"

  /// How much of a batch is padding, and how much it would be with the other choice.
  private var waste: [(name: String, value: String, note: String)] {
    guard let padding else { return [] }
    let (plain, inBuckets) = (
      NumberText.percent(padding.plain), NumberText.percent(padding.inBuckets)
    )
    return [
      padding.isBucketed
        ? ("pad", inBuckets, "of a batch, else \(plain)")
        : ("pad", plain, "of a batch, \(inBuckets) bucketed")
    ]
  }

  /// The rows that there is something to say in.
  var lineCount: Int { lines.count }

  /// Where windows are cut, and how large the state is that goes on behind a cut.
  private var truncation: [(name: String, value: String, note: String)] {
    let norms = carried.map { " ‖\($0.part)‖ \(NumberText.short($0.norm))" }.joined()
    guard recipe.tbpttSteps > 0 else {
      // From window to window of a text; other data have whole sequences.
      let isCarried = isText && recipe.carriesState && !norms.isEmpty
      return isCarried ? [("carry", "on", "state" + norms)] : []
    }
    let reach = max(recipe.tbpttSteps, recipe.tbpttReach)
    return [("tbptt", "\(recipe.tbpttSteps)/\(reach)", norms.isEmpty ? "k1/k2" : "state" + norms)]
  }

  private var lines: [(name: String, value: String, note: String)] {
    let schedule = [(Self.scheduleName, recipe.schedule.rawValue, "")]
    return [("lr", NumberText.short(recipe.learningRate), learningRateNote)]
      + (recipe.curve.isConstant ? [] : schedule) + [
        ("clip", recipe.clipNorm == 0 ? "off" : NumberText.short(recipe.clipNorm), clipNote),
        ("steps", NumberText.count(recipe.steps), "e edits"),
        ("|g|", run.latest.map { NumberText.short($0.gradientNorm) } ?? "–", "before clipping"),
        ("batch", "\(batchSize)", recipe.optimizer.rawValue + ", fixed during a run"),
      ] + truncation + waste
  }

  /// A new rate takes effect with the next step; until then the old one is what counts.
  private var learningRateNote: String {
    let isScheduled = !recipe.curve.isConstant
    guard isActive, let latest = run.latest, latest.learningRate != recipe.learningRate else {
      return isScheduled ? "at its highest, - + by 1.25" : "- + by 1.25"
    }
    return isScheduled
      ? "now \(NumberText.short(latest.learningRate))" : "from the next step on"
  }

  private var clipNote: String {
    guard let share = run.clippedShare, recipe.clipNorm > 0 else { return "" }
    let what = recipe.clip == .norm ? "" : "\(recipe.clip), "
    return what + "hit \(NumberText.percent(share)) of last 100"
  }
}
