import Canvas

/// Cursor and zoom of the large plot; every change leaves them inside of what was measured.
extension TrainScreen.State {
  /// Parts of the shown range that one step of the cursor goes.
  private static let cursorSteps = 60.0
  /// Weights of the past that `<` and `>` go through.
  static let smoothings = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]

  /// Moves the cursor by `count` small steps over `extent`, the steps that were measured; the first
  /// move puts it on the last one.
  mutating func moveCursor(by count: Double, over extent: ClosedRange<Double>) {
    guard let present = cursor else {
      cursor = min(range?.upperBound ?? extent.upperBound, extent.upperBound)
      return
    }
    let shown = range ?? extent
    let stride = max(1, ((shown.upperBound - shown.lowerBound) / Self.cursorSteps).rounded())
    let moved = min(max(present + count * stride, extent.lowerBound), extent.upperBound)
    cursor = moved
    guard let range, !range.contains(moved) else { return }
    let half = (range.upperBound - range.lowerBound) / 2
    self.range = Self.range(around: moved, half: half, in: extent)
  }

  /// Shows `factor` times as many steps, around the cursor or else the last ones.
  mutating func zoom(by factor: Double, over extent: ClosedRange<Double>) {
    let shown = range ?? extent
    let half = (shown.upperBound - shown.lowerBound) / 2 * factor
    guard half * 2 < extent.upperBound - extent.lowerBound else {
      range = nil
      return
    }
    // Closer than a few steps there is nothing left to tell apart.
    guard half >= 2 else { return }
    range = Self.range(around: cursor ?? shown.upperBound, half: half, in: extent)
  }

  /// The range of length 2 · `half` nearest to `center` that lies in `extent`.
  private static func range(
    around center: Double, half: Double, in extent: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    let low = max(extent.lowerBound, min(center - half, extent.upperBound - 2 * half))
    let high = min(extent.upperBound, low + 2 * half)
    return low < high ? low...high : nil
  }
}

extension RunRecord {
  /// The steps that were measured; nil before the first one.
  var extent: ClosedRange<Double>? {
    guard let first = loss.xs.first, let last = loss.xs.last else { return nil }
    return first...last
  }

  /// The weight of the past `count` places further along `weights`.
  func smoothing(_ count: Int, along weights: [Double]) -> Double {
    let place = weights.lastIndex { $0 <= smoothing } ?? 0
    return weights[min(max(place + count, 0), weights.count - 1)]
  }
}
