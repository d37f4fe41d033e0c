import Canvas
import Data
import Inspection

/// The numbers of an example as what they are: a text, pictures, curves, a map.
struct DataPicture: Widget {
  private let sample: DataSample

  private let names: [String]

  /// What `sample` reads; its features are the input columns of a table, if they are as many.
  init(_ sample: DataSample, columns: [DataColumn] = []) {
    self.sample = sample
    let inputs = columns.filter { [.input, .inputAndTarget].contains($0.role) }.map(\.name)
    names =
      inputs.count == sample.input.extent.width
      ? inputs : (0..<Self.mostCurves).map { "feature \($0)" }
  }

  /// Most features that are curves; more are a map.
  private static let mostCurves = 4

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let input = sample.input
    guard input.extent.count > 0, !rect.isEmpty else { return }
    let scale = HeatScale.fitting(input.numbers)
    if input.isIDs {
      SymbolSheet(sample.steps, cursor: -1).draw(on: &canvas, in: rect)
    } else if input.isImage {
      NumberSheet(blocks: pictures(in: rect), chosen: -1, scale: scale).draw(on: &canvas, in: rect)
    } else if !input.isSequence {
      let strip = NumberStrip(input.extent.width, in: rect)
      NumberSheet(blocks: [strip.folded(input.blocks(at: 0)[0])], scale: scale)
        .draw(on: &canvas, in: rect)
    } else if input.extent.width <= Self.mostCurves {
      curves.draw(on: &canvas, in: rect.inset(bottom: 1))
      canvas.write(curves.legend(canvas.palette), in: rect.row(rect.height - 1))
    } else {
      var map = HeatMap(
        input.byFeature, units: input.extent.width, steps: input.extent.steps, scale: scale)
      map.widestStep = 4
      map.draw(on: &canvas, in: rect)
    }
  }

  /// The frames one after another, or the channels of one picture, as small as they have to be.
  private func pictures(in rect: Rect) -> [NumberBlock] {
    let input = sample.input
    guard input.isSequence else { return input.blocks(at: 0) }
    let high = max(4, rect.height / 2 - 2)
    return (0..<input.extent.steps).map { t in
      let frame = input.blocks(at: t)[0]
      return NumberBlock(
        name: "\(t)", rows: frame.rows, columns: frame.columns, values: frame.values
      ).pooled(rows: high, columns: 2 * high)
    }
  }

  private var curves: LinePlot {
    let input = sample.input
    var plot = LinePlot(
      (0..<input.extent.width).map { feature in
        let values = (0..<input.extent.steps).map { Double(input.value($0, feature)) }
        return .init(names[feature], SeriesPyramid(values, smoothing: 0), index: feature)
      })
    plot.detail = .raw
    return plot
  }
}
