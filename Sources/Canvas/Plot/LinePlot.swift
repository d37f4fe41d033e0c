/// Curves over a common axis, drawn from every sample.
///
/// Each column shows the lowest and the highest sample that fall into it, so a spike of one step is
/// seen at any zoom, and the moving average on top. NaN is `×` and an infinity `↑` (or `↓`) in
/// reverse video; on a logarithmic axis, values that have no logarithm stand as `▾` on the floor;
/// `▴` says that a value is above a limited axis. The axes are labelled with round values only.
public struct LinePlot: Widget {
  /// What is drawn of the samples.
  public enum Detail: String, CaseIterable, Sendable {
    /// Every sample, at full brightness.
    case raw
    /// The moving average alone.
    case smooth
    /// Every sample, dim, and the moving average over it.
    case envelope
  }

  /// One curve.
  public struct Series: Equatable, Sendable {
    /// Its name in legend and read-out.
    public var label: String
    /// Its samples.
    public var data: SeriesPyramid
    /// Which colour and stroke; a run keeps its index, so that it is never re-coloured.
    public var index: Int
    /// Curves of a higher rank are drawn over others.
    public var rank: Int
    /// What is drawn of this one; `nil` takes what the plot says.
    public var detail: Detail?

    /// Describes a curve.
    public init(
      _ label: String, _ data: SeriesPyramid, index: Int, rank: Int = 0, detail: Detail? = nil
    ) {
      self.label = label
      self.data = data
      self.index = index
      self.rank = rank
      self.detail = detail
    }
  }

  /// Something that happened, as a tick under the x axis.
  public struct Mark: Equatable, Sendable {
    /// Where it happened.
    public var x: Double
    /// What it was, such as `lr→3e-4`.
    public var label: String

    /// Describes a tick.
    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  /// The curves.
  public var series: [Series]
  /// What is drawn of each curve.
  public var detail = Detail.envelope
  /// Whether the x axis is logarithmic.
  public var isLogX = false
  /// Whether the y axis is logarithmic.
  public var isLogY = false
  /// The part of the x axis that is shown; `nil` shows all.
  public var xRange: ClosedRange<Double>?
  /// The part of the y axis that is shown; `nil` fits the curves.
  public var yRange: ClosedRange<Double>?
  /// Whether a fitted y axis leaves out the lowest and the highest hundredth.
  public var isRobust = false
  /// Where the cursor column is.
  public var cursor: Double?
  /// The part of the x axis that is chosen.
  public var selection: ClosedRange<Double>?
  /// What happened when.
  public var marks: [Mark] = []
  /// Values with a dotted line across, such as a threshold.
  public var levels: [Double] = []
  /// What is written where there are no samples.
  public var placeholder: StyledText = "no data yet"

  /// A plot of curves.
  public init(_ series: [Series]) { self.series = series }

  /// Draws axes and curves; axes are left out where there is no room for them.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    canvas.clipped(to: rect) { canvas in
      guard let axes = PlotAxes(self, in: rect, of: canvas.bounds) else {
        let middle = rect.row((rect.height - 1) / 2)
        canvas.write(placeholder, in: middle, align: .center, style: canvas.palette[.muted])
        return
      }
      axes.draw(on: &canvas, marks: marks)
      canvas.clipped(to: axes.area) { canvas in
        PlotCurves(plot: self, axes: axes).draw(on: &canvas)
        if let selection { highlight(selection, axes: axes, on: &canvas) }
        if let cursor, let column = axes.column(of: cursor) {
          let place = Rect(x: column, y: axes.area.y, width: 1, height: axes.area.height)
          canvas.overlay(canvas.palette[.cursor], in: place)
        }
      }
    }
  }

  /// The x at column `column` of the canvas when drawn in `rect`; `nil` beside the plot.
  public func x(atColumn column: Int, in rect: Rect, of canvas: Rect) -> Double? {
    guard let axes = PlotAxes(self, in: rect, of: canvas), axes.area.width > 0,
      column >= axes.area.x && column < axes.area.endX
    else { return nil }
    let fraction = (Double(column - axes.area.x) + 0.5) / Double(axes.area.width)
    return axes.x.value(at: fraction)
  }

  private func highlight(
    _ range: ClosedRange<Double>, axes: PlotAxes, on canvas: inout Canvas
  ) {
    guard let first = axes.column(of: max(range.lowerBound, axes.x.range.low)),
      let last = axes.column(of: min(range.upperBound, axes.x.range.high)), first <= last
    else { return }
    let place = Rect(
      x: first, y: axes.area.y, width: last - first + 1, height: axes.area.height)
    canvas.overlay(canvas.palette[.selection], in: place)
  }
}
