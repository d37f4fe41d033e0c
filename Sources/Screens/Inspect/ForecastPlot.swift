import Canvas
import Data
import Inspection

/// What the network said of one value at every time step, beside what was wanted.
struct ForecastPlot: Widget {
  private let plot: LinePlot

  /// Output `output` of the forecasts of `recording`, with the cursor at time step `t`.
  init(_ recording: SequenceRecording, output: Int, t: Int) {
    var (said, wanted) = (SeriesPyramid(smoothing: 0), SeriesPyramid(smoothing: 0))
    for (step, forecast) in recording.forecasts.enumerated() {
      said.append(forecast.values[output], at: Double(step))
      if let truth = forecast.wanted { wanted.append(truth[output], at: Double(step)) }
    }
    var plot = LinePlot([
      .init("said", said, index: 0, rank: 1), .init("wanted", wanted, index: 1),
    ])
    plot.detail = .raw
    plot.cursor = Double(t)
    if case .flags = recording.target.kind { plot.yRange = 0...1 }
    self.plot = plot
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.write(plot.legend(canvas.palette), in: rect.row(0), align: .right)
    plot.draw(on: &canvas, in: rect.inset(top: 1))
  }
}
