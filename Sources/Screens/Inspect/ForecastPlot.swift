import Canvas
import Data
import Inspection

/// What the network said of one value at every time step, beside what was wanted; from where it goes on
/// by itself, the band that nine tenths of its paths stay in with their median, and the forecast.
struct ForecastPlot: Widget {
  private let plot: LinePlot

  /// Output `output` of the forecasts of `recording`, with the cursor at time step `t`; `fan` takes the
  /// place of what was said one step ahead.
  init(_ recording: SequenceRecording, output: Int, t: Int, fan: ForecastFan?) {
    var (said, wanted) = (SeriesPyramid(smoothing: 0), SeriesPyramid(smoothing: 0))
    for (step, forecast) in recording.forecasts.enumerated() {
      if fan.map({ step < $0.after }) ?? true {
        said.append(forecast.values[output], at: Double(step))
      }
      if let truth = forecast.wanted { wanted.append(truth[output], at: Double(step)) }
    }
    var curves: [LinePlot.Series] = [
      .init("said", said, index: 0, rank: 1), .init("wanted", wanted, index: 1),
    ]
    if let fan, fan.points.indices.contains(output) {
      curves += Self.curves(of: fan.points[output], from: fan.after)
    }
    var plot = LinePlot(curves)
    plot.detail = .raw
    plot.cursor = Double(t)
    if case .flags = recording.target.kind { plot.yRange = 0...1 }
    self.plot = plot
  }

  /// The band and the forecast. What is said at a step is of the next, so the first stands at `start`.
  private static func curves(
    of points: [ForecastFan.Point], from start: Int
  ) -> [LinePlot.Series] {
    var (band, forecast) = (SeriesPyramid(smoothing: 0), SeriesPyramid(smoothing: 0))
    for (step, point) in points.enumerated() {
      let place = Double(start + step)
      // Both ends at one place are a bar, and what comes last is the bright line over it.
      for level in [0, 4, 2] { band.append(point.quantiles[level], at: place) }
      forecast.append(point.value, at: place)
    }
    return [
      .init("90%", band, index: 2, rank: -1, detail: .envelope),
      .init("goes on", forecast, index: 3, rank: 2),
    ]
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.write(plot.legend(canvas.palette), in: rect.row(0), align: .right)
    plot.draw(on: &canvas, in: rect.inset(top: 1))
  }
}
